"""Proofs: how well a print will be recognised, found out before it is printed."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from vertex.extensions import db
from vertex.models import AuditAction, Job, Portrait, PortraitStatus, Proof, Recognisable, utcnow
from vertex.queue import Queue
from vertex.recogniser import Advice, advise_on, draw_features, prove
from vertex.services import audit, jobs, look_alikes, loose_files, portraits
from vertex.services._files import NewFiles, new_files, read_verified
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import SYSTEM, Actor
from vertex.storage import Storage

PROOF_JOB = "proof.make"
POOR = 2  # the best rating that a print should not have

_PAUSE = timedelta(seconds=5)  # portraits come in rows: markers and films go first
_SHARE = 0.9  # of the work; the rest is looking for others of the order that look alike
_NONE = "none"  # what was proved where there is no marker


@dataclass(frozen=True, slots=True)
class _Waiting:
    portrait_id: UUID
    preview_key: str
    marker_key: str | None
    size: tuple[int, int]  # px of the upright original
    is_proved: bool


@dataclass(frozen=True, slots=True)
class _Made:
    """What goes into the row; without a marker there is advice alone."""

    advice: list[dict[str, object]]
    rating: int | None = None
    picture: bytes | None = None
    recognised: int = 0
    looks: int = 0
    score: float = 0.0
    smallest_size: float | None = None
    largest_angle: float | None = None


def of_portrait(portrait_id: UUID) -> Proof | None:
    """Return the proof of a portrait, be it out of date."""
    return db.session.scalar(select(Proof).where(Proof.portrait_id == portrait_id))


def is_current(proof: Proof | None, portrait: Portrait) -> bool:
    """Whether it is of the marker that the portrait has now."""
    return proof is not None and proof.proved == _proved_of(portrait.marker_key)


def job_of(portrait_id: UUID) -> Job | None:
    """Return the job that makes the proof, or has made it last."""
    return jobs.latest(portraits.subject_of(portrait_id), PROOF_JOB).get(PROOF_JOB)


def missing() -> Sequence[UUID]:
    """Return the portraits that wait for a proof, the oldest first."""
    query = (
        select(Portrait.id)
        .outerjoin(Proof, Proof.portrait_id == Portrait.id)
        .where(
            Portrait.deleted_at.is_(None),
            Portrait.status == PortraitStatus.READY,
            Portrait.recognisable != Recognisable.UNKNOWN,
            or_(Proof.id.is_(None), Proof.proved != func.coalesce(Portrait.marker_key, _NONE)),
        )
    )
    return db.session.scalars(query.order_by(Portrait.id)).all()


def ask_for(portrait: Portrait) -> None:
    """Have a portrait proved whose marker or order is new, inside the caller's transaction."""
    if not is_current(of_portrait(portrait.id), portrait):
        portrait.rating = None
    _add_job(portrait.id, _PAUSE)


def ask_again(portrait_id: UUID, *, actor: Actor, queue: Queue | None = None) -> None:
    """Have a portrait proved that was proved already, or could not be."""
    with atomic():
        portrait = portraits.get(portrait_id)
        if portrait.status is not PortraitStatus.READY:
            return
        proof = of_portrait(portrait_id)
        if proof is not None:
            proof.proved = ""
        _add_job(portrait_id, timedelta(0))
        audit.record(actor, AuditAction.PROOF_ASKED, portraits.subject_of(portrait_id))
        if queue is not None:
            after_commit(queue.wake)


def make(*, portrait_id: UUID, storage: Storage, progress: Callable[[float], object]) -> None:
    """Prove a portrait that waits for it, and look for others of its order that look alike."""
    waiting = _find_waiting(portrait_id)
    if waiting is None:
        return
    if not waiting.is_proved:
        made = _prove(waiting, storage, lambda done, of: progress(_SHARE * done / of))
        _store(waiting, made, storage)
    look_alikes.compare(
        portrait_id=portrait_id,
        storage=storage,
        progress=lambda done, of: progress(_SHARE + (1 - _SHARE) * done / of),
    )


