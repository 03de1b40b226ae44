"""Actions on many orders or portraits, and what became of each."""

from collections.abc import Collection
from uuid import UUID

from flask import Response, make_response, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from vertex.blueprints.batches._blueprint import bp
from vertex.blueprints.batches._chosen import chosen_ids, chosen_orders, printable
from vertex.blueprints.batches.sheets import sheet_page
from vertex.errors import ConflictError, DomainError, InvalidError, NotFoundError
from vertex.models import Batch, BatchAction, Order, OrderStatus, Thing
from vertex.runtime import runtime
from vertex.services import batch_exports, batches, order_lists
from vertex.services.order_moves import Progress
from vertex.web.auth import actor, me, safe_next, whose
from vertex.web.htmx import go_to, is_htmx, render_page, tell
from vertex.web.messages import explain
from vertex.web.orders import order_status
from vertex.web.requests import asked_choice
from vertex.web.toasts import toast, toast_now

_PRINT = "print"


@bp.post("/orders")
def change_orders() -> ResponseReturnValue:
    """Do something with the chosen orders; what is final is asked first."""
    orders, do = chosen_orders(), request.form.get("do", "")
    if do == _PRINT:
        return sheet_page(order_ids=orders)
    if do == BatchAction.MOVE:
        return _move(orders)
    return _carry_out(Thing.ORDER, list(orders), do)


@bp.post("/portraits")
def change_portraits() -> ResponseReturnValue:
    """Do something with the chosen portraits."""
    ids, do = chosen_ids(), request.form.get("do", "")
    if do == _PRINT:
        return sheet_page(portrait_ids=ids)
    return _carry_out(Thing.PORTRAIT, ids, do)


@bp.get("/<uuid:batch_id>")
def show(batch_id: UUID) -> ResponseReturnValue:
    """Show what became of each; an export that is being made asks again by itself."""
    batch = batches.get(batch_id, user_id=whose())
    made = batch_exports.place_of(batch_id, runtime().settings.made_files)
    return render_page(
        "batches/show.html",
        fragments=("batch_state",),
        batch=batch,
        refused=[(one, _reason(one)) for one in batch.refused],
        can_be_undone=batch.user_id == me().user_id and batches.can_be_undone(batch),
        ready=made.is_file(),
        progress=batch_exports.progress_of(batch_id),
        ask_again=1,
        title=_title(batch),
    )


@bp.post("/<uuid:batch_id>/undo")
def undo(batch_id: UUID) -> ResponseReturnValue:
    """Take back what was done, as far as nobody has changed it since."""
    batch = batches.undo(batch_id, printable=printable(), actor=actor(), user_id=me().user_id)
    text = ngettext("%(num)s taken back.", "%(num)s taken back.", len(batch.done))
    if batch.refused:
        toast(text)
        return go_to(url_for(".show", batch_id=batch_id))
    back = url_for(f"{batch.thing.value}s.index")
    if is_htmx():
        things = f"{batch.thing.value}s"
        return tell(make_response(toast_now(text)), f"{things}-changed", f"{things}-restored")
    toast(text)
    return go_to(back)


@bp.get("/<uuid:batch_id>/export.zip")
def export(batch_id: UUID) -> Response:
    """Hand out the ZIP of an export."""
    batch = batches.get(batch_id, user_id=whose())
    path = batch_exports.fetched(batch, runtime().settings.made_files)
    name = f"export-{batch.created_at.date().isoformat()}.zip"
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name)


def _move(orders: dict[UUID, OrderStatus]) -> ResponseReturnValue:
    to, sure = asked_choice("to", OrderStatus), request.form.get("sure") == "1"
    if to is None:
        raise InvalidError("status_missing", field="to")
    try:
        batch = batches.move(
            orders,
            to,
            sure=sure,
            printable=printable(),
            actor=actor(),
            user_id=me().user_id,
        )
    except ConflictError as error:
        if error.code != "order_move_unsure":
            raise
        return _question(orders, to)
    return _told(batch)


def _question(seen: dict[UUID, OrderStatus], to: OrderStatus) -> str:
    """The summary before a move that is final."""
    listed = order_lists.some(seen)
    progress = order_lists.progress_of(seen)
    return render_page(
        "batches/move.html",
        orders=listed,
        seen=seen,
        to=to,
        progress=progress,
        pictures=order_lists.first_portraits(seen),
        troubles={order.id: _troubles(order, progress[order.id]) for order in listed},
        back=_back(Thing.ORDER),
    )


def _troubles(order: Order, progress: Progress) -> list[str]:
    """What should be looked at before this one is printed or handed over."""
    found = []
    if not progress.portraits:
        found.append(_("This order has no portrait."))
    if progress.working:
        found.append(_("Markers are still being made: %(count)s.", count=progress.working))
    if progress.poor:
        found.append(_("Cameras will not recognise all of it: %(count)s.", count=progress.poor))
    if order.price is not None and order.price > order.paid:
        found.append(_("Not paid in full."))
    return found


def _carry_out(thing: Thing, ids: Collection[UUID], do: str) -> ResponseReturnValue:
    who, user_id = actor(), me().user_id
    if do in (BatchAction.PAUSE, BatchAction.RESUME):
        return _told(
            batches.pause(thing, ids, paused=do == BatchAction.PAUSE, actor=who, user_id=user_id)
        )
    if do == BatchAction.BIN:
        return _told(batches.move_to_bin(thing, ids, actor=who, user_id=user_id))
    if do == BatchAction.EXPORT:
        locale = str(get_locale())
        batch = batch_exports.begin(thing, ids, locale, user_id=me().user_id, queue=runtime().queue)
        return go_to(url_for(".show", batch_id=batch.id))
    raise NotFoundError(kind="action", id=do[:40])


def _told(batch: Batch) -> ResponseReturnValue:
    """Back to the list with a notice, or to what was refused."""
    can_undo = batches.can_be_undone(batch)
    if batch.refused:
        return go_to(url_for(".show", batch_id=batch.id))
    toast(_title(batch), undo=url_for(".undo", batch_id=batch.id) if can_undo else None)
    return go_to(_back(batch.thing))


def _title(batch: Batch) -> str:
    """What was done with how many, in words."""
    count = len(batch.done)
    if batch.undone_at is not None:
        return str(ngettext("%(num)s taken back.", "%(num)s taken back.", count))
    if batch.action is BatchAction.MOVE:
        status = order_status(OrderStatus(batch.wanted or ""))
        return str(
            ngettext(
                "%(num)s order: %(status)s", "%(num)s orders: %(status)s", count, status=status
            )
        )
    titles: dict[BatchAction, str] = {
        BatchAction.PAUSE: ngettext("%(num)s paused.", "%(num)s paused.", count),
        BatchAction.RESUME: ngettext("%(num)s shown again.", "%(num)s shown again.", count),
        BatchAction.BIN: ngettext("%(num)s is in the bin.", "%(num)s are in the bin.", count),
        BatchAction.EXPORT: ngettext("%(num)s exported.", "%(num)s exported.", count),
    }
    return titles[batch.action]


def _reason(refused: dict[str, object]) -> str:
    params = refused.get("params")
    return explain(
        DomainError(str(refused["code"]), **(params if isinstance(params, dict) else {}))
    )


def _back(thing: Thing) -> str:
    given = request.form.get("back")
    return safe_next(given) if given else url_for(f"{thing.value}s.index")
