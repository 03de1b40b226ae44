"""The page of an order, which several views answer with."""

from uuid import UUID

from vertex.runtime import runtime
from vertex.services import audit, order_lists, orders, portraits, visits
from vertex.services.order_moves import OPEN, PATH, step_of
from vertex.web.htmx import render_page
from vertex.web.rules import RulesForm, rules_as_typed


def order_page(order_id: UUID, rules: RulesForm | None = None) -> str:
    """The page, or the part of it that is asked for."""
    order = orders.get(order_id)
    progress = order_lists.progress_of([order_id])[order_id]
    own = portraits.latest(order_id=order_id)
    code, settings = orders.album_code(order_id), runtime().settings
    seen = visits.of_order(order_id)
    subjects = [portraits.subject_of(portrait.id) for portrait in own.portraits]
    return render_page(
        "orders/show.html",
        fragments=("rules_form", "order_way"),
        order=order,
        client=order.client,
        progress=progress,
        step=step_of(order.status, progress),
        way=PATH,
        is_open=order.status in OPEN,
        portraits=own.portraits,
        more=own.after,
        code=code,
        link=f"{settings.public_url}/v/{code}",
        only_here=settings.only_here,
        without_camera=not settings.https,
        max_image=settings.max_image_bytes,
        max_video=settings.max_video_bytes,
        rules=rules or RulesForm(formdata=None, **rules_as_typed(order)),
        has_pin=order.pin_hash is not None,
        visits=seen,
        unfound=seen.nothing_found,
        events=audit.timeline(orders.subject_of(order_id), *subjects),
    )
