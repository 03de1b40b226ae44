"""Imports in all their states, stored nowhere."""

from collections.abc import Mapping
from typing import Any

from vertex.blueprints.dev._parts import Sample
from vertex.blueprints.imports.forms import ArchiveForm, TableForm
from vertex.models import Import, ImportKind, ImportRow, ImportState, RowState, uuid7
from vertex.services.imports import Page

_TROUBLE = "There is no video with the name “boris”."


def _row(position: int, state: RowState, **given: str) -> ImportRow:
    content = {"portrait": "anna.jpg", "video": "anna.mp4", "client": "Анна Семёнова",
               "phone": "+79161234567", "order": "2026-0042", "title": "", "line": ""}  # fmt: skip
    return ImportRow(
        id=uuid7(), position=position, state=state, content={**content, **given}, params={}
    )


def _import(state: ImportState, **counts: int) -> dict[str, Any]:
    rows = [
        (_row(1, RowState.DONE), "", "Portrait", "/portraits"),
        (_row(2, RowState.WAITING), "", "New client, Portrait", None),
        (_row(3, RowState.WRONG, portrait="boris.jpg", video=""), _TROUBLE, "", None),
    ]
    found = Import(
        id=uuid7(), kind=ImportKind.PORTRAITS, state=state, filename="class-5b.zip",
        left_out=["notes.txt"],
    )  # fmt: skip
    return {
        "found": found,
        "counts": {**dict.fromkeys(RowState, 0), **counts},
        "page": Page([row[0] for row in rows], None),
        "rows": rows,
        "only_wrong": False,
        "ask_again": None,  # here nothing would ever end it
        "is_mine": True,
        "is_portraits": True,
    }


def _archive() -> dict[str, Any]:
    form = ArchiveForm()
    form.archive.errors = ["This ZIP is locked with a password. Please pack it without one."]
    return {"form": form, "max_archive": 20 * 1024**3}


SAMPLES: Mapping[str, Sample] = {
    "import-checked": Sample(
        "imports/show.html",
        "import_state",
        lambda: _import(ImportState.CHECKED, waiting=2, wrong=1),
    ),
    "import-running": Sample(
        "imports/show.html",
        "import_state",
        lambda: _import(ImportState.RUNNING, waiting=1, done=1, wrong=1),
    ),
    "import-done": Sample(
        "imports/show.html", "import_state", lambda: _import(ImportState.DONE, done=2, wrong=1)
    ),
    "import-stopped": Sample(
        "imports/show.html",
        "import_state",
        lambda: _import(ImportState.FAILED, done=1, waiting=1, failed=1),
    ),
    "archive-form": Sample("imports/portraits.html", "archive_form", _archive),
    "table-form": Sample(
        "imports/table.html",
        "table_form",
        lambda: {"form": TableForm(), "kind": ImportKind.ORDERS},
    ),
}
