"""Print sheets: what is going to be printed, and the PDF."""

import io
from collections.abc import Collection
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex.blueprints.batches._blueprint import bp
from vertex.blueprints.batches._chosen import chosen_ids, printable
from vertex.errors import ConflictError
from vertex.models import Portrait
from vertex.runtime import runtime
from vertex.services import print_sheets, studio
from vertex.services.print_sheets import Face
from vertex.web import qr
from vertex.web.auth import actor, safe_next
from vertex.web.htmx import render_page
from vertex.web.orders import today
from vertex.web.requests import asked_uuid


@bp.get("/sheet")
def sheet() -> ResponseReturnValue:
    """Show what goes on the print sheet of an order, or of a portrait."""
    order_id, portrait_id = asked_uuid("order"), asked_uuid("portrait")
    return sheet_page(
        order_ids=[order_id] if order_id else [], portrait_ids=[portrait_id] if portrait_id else []
    )


@bp.post("/sheet.pdf")
def pdf() -> Response:
    """Hand out the print sheet of the portraits of the form."""
    chosen = print_sheets.choose(portrait_ids=chosen_ids())
    file, title = io.BytesIO(), _("Print sheet")
    print_sheets.make(
        {one.id: _face(one, chosen.codes[one.id]) for one in chosen.portraits},
        request.form.get("layout", ""),
        file,
        title=title,
        printable=printable(),
        storage=runtime().storage,
        actor=actor(),
    )
    file.seek(0)
    name = f"print-{today().isoformat()}.pdf"
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=name)


def sheet_page(*, order_ids: Collection[UUID] = (), portrait_ids: Collection[UUID] = ()) -> str:
    """The summary before printing; ConflictError while codes would lead nowhere."""
    if not printable():
        raise ConflictError("address_not_printable")
    chosen = print_sheets.choose(order_ids=order_ids, portrait_ids=portrait_ids)
    back = request.values.get("back")
    return render_page(
        "batches/sheet.html",
        chosen=chosen,
        layouts=print_sheets.LAYOUTS,
        back=safe_next(back) if back else None,
    )


def _face(portrait: Portrait, code: str) -> Face:
    address = f"{runtime().settings.public_url}/v/{code}"
    lines = [
        _("Scan the code with your phone, open the page, and point the camera at the photo."),
        studio.get().name,
        urlsplit(address).hostname or "",
    ]
    title = portrait.title or portrait.client.name
    return Face(qr.modules(address), title, [line for line in lines if line], code)
