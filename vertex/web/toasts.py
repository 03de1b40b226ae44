"""Short notices: on the next page, or beside the answer to htmx."""

from typing import Any

from flask import flash, get_flashed_messages, render_template

_CATEGORY = "toast"


def toast(text: str, *, undo: str | None = None) -> None:
    """Show a notice on the next page; `undo` is the address that takes it back."""
    flash({"text": text, "undo": undo}, _CATEGORY)  # type: ignore[arg-type]


def toasts() -> list[Any]:
    """The notices that wait to be shown."""
    return get_flashed_messages(category_filter=(_CATEGORY,))


def toast_now(text: str, *, undo: str | None = None) -> str:
    """A notice to be sent beside the answer to htmx."""
    return render_template("errors/_notice.html", text=text, undo=undo)
