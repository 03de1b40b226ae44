"""Handing out tables."""

from collections.abc import Iterator

from flask import Response, stream_with_context

from vertex.web.orders import today


def csv_file(lines: Iterator[str], name: str) -> Response:
    """A file of the name and today's date, written while it is fetched."""
    dated = f"{name}-{today().isoformat()}.csv"
    headers = {"Content-Disposition": f"attachment; filename={dated}"}
    stream = (text.encode() for text in lines)
    return Response(stream_with_context(stream), mimetype="text/csv", headers=headers)
