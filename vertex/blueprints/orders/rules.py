"""Who may see an order's album, and its portraits that have no rules of their own."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.orders._blueprint import bp
from vertex.blueprints.orders._page import order_page
from vertex.errors import ConflictError, InvalidError
from vertex.services import orders, rules
from vertex.web.auth import actor
from vertex.web.errors import status_of
from vertex.web.htmx import go_to
from vertex.web.rules import RulesForm, rules_saved
from vertex.web.toasts import toast


@bp.post("/<uuid:order_id>/rules")
def change_rules(order_id: UUID) -> ResponseReturnValue:
    """Set the rules of an order; they hold at once, whatever page is open."""
    form = RulesForm(request.form)
    try:
        seen = form.seen_before()
        rules.change_order(order_id, form.draft(), actor=actor(), seen=seen)
    except (ConflictError, InvalidError) as error:
        form.refuse(error)
        if isinstance(error, ConflictError):
            form.show_again(orders.get(order_id))
        return order_page(order_id, rules=form), status_of(error)
    toast(rules_saved(form))
    return go_to(url_for("orders.show", order_id=order_id))
