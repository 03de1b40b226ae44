"""Files with many things in them, sent to be looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from vertex.blueprints.imports._blueprint import bp
from vertex.blueprints.imports.forms import ArchiveForm, TableForm
from vertex.errors import DomainError, InvalidError, NotFoundError
from vertex.models import ImportKind
from vertex.runtime import runtime
from vertex.services import csv_files, import_runs, orders, uploads
from vertex.web.auth import me
from vertex.web.errors import status_of
from vertex.web.htmx import go_to, render_page
from vertex.web.imports import tools
from vertex.web.limits import limit_uploads
from vertex.web.orders import decimals
from vertex.web.requests import asked_choice, asked_uuid
from vertex.web.uploads import takes_a_file, takes_files

_FIELD_OF = {"phone_of_other": "phone", "upload_gone": "archive", "upload_incomplete": "archive"}
_TABLE_FORM = csv_files.MAX_BYTES + (1 << 20)


@bp.route("/portraits/new", methods=["GET", "POST"], endpoint="portraits_create")
@limit_uploads
@takes_files
def create_portraits() -> ResponseReturnValue:
    """Take a ZIP of portraits and videos, and go to what would be made of it."""
    form = _archive_form()
    status = 200
    if form.is_submitted():
        try:
            with _incoming(form) as (source, filename):
                found = import_runs.look_at_archive(
                    source, filename, form.target, tools=tools(), user_id=me().user_id
                )
        except DomainError as error:
            form.refuse(error, _FIELD_OF.get(error.code))
            status = status_of(error)
        else:
            return go_to(url_for(".show", import_id=found.id))
    page = render_page(
        "imports/portraits.html",
        fragments=("archive_form",),
        form=form,
        max_archive=runtime().settings.max_archive_bytes,
    )
    return page, status


@bp.route("/tables/new", methods=["GET", "POST"], endpoint="tables_create")
@limit_uploads
@takes_a_file(_TABLE_FORM)
def create_tables() -> ResponseReturnValue:
    """Take a CSV of clients or orders, and go to what would be made of it."""
    kind, form, status = asked_choice("kind", ImportKind), TableForm(), 200
    if kind not in (ImportKind.CLIENTS, ImportKind.ORDERS):
        raise NotFoundError(kind="kind")
    if form.is_submitted():
        try:
            if not form.table.data:
                raise InvalidError("table_missing", field="table")
            found = import_runs.look_at_table(
                kind,
                form.table.data.stream.read(csv_files.MAX_BYTES + 1),
                form.table.data.filename,
                decimals=decimals(),
                user_id=me().user_id,
            )
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            return go_to(url_for(".show", import_id=found.id))
    page = render_page("imports/table.html", fragments=("table_form",), form=form, kind=kind)
    return page, status


def _archive_form() -> ArchiveForm:
    """The form; opened from an order's page it is for that order."""
    order_id = asked_uuid("order_of")
    if order_id is None or request.method == "POST":
        return ArchiveForm()
    order = orders.get(order_id)
    return ArchiveForm(client=order.client.name, phone=order.client.phone, order=order.number)


@contextmanager
def _incoming(form: ArchiveForm) -> Iterator[tuple[BinaryIO, str]]:
    """Give the ZIP and its name; what was sent before is forgotten when used or refused."""
    upload_id = form.upload_id
    if upload_id is None:
        if not form.archive.data:
            raise InvalidError("archive_missing", field="archive")
        yield form.archive.data.stream, form.archive.data.filename
        return
    folder = runtime().settings.unfinished_uploads
    try:
        file, filename = uploads.open_complete(upload_id, user_id=me().user_id, folder=folder)
    except NotFoundError:
        raise InvalidError("upload_gone", field="archive") from None
    try:
        with file:
            yield file, filename
    except InvalidError as error:
        if error.field == "archive":
            _forget(form, upload_id)
        raise
    _forget(form, upload_id)


def _forget(form: ArchiveForm, upload_id: UUID) -> None:
    form.archive_upload.data = ""
    uploads.forget(upload_id, user_id=me().user_id, folder=runtime().settings.unfinished_uploads)
