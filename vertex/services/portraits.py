"""Portraits: pictures that come in, and what is known of them."""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from vertex.errors import ConflictError, NotFoundError
from vertex.extensions import db
from vertex.media import images
from vertex.models import AuditAction, Client, Portrait, PortraitStatus, utcnow, uuid7
from vertex.models.folding import without_nul
from vertex.queue import Queue
from vertex.services import audit, clients, jobs, public_codes
from vertex.services._files import NewFiles, judge_size, new_files, refusals
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import Actor
from vertex.storage import Storage, content_hash

MARKER_JOB = "marker.build"
MOST_COUNTED = 5_000
MAX_BYTES = 50 * 1024**2
MAX_PIXELS = 100_000_000

_FIELD = "portrait"
_LONGEST_TITLE = 120
_PAGE = 24


@dataclass(frozen=True, slots=True)
class Page:
    """Some portraits of a list; `after` is where the next ones begin, None at the end."""

    portraits: Sequence[Portrait]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class PortraitDraft:
    """An accepted picture of which nothing is stored yet."""

    source: BinaryIO
    image: images.PreparedImage
    sha256: str


def get(portrait_id: UUID, *, with_people: bool = False) -> Portrait:
    """Return a portrait that is not in the bin, perhaps with its client, order and proof."""
    kin = (Portrait.client, Portrait.order, Portrait.proof)
    options = [joinedload(one) for one in kin] if with_people else ()
    portrait = db.session.get(Portrait, portrait_id, options=options)
    if portrait is None or portrait.deleted_at is not None:
        raise NotFoundError(kind="portrait", id=str(portrait_id))
    return portrait


def find_even_binned(portrait_id: UUID) -> Portrait | None:
    """Return a portrait, be it in the bin, or None once it is erased."""
    return db.session.get(Portrait, portrait_id)


def get_even_binned(portrait_id: UUID) -> Portrait:
    """Return a portrait, be it in the bin."""
    portrait = find_even_binned(portrait_id)
    if portrait is None:
        raise NotFoundError(kind="portrait", id=str(portrait_id))
    return portrait


def hold(portrait_id: UUID) -> Portrait:
    """Return a portrait that nobody changes until the surrounding transaction ends."""
    portrait = _locked(portrait_id)
    if portrait.deleted_at is not None:
        raise NotFoundError(kind="portrait", id=str(portrait_id))
    return portrait


def subject_of(portrait_id: UUID) -> str:
    """Return how jobs and the audit log name this portrait."""
    return f"portrait:{portrait_id}"


def latest(
    *,
    client_id: UUID | None = None,
    order_id: UUID | None = None,
    binned: bool = False,
    after: UUID | None = None,
) -> Page:
    """Return portraits with their clients, the newest first; of all, of a client or an order."""
    state = Portrait.deleted_at.is_not(None) if binned else Portrait.deleted_at.is_(None)
    query = select(Portrait).where(state).options(joinedload(Portrait.client))
    if client_id is not None:
        query = query.where(Portrait.client_id == client_id)
    if order_id is not None:
        query = query.where(Portrait.order_id == order_id)
    if after is not None:
        query = query.where(Portrait.id < after)
    found = db.session.scalars(query.order_by(Portrait.id.desc()).limit(_PAGE + 1)).all()
    page = found[:_PAGE]
    return Page(page, page[-1].id if len(found) > _PAGE else None)


def names_of(subjects: Collection[str]) -> Mapping[str, str]:
    """Return the clients' names of those subjects that are portraits."""
    ids = [UUID(name.partition(":")[2]) for name in subjects if name.startswith("portrait:")]
    if not ids:
        return {}
    query = select(Portrait.id, Client.name).join(Portrait.client).where(Portrait.id.in_(ids))
    return {subject_of(found): name for found, name in db.session.execute(query)}


