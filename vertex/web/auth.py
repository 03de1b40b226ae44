"""Who is signed in: the session behind the browser's cookie, and the refusal of strangers."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import Unauthorized

from vertex.extensions import login_manager
from vertex.models import Role, User, utcnow
from vertex.runtime import runtime
from vertex.services import audit, sessions
from vertex.services.audit import Actor
from vertex.services.sign_in import Origin, SignedIn
from vertex.web.htmx import is_htmx
from vertex.web.request_id import request_id

_DEVICE_COOKIE = "vertex_device"
_KEPT = "kept"  # the day on which the cookie was last sent to live on
_DEVICE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Identity(UserMixin):  # type: ignore[misc]
    """A signed-in person, as the templates and views know them."""

    token: str
    session_id: UUID
    user_id: UUID
    username: str
    full_name: str
    role: Role
    locale: str | None

    def get_id(self) -> str:
        """What the cookie holds: the token of the session, which can be ended."""
        return self.token

    @property
    def name(self) -> str:
        """How to call them."""
        return self.full_name or self.username


def me() -> Identity:
    """The person who asks; only for views that strangers cannot reach."""
    return cast(Identity, current_user._get_current_object())


def whose() -> UUID | None:
    """Whose imports and exports may be looked at: one's own, by admins (None) everybody's."""
    return None if me().role is Role.ADMIN else me().user_id


def somebody() -> Identity | None:
    """The person who asks, or None for a stranger."""
    return me() if current_user.is_authenticated else None


def actor() -> Actor:
    """The person who asks, as the record names them."""
    return Actor(audit.actor_of(me().user_id), request.remote_addr, request_id())


def origin(username: str) -> Origin:
    """Where an attempt to sign in as this user comes from."""
    return Origin(
        ip=request.remote_addr,
        user_agent=request.user_agent.string,
        device=_known_device(username),
        request_id=request_id(),
    )


def begin(signed_in: SignedIn) -> None:
    """Sign this browser in, with a cookie that shares nothing with the one before."""
    session.clear()
    session.permanent = True
    session[_KEPT] = utcnow().date().isoformat()
    identity = _load(signed_in.token)
    if identity is not None:
        login_user(identity)


def end() -> None:
    """Sign this browser out."""
    identity = me()
    sessions.sign_out(identity.session_id, user_id=identity.user_id, actor=actor())
    logout_user()
    session.clear()


def remember_device(response: Response, user: User) -> Response:
    """Let this browser be known when its user mistypes the password, wherever others fail."""
    if _known_device(user.username) is None:
        value = _devices().dumps([user.username, request_id()])
        response.set_cookie(
            _DEVICE_COOKIE,
            value,
            max_age=_DEVICE_SECONDS,
            path=url_for("auth.sign_in"),
            httponly=True,
            samesite="Lax",
            secure=runtime().settings.https,
        )
    return response


def safe_next(asked: str | None) -> str:
    """The page to go to after signing in: one of ours, or the first page."""
    asked = asked or ""
    parts = urlsplit(asked)
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    if not ours or parts.scheme or parts.netloc or "\\" in asked or not asked.isprintable():
        return url_for("home.index")
    return asked


def init_app(app: Flask, *, open_to_strangers: tuple[str, ...]) -> None:
    """Refuse strangers everywhere but in these blueprints, before anything of a body is read."""
    login_manager.session_protection = None
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    app.jinja_env.globals["somebody"] = somebody

    def refuse() -> ResponseReturnValue | None:
        area = (request.endpoint or "").partition(".")[0]
        if request.endpoint is None or area in open_to_strangers:
            return None
        identity = somebody()
        if identity is None:
            return _refuse()
        g.locale = identity.locale
        _keep_alive()
        return None

    app.before_request(refuse)


def _keep_alive() -> None:
    """Let the cookie live on from today: once a day, with a page and not with its parts."""
    today = utcnow().date().isoformat()
    if request.method == "GET" and not is_htmx() and session.get(_KEPT) != today:
        session[_KEPT] = today


def _refuse() -> ResponseReturnValue:
    """Lead a person to the sign-in page; anything that was to be changed is refused."""
    if is_htmx():
        page = request.headers.get("HX-Current-URL", "")
        parts = urlsplit(page)
        back = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return "", 401, {"HX-Redirect": url_for("auth.sign_in", next=safe_next(back))}
    if request.method in ("GET", "HEAD"):
        asked = request.full_path if request.query_string else request.path
        return redirect(url_for("auth.sign_in", next=safe_next(asked)))
    raise Unauthorized


def _load(token: str) -> Identity | None:
    found = sessions.find(token)
    if found is None:
        return None
    user = found.user
    return Identity(token, found.id, user.id, user.username, user.full_name, user.role, user.locale)


def _known_device(username: str) -> str | None:
    try:
        name, device = _devices().loads(request.cookies.get(_DEVICE_COOKIE, ""))
    except (BadSignature, TypeError, ValueError):
        return None
    return str(device) if name == username.strip().lower() else None


def _devices() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="device")
