"""How often somebody may ask, and what an answer tells them about it."""

import time
from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, Response, current_app, request
from flask_limiter import ApplicationLimit
from limits.storage import MemoryStorage

from vertex.extensions import limiter
from vertex.runtime import runtime
from vertex.settings import COUNTS_IN_MEMORY
from vertex.web.auth import somebody

_ELSEWHERE = ("ar", "health")


class CountsInMemory(MemoryStorage):
    """Counts of one process, whose threads count one after another.

    The library's own may start its timer twice, and fails the request that did (limits 5.8, mended
    after it: alisaifee/limits#352).
    """

    STORAGE_SCHEME = [COUNTS_IN_MEMORY]  # noqa: RUF012 - as the library declares it

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: str) -> None:
        self._one_by_one = RLock()
        super().__init__(uri, wrap_exceptions)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a count, and return it."""
        with self._one_by_one:
            return super().incr(key, expiry, amount)

    def decr(self, key: str, amount: int = 1) -> int:
        """Take from a count, and return it."""
        with self._one_by_one:
            return super().decr(key, amount)


_View = TypeVar("_View", bound=Callable[..., Any])


def person() -> str:
    """Whom to count: the signed-in user, else the address."""
    identity = somebody()
    return f"user:{identity.user_id}" if identity else f"ip:{request.remote_addr}"


def address() -> str:
    """Whom to count where nobody is signed in yet."""
    return f"ip:{request.remote_addr}"


def code_and_address() -> str:
    """Whom to count on customers' pages: a wedding hall is one address, and looks at one code."""
    code = (request.view_args or {}).get("code", "")
    return f"{code}:{request.remote_addr}"


def limit_sign_in(view: _View) -> _View:
    """Count attempts to sign in by address; looking at the form is free."""
    return _limited(view, lambda: runtime().settings.sign_in_limit, address, ["POST"])


def limit_uploads(view: _View) -> _View:
    """Count uploads by user, besides the pages."""
    return _limited(view, lambda: runtime().settings.upload_limit, person, ["POST"])


def limit_files(view: _View) -> _View:
    """Count pictures by user, apart from the pages that show dozens of them."""
    limit = limiter.shared_limit(
        lambda: runtime().settings.file_limit, scope="files", key_func=person
    )
    limited = limit(view)
    limited.counted_apart = True  # type: ignore[attr-defined]
    return cast(_View, limited)


def limit_customers(blueprint: Blueprint) -> None:
    """Count what is asked for beside a printed code."""
    limit = limiter.shared_limit(
        lambda: runtime().settings.customer_limit, scope="customers", key_func=code_and_address
    )
    limit(blueprint)


def limit_events(view: _View) -> _View:
    """Count what pages tell of their visits, apart from what they fetch."""
    return _limited(view, lambda: runtime().settings.events_limit, code_and_address, ["POST"])


def limit_answers(view: _View) -> _View:
    """Count what clients say of their orders, which the staff are told of each time."""
    return _limited(view, lambda: runtime().settings.answer_limit, code_and_address, ["POST"])


def init_app(app: Flask) -> None:
    """Count requests, after strangers were refused and before a body is read."""
    limiter.init_app(app)
    pages = ApplicationLimit(
        lambda: runtime().settings.staff_limit,
        key_function=person,
        scope="pages",
        exempt_when=_counted_apart,
    )
    limiter.limit_manager.set_application_limits([pages.bind(limiter)])
    app.after_request(_tell)


def _counted_apart() -> bool:
    """Whether the request does not count as one of the staff's pages."""
    if request.endpoint == "static" or request.blueprint in _ELSEWHERE:
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "counted_apart", False))


def _limited(view: _View, limit: Callable[[], str], key: Callable[[], str], methods: Any) -> _View:
    decorate = limiter.limit(limit, key_func=key, methods=methods)
    return cast(_View, decorate(view))


def _tell(response: Response) -> Response:
    current = limiter.current_limit
    if current is not None:
        seconds = max(0, int(current.reset_at - time.time()))
        response.headers["RateLimit-Limit"] = str(current.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, current.remaining))
        response.headers["RateLimit-Reset"] = str(seconds)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(max(1, seconds)))
    return response
