"""Turn any error into a page, an htmx toast, or problem+json: one table, one answer."""

from typing import Any

import structlog
from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from vertex.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    TooLargeError,
    TooManyError,
)
from vertex.storage import StorageError
from vertex.web.htmx import is_htmx
from vertex.web.links import url_of
from vertex.web.messages import explain, explain_status
from vertex.web.request_id import request_id

_log = structlog.get_logger("vertex.errors")

_PROBLEM = "application/problem+json"

STATUS: dict[type[DomainError], int] = {
    GoneError: 410,
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    TooLargeError: 413,
    InvalidError: 422,
    TooManyError: 429,
    DomainError: 400,
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal; a subclass inherits its parent's."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def wants_problem() -> bool:
    """Whether the asker reads errors as data."""
    return request.path.startswith("/api/") or _PROBLEM in request.accept_mimetypes.values()


def init_app(app: Flask) -> None:
    """Answer every error in the shape the asker can use."""
    app.register_error_handler(DomainError, answer_to)
    app.register_error_handler(CSRFError, _on_forgery)
    app.register_error_handler(StorageError, _on_storage)
    app.register_error_handler(HTTPException, _on_http)


def answer_to(error: DomainError) -> ResponseReturnValue:
    """What whoever asked is told of a refusal: a page, a notice or a problem."""
    field = getattr(error, "field", None)
    link = url_of(str(error.params.get("result", "")))
    body, status, headers = _respond(status_of(error), error.code, explain(error), field, link)
    if isinstance(error, TooManyError):
        headers["Retry-After"] = str(error.seconds)
    return body, status, headers


def _on_forgery(error: CSRFError) -> ResponseReturnValue:
    # the form is of another session, or of none: somebody signed in or out meanwhile
    return _respond(400, "form_expired", explain(InvalidError("form_expired")))


def _on_storage(error: StorageError) -> ResponseReturnValue:
    _log.error("storage", trouble=str(error))  # names hosts and keys, which are not for the page
    return _respond(503, "storage_away", explain_status(503))


def _on_http(error: HTTPException) -> ResponseReturnValue:
    # Flask has logged what was not foreseen, and hands it over as an HTTPException too
    if error.code is None or error.code < 400:
        return error  # a redirect is no error
    code = error.name.lower().replace(" ", "_")
    body, status, headers = _respond(error.code, code, explain_status(error.code))
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return body, status, {**kept, **headers}


def _respond(
    status: int, code: str, message: str, field: str | None = None, link: str | None = None
) -> tuple[Any, int, dict[str, str]]:
    headers = {"Cache-Control": "no-store"}
    if wants_problem():
        body = jsonify(_problem(status, code, message, field))
        return body, status, {**headers, "Content-Type": _PROBLEM}
    if is_htmx():
        toast = render_template("errors/_toast.html", message=message, link=link)
        return toast, status, {**headers, "HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
    page = render_template(
        "errors/page.html", status=status, message=message, link=link, request_id=request_id()
    )
    return page, status, headers


def _problem(status: int, code: str, message: str, field: str | None) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": message,
        "status": status,
        "code": code,
        "request_id": request_id(),
    }
    if field is not None:
        problem["errors"] = [{"pointer": f"/{field}", "code": code, "detail": message}]
    return problem
