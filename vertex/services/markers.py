"""Markers: what the phone recognises a portrait by, made from its preview."""

import io
import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.media import images
from vertex.models import AuditAction, Portrait, PortraitStatus, Recognisable
from vertex.recogniser import BadPictureError, PoorPictureError, build_marker
from vertex.recogniser.markerfile import MAGIC
from vertex.services import audit, portraits, proofs
from vertex.services._transaction import atomic
from vertex.services.audit import SYSTEM
from vertex.storage import Storage, content_type_of, file_key, is_content_of


@dataclass(frozen=True, slots=True)
class _Waiting:
    preview_key: str
    size: tuple[int, int]  # px of the upright original


@dataclass(frozen=True, slots=True)
class _Built:
    marker: bytes | None
    milliseconds: int
    status: PortraitStatus = PortraitStatus.READY
    recognisable: Recognisable = Recognisable.YES
    reason: str | None = None


def build_for(*, portrait_id: UUID, storage: Storage) -> None:
    """Make the marker a portrait waits for; one that does not wait is left as it is."""
    waiting = _find_waiting(portrait_id)
    if waiting is None:
        return
    preview = _read(storage, waiting.preview_key)
    built = _build(preview, waiting.size)
    marker_key = _put(storage, "markers", portrait_id, built.marker, "vxm")
    grey = images.marker_preview(preview) if built.status is PortraitStatus.READY else None
    marker_preview_key = _put(storage, "previews", portrait_id, grey, "jpg")
    small_key = _put(storage, "previews", portrait_id, _small(preview, built), "jpg")
    with atomic():
        portrait = db.session.get(Portrait, portrait_id, with_for_update=True)
        if portrait is None or portrait.status is not PortraitStatus.PROCESSING:
            return
        portrait.marker_key = marker_key
        portrait.marker_preview_key, portrait.small_key = marker_preview_key, small_key
        _note(portrait, built)


def give_up_on(portrait_id: UUID) -> None:
    """Mark a portrait as failed whose marker could not be made after several attempts."""
    with atomic():
        portrait = db.session.get(Portrait, portrait_id, with_for_update=True)
        # one that is put back from the bin gets a job of its own
        if portrait is None or portrait.deleted_at is not None:
            return
        if portrait.status is PortraitStatus.PROCESSING:
            portrait.status = PortraitStatus.FAILED
            portrait.reason = "not_made"


def wait_again(portrait_id: UUID) -> None:
    """Let a portrait whose marker could not be made wait for it once more."""
    with atomic():
        portrait = portraits.get(portrait_id)
        if portrait.status is PortraitStatus.FAILED:
            portrait.status = PortraitStatus.PROCESSING
            portrait.reason = None


def made_by_an_older_version(storage: Storage) -> list[UUID]:
    """Portraits whose marker a phone of this version could not read, oldest first."""
    made = select(Portrait.id, Portrait.marker_key).where(Portrait.marker_key.is_not(None))
    rows = db.session.execute(made.order_by(Portrait.id)).all()
    db.session.rollback()  # files are not read inside a transaction
    return [portrait_id for portrait_id, key in rows if key and not _is_current(storage, key)]


def remake(*, portrait_id: UUID, storage: Storage) -> None:
    """Make a portrait's marker anew from its preview; until then the old one stays in place."""
    portrait = portraits.get_even_binned(portrait_id)
    preview_key, old_key = portrait.preview_key, portrait.marker_key
    size = (portrait.width, portrait.height)
    db.session.rollback()
    preview = _read(storage, preview_key)
    built = _build(preview, size)
    marker_key = _put(storage, "markers", portrait_id, built.marker, "vxm")
    small_key = _put(storage, "previews", portrait_id, _small(preview, built), "jpg")
    with atomic():
        locked = db.session.get(Portrait, portrait_id, with_for_update=True)
        if locked is None or locked.marker_key != old_key:
            return
        locked.marker_key, locked.small_key = marker_key, small_key
        _note(locked, built)


def _is_current(storage: Storage, key: str) -> bool:
    with storage.open(key) as file:
        return file.read(len(MAGIC)) == MAGIC


def _find_waiting(portrait_id: UUID) -> _Waiting | None:
    try:
        portrait = portraits.get(portrait_id)
    except NotFoundError:  # moved to the bin while the job was waiting
        return None
    found = None
    if portrait.status is PortraitStatus.PROCESSING:
        found = _Waiting(portrait.preview_key, (portrait.width, portrait.height))
    db.session.rollback()  # pixels are not worked on inside a transaction
    return found


def _read(storage: Storage, key: str) -> bytes:
    """What is stored, or nothing if it is not any more what was stored: no picture, that is."""
    with storage.open(key) as file:
        content = file.read()
    return content if is_content_of(key, io.BytesIO(content)) else b""


def _build(preview: bytes, size: tuple[int, int]) -> _Built:
    began = time.perf_counter()
    try:
        marker = build_marker(preview, size)
    except PoorPictureError as error:
        return _Built(None, _since(began), recognisable=Recognisable.NO, reason=error.reason)
    except BadPictureError:
        return _Built(
            None,
            _since(began),
            status=PortraitStatus.FAILED,
            recognisable=Recognisable.UNKNOWN,
            reason="undecodable",
        )
    return _Built(marker, _since(began))


def _small(preview: bytes, built: _Built) -> bytes | None:
    return None if built.status is PortraitStatus.FAILED else images.small(preview)


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _put(storage: Storage, area: str, owner: UUID, content: bytes | None, ext: str) -> str | None:
    if content is None:
        return None
    source = io.BytesIO(content)
    key = file_key(area, owner, source, ext)
    storage.put(key, source, content_type=content_type_of(key))
    return key


def _note(portrait: Portrait, built: _Built) -> None:
    portrait.status = built.status
    portrait.recognisable = built.recognisable
    portrait.reason = built.reason
    portrait.marker_bytes = None if built.marker is None else len(built.marker)
    portrait.marker_ms = built.milliseconds
    if built.status is PortraitStatus.READY:
        proofs.ask_for(portrait)
    details = {"recognisable": built.recognisable.value, "reason": built.reason}
    subject = portraits.subject_of(portrait.id)
    audit.record(SYSTEM, AuditAction.MARKER_BUILT, subject, details)