def give_up_on(portrait_id: UUID) -> None:
    """Note that the proof of a portrait could not be made after several attempts."""
    audit.record(SYSTEM, AuditAction.PROOF_FAILED, portraits.subject_of(portrait_id))


def _add_job(portrait_id: UUID, pause: timedelta) -> None:
    jobs.add(
        PROOF_JOB,
        subject=portraits.subject_of(portrait_id),
        arguments={"portrait_id": str(portrait_id)},
        run_at=utcnow() + pause,
        priority=jobs.LATER,
    )


def _find_waiting(portrait_id: UUID) -> _Waiting | None:
    """What is to be proved; what lies in the bin is too, as it may be put back."""
    portrait = portraits.find_even_binned(portrait_id)
    if portrait is None:  # erased while the job was waiting
        return None
    found = None
    is_made = portrait.status is PortraitStatus.READY
    if is_made and portrait.recognisable is not Recognisable.UNKNOWN:
        found = _Waiting(
            portrait_id,
            portrait.preview_key,
            portrait.marker_key,
            (portrait.width, portrait.height),
            is_current(of_portrait(portrait_id), portrait),
        )
    db.session.rollback()  # pixels are not worked on inside a transaction
    return found


def _prove(waiting: _Waiting, storage: Storage, progress: Callable[[int, int], object]) -> _Made:
    preview = read_verified(storage, waiting.preview_key)
    if waiting.marker_key is None:
        return _Made(_plain(advise_on(preview)))
    marker = read_verified(storage, waiting.marker_key)
    proof = prove(preview, marker, progress, size=waiting.size)
    return _Made(
        advice=_plain(proof.advice),
        rating=proof.rating,
        picture=draw_features(preview, proof.places),
        recognised=proof.recognised,
        looks=proof.looks,
        score=proof.score,
        smallest_size=proof.smallest_size,
        largest_angle=proof.largest_angle,
    )


def _store(waiting: _Waiting, made: _Made, storage: Storage) -> None:
    with new_files(storage) as files:
        key = None
        if made.picture is not None:
            key = files.put("previews", waiting.portrait_id, io.BytesIO(made.picture), "jpg")
        if not _note(waiting, made, key, files, storage):
            files.remove()


def _note(
    waiting: _Waiting, made: _Made, key: str | None, files: NewFiles, storage: Storage
) -> bool:
    """Note the proof, unless the portrait has another marker by now."""
    with atomic():
        portrait = db.session.get(
            Portrait, waiting.portrait_id, with_for_update=True, populate_existing=True
        )
        if portrait is None or portrait.marker_key != waiting.marker_key:
            return False
        proof = of_portrait(portrait.id) or Proof(portrait_id=portrait.id)
        if proof.proved == _proved_of(waiting.marker_key):  # by another worker, meanwhile
            return proof.picture_key == key
        files.settle()
        old, proof.picture_key = proof.picture_key, key
        proof.proved = _proved_of(waiting.marker_key)
        proof.recognised, proof.looks, proof.score = made.recognised, made.looks, made.score
        proof.smallest_size, proof.largest_angle = made.smallest_size, made.largest_angle
        proof.advice = made.advice
        db.session.add(proof)
        portrait.rating = made.rating
        details = {"rating": made.rating, "recognised": made.recognised, "looks": made.looks}
        subject = portraits.subject_of(portrait.id)
        audit.record(SYSTEM, AuditAction.PROOF_MADE, subject, details)
        loose_files.drop({old} - {key}, storage)
    return True


def _proved_of(marker_key: str | None) -> str:
    return marker_key or _NONE


def _plain(advice: Sequence[Advice]) -> list[dict[str, object]]:
    return [{"code": one.code, **one.parameters} for one in advice]
