"""Imports: what would be made, how far it is, and what became of each row."""

from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.imports._blueprint import bp
from vertex.errors import NotFoundError
from vertex.models import ImportKind, ImportRow, ImportState, RowState
from vertex.runtime import runtime
from vertex.services import imports, tables
from vertex.web.auth import me, whose
from vertex.web.htmx import go_to, render_page
from vertex.web.imports import makes, trouble
from vertex.web.links import url_of
from vertex.web.tables import csv_file
from vertex.web.toasts import toast

_REPORT = ("row", "state", "file", "client", "phone", "order", "trouble", "made")


@bp.get("")
def index() -> ResponseReturnValue:
    """List one's imports, and say what can be imported."""
    found = imports.latest(user_id=me().user_id)
    return render_page(
        "imports/index.html",
        imports=found,
        counts=imports.counted([one.id for one in found]),
    )


@bp.get("/<uuid:import_id>")
def show(import_id: UUID) -> ResponseReturnValue:
    """Show the rows of an import; one that is under way asks again by itself."""
    found = imports.get(import_id, user_id=whose())
    only_wrong = request.args.get("wrong") == "1"
    page = imports.rows_of(import_id, after=_after(), only_wrong=only_wrong)
    return render_page(
        "imports/show.html",
        fragments=("import_state", "import_more"),
        found=found,
        counts=imports.counted([import_id])[import_id],
        page=page,
        rows=[(row, trouble(row), makes(row), url_of(row.subject or "")) for row in page.rows],
        only_wrong=only_wrong,
        ask_again=2 if found.state is ImportState.RUNNING else None,
        is_mine=found.user_id == me().user_id,
        is_portraits=found.kind is ImportKind.PORTRAITS,
    )


@bp.post("/<uuid:import_id>/start")
def start(import_id: UUID) -> ResponseReturnValue:
    """Have the rows carried out."""
    imports.start(import_id, user_id=me().user_id, queue=runtime().queue)
    return go_to(url_for(".show", import_id=import_id))


@bp.post("/<uuid:import_id>/delete")
def delete(import_id: UUID) -> ResponseReturnValue:
    """Forget an import of which nothing was made."""
    imports.give_up(import_id, user_id=me().user_id, folder=runtime().settings.imports)
    toast(_("Nothing was imported."))
    return go_to(url_for(".index"))


@bp.get("/<uuid:import_id>/report.csv")
def report(import_id: UUID) -> Response:
    """Hand out what became of each row as CSV."""
    imports.get(import_id, user_id=whose())
    lines = tables.written(_REPORT, (_line(row) for row in imports.all_rows(import_id)))
    return csv_file(lines, "import")


def _line(row: ImportRow) -> tuple[str, ...]:
    content = row.content
    return (
        str(content.get("line") or row.position),
        row.state.value,
        str(content.get("portrait", "")),
        str(content.get("client") or content.get("name") or ""),
        str(content.get("phone", "")),
        str(content.get("order") or content.get("number") or ""),
        trouble(row) if row.state in (RowState.WRONG, RowState.FAILED) else "",
        row.subject or "",
    )


def _after() -> int:
    given = request.args.get("after", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 9):
        raise NotFoundError(kind="row", id=given[:40])
    return int(given)
