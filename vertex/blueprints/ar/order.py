"""The page where a client sees how far their order is, and says whether it may be printed."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.ar._blueprint import bp, carried, seen
from vertex.blueprints.ar.closed import closed_page
from vertex.blueprints.ar.order_texts import how_far, how_well
from vertex.errors import ClosedError, ConflictError, DomainError, InvalidError, NotFoundError
from vertex.services import approvals, audit, public_codes
from vertex.services.viewing import View
from vertex.web.errors import status_of
from vertex.web.forms import without_token
from vertex.web.limits import limit_answers
from vertex.web.messages import explain
from vertex.web.request_id import request_id
from vertex.web.studio import face

_ANSWERS = ("approve", "change")


@bp.get("/<code>/order")
def order(code: str) -> ResponseReturnValue:
    """Show the portraits of an order, how far it is, and what can be answered."""
    named = public_codes.normalise(code)
    if named is not None and named != code:
        return redirect(url_for("ar.order", code=named, **carried()), 302)
    try:
        return _page(_seen_order(code))
    except (ClosedError, NotFoundError) as error:
        return closed_page(code, error)


# There is no session that a forged form could misuse. Whoever forges one knows the code, and can
# answer without the help of another's browser; and where there is a PIN, its cookie is not sent
# with forms of other sites.
@bp.post("/<code>/order")
@limit_answers
@without_token
def answer(code: str) -> ResponseReturnValue:
    """Store what the client says of the portraits they saw."""
    given = request.form.get("answer", "")
    try:
        view = _seen_order(code)
    except (ClosedError, NotFoundError) as error:
        return closed_page(code, error)
    if given not in _ANSWERS or view.order is None:
        raise InvalidError
    try:
        approvals.answer(
            view.order.id,
            approves=given == "approve",
            message=request.form.get("message", ""),
            seen=request.form.get("seen", ""),
            actor=audit.actor_by_code(view.code, request_id()),
        )
    except (ConflictError, InvalidError) as error:
        return _page(_seen_order(code), error)
    response = make_response(redirect(url_for("ar.order", code=view.code, **carried()), 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def _seen_order(code: str) -> View:
    view = seen(code)
    if view.order is None:
        raise NotFoundError("code_unknown")
    return view


def _page(view: View, error: DomainError | None = None) -> Response:
    found = view.order
    if found is None:
        raise NotFoundError("code_unknown")
    refused = isinstance(error, InvalidError)
    page = render_template(
        "ar/order.html",
        face=face(),
        order=found,
        code=view.code,
        shown=[(one.portrait, how_well(one.portrait)) for one in view.shown],
        hidden=approvals.count_portraits(found.id) - len(view.shown),
        far=how_far(found.status),
        standing=approvals.of_order(found.id),
        may_answer=approvals.may_answer(found),
        seen=approvals.portraits_of(found.id),
        trouble=explain(error) if error and refused else None,
        conflict=explain(error) if error and not refused else None,
        typed=request.form.get("message", "")[: 2 * approvals.LONGEST_MESSAGE] if refused else "",
        longest=approvals.LONGEST_MESSAGE,
    )
    response = make_response(page, status_of(error) if error else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
