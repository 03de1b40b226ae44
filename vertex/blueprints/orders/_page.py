"""The page of an order, which several views answer with."""

from typing import Any
from uuid import UUID

from vertex.models import LetterState, Order
from vertex.runtime import runtime
from vertex.services import (
    approvals,
    audit,
    letters,
    order_lists,
    orders,
    portraits,
    viewing,
    visits,
)
from vertex.services.letters import About
from vertex.services.order_moves import OPEN, PATH, step_of
from vertex.services.viewing import MOST_IN_ALBUM
from vertex.web.htmx import render_page
from vertex.web.rules import RulesForm, rules_as_typed


def order_page(order_id: UUID, rules: RulesForm | None = None) -> str:
    """The page, or the part of it that is asked for."""
    order = orders.get(order_id)
    code = orders.album_code(order_id)  # may store one, after which all that was read is old
    own = portraits.latest(order_id=order_id)
    if own.after is None:
        progress = order_lists.progress_by(own.portraits)
    else:
        progress = order_lists.progress_of([order_id])[order_id]
    settings = runtime().settings
    seen = visits.of_order(order_id)
    subjects = [portraits.subject_of(portrait.id) for portrait in own.portraits]
    return render_page(
        "orders/show.html",
        fragments=("rules_form", "order_way", "client_told"),
        order=order,
        client=order.client,
        progress=progress,
        step=step_of(order.status, progress),
        way=PATH,
        is_open=order.status in OPEN,
        portraits=own.portraits,
        more=own.after,
        in_album=MOST_IN_ALBUM,
        left_out=max(0, progress.portraits - MOST_IN_ALBUM),
        code=code,
        **_client_told(order),
        link=f"{settings.public_url}/v/{code}",
        only_here=settings.only_here,
        without_camera=not settings.https,
        max_image=settings.max_image_bytes,
        max_video=settings.max_video_bytes,
        rules=rules or RulesForm(formdata=None, **rules_as_typed(order)),
        visits=seen,
        unfound=seen.nothing_found,
        events=audit.timeline(orders.subject_of(order_id), *subjects),
    )


def _client_told(order: Order) -> dict[str, Any]:
    """What the client was told, and what they have said."""
    sent = letters.latest(About(orders.subject_of(order.id), order_id=order.id))
    return {
        "standing": approvals.of_order(order.id),
        "may_ask": order.status in approvals.UNPRINTED,
        "letters": sent,
        "under_way": any(letter.state is LetterState.WAITING for letter in sent),
        "closed": viewing.closed_now(order),
    }