def count() -> int:
    """Return how many portraits there are, to MOST_COUNTED."""
    some = select(Portrait.id).where(Portrait.deleted_at.is_(None)).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def move_to_bin(portrait_id: UUID, *, actor: Actor) -> Portrait:
    """Move a portrait to the bin; its print shows nothing until it is put back."""
    with atomic():
        portrait = _locked(portrait_id)
        if portrait.deleted_at is None:
            portrait.deleted_at = utcnow()
            audit.record(actor, AuditAction.PORTRAIT_BINNED, subject_of(portrait_id))
    return portrait


def restore(portrait_id: UUID, *, actor: Actor) -> Portrait:
    """Put a portrait back from the bin; ConflictError while its client lies there."""
    with atomic():
        portrait = _locked(portrait_id)
        if portrait.deleted_at is not None:
            db.session.refresh(portrait.client, with_for_update=True)
            if portrait.client.deleted_at is not None:
                raise ConflictError("client_in_bin", name=portrait.client.name)
            portrait.deleted_at = None
            audit.record(actor, AuditAction.PORTRAIT_RESTORED, subject_of(portrait_id))
            if portrait.status is PortraitStatus.PROCESSING:
                # a marker that was not made while the portrait lay in the bin
                _add_marker_job(portrait_id)
    return portrait


def create(
    *,
    client_id: UUID,
    image: BinaryIO,
    filename: str,
    title: str = "",
    order_id: UUID | None = None,
    actor: Actor,
    storage: Storage,
    queue: Queue | None = None,
) -> Portrait:
    """Return the stored portrait, whose marker is under way; a refused one leaves nothing."""
    draft = prepare(image)
    with new_files(storage) as files:
        portrait = store(draft, files)
        with atomic():
            files.settle()
            portrait.client_id = clients.hold(client_id).id
            portrait.order_id = order_id
            portrait.title = title or title_from(filename)
            add(portrait, filename=filename, actor=actor, queue=queue)
    return portrait


def prepare(
    image: BinaryIO, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> PortraitDraft:
    """Judge a picture and make its preview, or raise InvalidError."""
    judge_size(image, max_bytes, kind="image", field=_FIELD)
    with refusals(_FIELD, images.ACCEPTED):
        prepared = images.prepare(image, max_pixels=max_pixels)
    return PortraitDraft(image, prepared, content_hash(image))


def store(draft: PortraitDraft, files: NewFiles) -> Portrait:
    """Store the files of a draft and return the row that belongs to them, not yet added."""
    portrait_id = uuid7()
    preview = io.BytesIO(draft.image.preview)
    return Portrait(
        id=portrait_id,
        image_key=files.put("portraits", portrait_id, draft.source, draft.image.extension),
        preview_key=files.put("previews", portrait_id, preview, "jpg"),
        width=draft.image.width,
        height=draft.image.height,
        sha256=draft.sha256,
    )


def add(
    portrait: Portrait,
    *,
    filename: str,
    actor: Actor,
    queue: Queue | None,
    priority: int = jobs.URGENT,
) -> None:
    """Add the row together with its public code, the job that makes its marker and the record."""
    subject = subject_of(portrait.id)
    with atomic():
        db.session.add(portrait)
        db.session.flush()  # the code refers to the row
        public_codes.issue_for_portrait(portrait.id)
        _add_marker_job(portrait.id, priority)
        details = {"file": without_nul(filename)[:200], "sha256": portrait.sha256}
        audit.record(actor, AuditAction.PORTRAIT_CREATED, subject, details)
        if queue is not None:
            after_commit(queue.wake)


def title_from(filename: str) -> str:
    """Return the title of a portrait that nobody has named."""
    return filename.rpartition(".")[0][:_LONGEST_TITLE] or filename[:_LONGEST_TITLE]


def _add_marker_job(portrait_id: UUID, priority: int = jobs.URGENT) -> None:
    jobs.add(
        MARKER_JOB,
        subject=subject_of(portrait_id),
        arguments={"portrait_id": str(portrait_id)},
        priority=priority,
    )


def _locked(portrait_id: UUID) -> Portrait:
    portrait = db.session.get(Portrait, portrait_id, with_for_update=True, populate_existing=True)
    if portrait is None:
        raise NotFoundError(kind="portrait", id=str(portrait_id))
    return portrait
