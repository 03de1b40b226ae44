"""Where a thing is shown that jobs and the record name in a word: `portrait:<id>`."""

from uuid import UUID

from flask import url_for


def url_of(subject: str) -> str | None:
    """The page of this subject, or None if it has none."""
    kind, _, key = subject.partition(":")
    try:
        identifier = UUID(key)
    except ValueError:
        return None
    if kind == "client":
        return url_for("clients.show", client_id=identifier)
    if kind == "order":
        return url_for("orders.show", order_id=identifier)
    if kind == "portrait":
        return url_for("portraits.show", portrait_id=identifier)
    if kind == "batch":
        return url_for("batches.show", batch_id=identifier)
    if kind == "import":
        return url_for("imports.show", import_id=identifier)
    return None
