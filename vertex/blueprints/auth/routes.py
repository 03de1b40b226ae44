"""Signing in, and the first admin of an empty installation."""

from flask import Blueprint, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.auth.forms import SetUpForm, SignInForm
from vertex.errors import ConflictError, ForbiddenError, InvalidError, TooManyError
from vertex.services import accounts, first_start
from vertex.services.sign_in import sign_in as begin_session
from vertex.web import auth
from vertex.web.errors import status_of
from vertex.web.forms import Form
from vertex.web.htmx import go_to, render_page
from vertex.web.limits import limit_sign_in
from vertex.web.toasts import toast

bp = Blueprint("auth", __name__)

# Only what a person has to type is asked for; where they came from rides along.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@bp.get("/login")
def sign_in() -> ResponseReturnValue:
    """Show the form; who is signed in already goes on."""
    after = auth.safe_next(request.args.get("next"))
    if auth.somebody() is not None:
        return redirect(after)
    if not accounts.anyone():
        return redirect(url_for(".set_up"))
    return _page("auth/sign_in.html", SignInForm(next=after))


@bp.post("/login")
@limit_sign_in
def begin() -> ResponseReturnValue:
    """Begin a session, or say why not."""
    form = SignInForm()
    if not form.validate():
        return _page("auth/sign_in.html", form), 422
    username = form.text("username")
    try:
        signed_in = begin_session(username, form.text("password"), auth.origin(username))
    except (InvalidError, ForbiddenError, TooManyError) as error:
        form.refuse(error, "password")
        headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooManyError) else {}
        return _page("auth/sign_in.html", form), status_of(error), headers
    auth.begin(signed_in)
    answer = make_response(go_to(auth.safe_next(form.text("next"))))
    return auth.remember_device(answer, signed_in.user)


@bp.get("/setup")
def set_up() -> ResponseReturnValue:
    """Show the form for the first admin."""
    token = request.args.get("token", "")
    _judge(token)
    return _page("auth/set_up.html", SetUpForm(token=token))


@bp.post("/setup")
@limit_sign_in
def make_admin() -> ResponseReturnValue:
    """Make the first admin and sign them in."""
    form = SetUpForm()
    _judge(form.text("token"))
    if not form.validate():
        return _page("auth/set_up.html", form), 422
    username, password = form.text("username"), form.text("password")
    try:
        accounts.create_first_admin(
            username=username, email=form.text("email"), password=password, ip=request.remote_addr
        )
    except (InvalidError, ConflictError) as error:
        form.refuse(error)
        return _page("auth/set_up.html", form), status_of(error)
    signed_in = begin_session(username, password, auth.origin(username))
    auth.begin(signed_in)
    toast(_("Welcome! Your studio is ready."))
    return auth.remember_device(make_response(go_to(url_for("home.index"))), signed_in.user)


def _page(template: str, form: Form) -> str:
    return render_page(template, form=form)


def _judge(token: str) -> None:
    forwarded = any(name in request.headers for name in _FORWARDED)
    first_start.check(
        given=token,
        secret_key=str(current_app.secret_key),
        ip=request.remote_addr,
        forwarded=forwarded and not current_app.extensions["vertex"].settings.trusted_proxies,
    )
