"""One's own account: profile, password, and where one is signed in."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.account.forms import PasswordForm, ProfileForm
from vertex.errors import InvalidError
from vertex.services import accounts, sessions
from vertex.web import auth
from vertex.web.auth import actor, me
from vertex.web.browsers import describe
from vertex.web.htmx import go_to, render_page
from vertex.web.limits import limit_sign_in
from vertex.web.toasts import toast

bp = Blueprint("account", __name__)


@bp.get("/account")
def show() -> ResponseReturnValue:
    """Show the account."""
    return _page()


@bp.post("/account")
def save_profile() -> ResponseReturnValue:
    """Save name and language."""
    form = ProfileForm()
    if not form.validate():
        return _page(profile=form), 422
    accounts.set_profile(
        me().user_id,
        full_name=form.text("full_name"),
        locale=form.text("locale") or None,
        actor=actor(),
    )
    toast(_("Saved."))
    return go_to(url_for(".show"))


@bp.post("/account/password")
@limit_sign_in
def change_password() -> ResponseReturnValue:
    """Change the password, and sign out everywhere else."""
    form = PasswordForm()
    if not form.validate():
        return _page(password=form), 422
    try:
        accounts.change_password(
            me().user_id,
            current=form.text("current"),
            new=form.text("new"),
            keep=me().session_id,
            actor=actor(),
        )
    except InvalidError as error:
        form.refuse(error)
        return _page(password=form), 422
    toast(_("The password is changed. Everywhere else you are signed out."))
    return go_to(url_for(".show"))


@bp.post("/account/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign out in another browser."""
    sessions.end(session_id, user_id=me().user_id, actor=actor())
    toast(_("Signed out there."))
    return go_to(url_for(".show"))


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    """Sign out here."""
    auth.end()
    return redirect(url_for("auth.sign_in"), 303)


def _page(*, profile: ProfileForm | None = None, password: PasswordForm | None = None) -> str:
    return render_page(
        "account/show.html",
        fragments=("profile_form", "password_form", "session_list"),
        profile=profile or ProfileForm(full_name=me().full_name, locale=me().locale or ""),
        password=password or PasswordForm(),
        sessions=sessions.of_user(me().user_id),
        here=me().session_id,
        describe=describe,
    )
