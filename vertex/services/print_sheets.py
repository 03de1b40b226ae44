"""Print sheets: the cards of some portraits as one PDF."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.media import sheets
from vertex.models import AuditAction, Portrait, PortraitStatus, Recognisable
from vertex.services import audit, portraits, public_codes
from vertex.services._files import verified_path
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.storage import Storage

MOST = 120  # cards of one PDF
LAYOUTS = tuple(sheets.LAYOUTS)


@dataclass(frozen=True, slots=True)
class Face:
    """What is printed beside a portrait; `qr` are the rows of the code's modules."""

    qr: Sequence[Sequence[bool]]
    title: str
    lines: Sequence[str]
    code: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Portraits to be printed with their codes, and those of them that no camera recognises."""

    portraits: Sequence[Portrait]
    codes: Mapping[UUID, str]

    @property
    def poor(self) -> Sequence[Portrait]:
        """Those whose marker is not made, or cannot be."""
        return [one for one in self.portraits if not _is_recognised(one)]


def choose(*, portrait_ids: Collection[UUID] = (), order_ids: Collection[UUID] = ()) -> Chosen:
    """Return these portraits and those of these orders, each once, without what is in the bin."""
    wanted = Portrait.id.in_(portrait_ids) | Portrait.order_id.in_(order_ids)
    query = (
        select(Portrait)
        .where(wanted, Portrait.deleted_at.is_(None))
        .options(joinedload(Portrait.client), joinedload(Portrait.order))
        .order_by(Portrait.order_id, Portrait.id)
    )
    found = db.session.scalars(query.limit(MOST + 1)).all()
    if not found:
        raise InvalidError("nothing_to_print")
    if len(found) > MOST:
        raise InvalidError("sheet_large", limit=MOST)
    return Chosen(found, public_codes.of_portraits([portrait.id for portrait in found]))


def make(
    faces: Mapping[UUID, Face],
    layout: str,
    target: BinaryIO,
    *,
    title: str,
    printable: bool,
    storage: Storage,
    actor: Actor,
) -> int:
    """Write the PDF of these portraits and that it was made; how many pages it has.

    Raises ConflictError where codes would lead nowhere: `printable` says whether phones reach the
    public address.
    """
    if not printable:
        raise ConflictError("address_not_printable")
    if layout not in sheets.LAYOUTS:
        raise InvalidError("layout_unknown", field="layout")
    keys = {portrait_id: portraits.get(portrait_id).preview_key for portrait_id in faces}
    db.session.rollback()  # drawing takes a while and needs no connection
    with ExitStack() as stack:
        cards = [
            _card(face, stack.enter_context(verified_path(storage, keys[portrait_id])))
            for portrait_id, face in faces.items()
        ]
        pages = sheets.draw(cards, sheets.LAYOUTS[layout], target, title=title)
    with atomic():
        for portrait_id in faces:
            subject = portraits.subject_of(portrait_id)
            audit.record(actor, AuditAction.SHEET_MADE, subject, {"layout": layout})
    return pages


def _card(face: Face, photo: Path) -> sheets.Card:
    return sheets.Card(photo, face.qr, face.title, face.lines, face.code)


def _is_recognised(portrait: Portrait) -> bool:
    is_ready = portrait.status in (PortraitStatus.READY, PortraitStatus.ARCHIVED)
    return is_ready and portrait.recognisable is Recognisable.YES
