"""Views of the list of orders that somebody has saved for themselves."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.orders._asked import asked_filters, asked_orders
from vertex.blueprints.orders._blueprint import bp
from vertex.blueprints.orders.forms import ViewForm
from vertex.errors import ConflictError, InvalidError
from vertex.services import accounts, saved_views
from vertex.web.auth import me
from vertex.web.errors import status_of
from vertex.web.htmx import go_to, render_page
from vertex.web.toasts import toast

_FIELD_OF = {"view_name_taken": "name"}


@bp.get("/views/new")
def name_view() -> str:
    """Ask for the name under which these filters are kept."""
    return _page(ViewForm())


@bp.post("/views/new")
def save_view() -> ResponseReturnValue:
    """Keep the filters of the address under a name."""
    asked_orders()  # refuses filters that are none of ours
    form = ViewForm(request.form)
    try:
        view = saved_views.save(me().user_id, form.text("name"), asked_filters())
    except (ConflictError, InvalidError) as error:
        form.refuse(error, _FIELD_OF.get(error.code))
        return _page(form), status_of(error)
    toast(_("“%(name)s” is among your views now.", name=view.name))
    return go_to(url_for("orders.index", **view.filters))


@bp.post("/views/<uuid:view_id>/delete")
def delete_view(view_id: UUID) -> ResponseReturnValue:
    """Take a view away, with a way back."""
    view = saved_views.move_to_bin(view_id, user_id=me().user_id)
    undo = url_for("orders.restore_view", view_id=view_id)
    toast(_("“%(name)s” is no longer among your views.", name=view.name), undo=undo)
    return go_to(url_for("orders.index"))


@bp.post("/views/<uuid:view_id>/restore")
def restore_view(view_id: UUID) -> ResponseReturnValue:
    """Put a view back."""
    view = saved_views.restore(view_id, user_id=me().user_id)
    toast(_("“%(name)s” is among your views now.", name=view.name))
    return go_to(url_for("orders.index", **view.filters))


def _page(form: ViewForm) -> str:
    wish = asked_orders()
    names = {user.id: accounts.called(user) for user in accounts.colleagues()}
    return render_page(
        "orders/view.html",
        fragments=("view_form",),
        form=form,
        asked=asked_filters(),
        wish=wish,
        who=names.get(wish.assignee_id) if wish.assignee_id else None,
    )
