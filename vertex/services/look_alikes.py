"""Look-alikes: portraits of an order that a phone would take for one another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from vertex.extensions import db
from vertex.models import LookAlike, NotificationType, Portrait
from vertex.recogniser import Collision, Printed, collisions
from vertex.services import notifications, portraits
from vertex.services._files import DamagedFileError, read_verified
from vertex.services._transaction import atomic
from vertex.storage import MissingFileError, Storage


@dataclass(frozen=True, slots=True)
class _Member:
    """A portrait of the order, and where its files are."""

    id: UUID
    preview_key: str
    marker_key: str


def of_portrait(portrait: Portrait) -> Sequence[LookAlike]:
    """Return the others of the same order that a phone would take for this one."""
    if portrait.order_id is None:
        return []
    query = (
        select(LookAlike)
        .join(LookAlike.other)
        .where(
            LookAlike.portrait_id == portrait.id,
            Portrait.order_id == portrait.order_id,
            Portrait.deleted_at.is_(None),
        )
        .options(joinedload(LookAlike.other).joinedload(Portrait.client))
    )
    return db.session.scalars(query.order_by(LookAlike.other_id)).all()


def compare(*, portrait_id: UUID, storage: Storage, progress: Callable[[int, int], object]) -> None:
    """Find out which others of its order look like this portrait; what was known is replaced."""
    order_id, members = _members(portrait_id)
    found: tuple[Collision, ...] = ()
    if len(members) > 1:
        members, printed = _read(members, storage)
        found = collisions(printed, progress, new={0})
    _note(portrait_id, order_id, [(members[pair.second].id, pair) for pair in found])


def _members(portrait_id: UUID) -> tuple[UUID | None, list[_Member]]:
    """The order, and those of it that have a marker; the portrait itself comes first.

    What lies in the bin belongs to them, as it may be put back.
    """
    portrait = portraits.find_even_binned(portrait_id)
    if portrait is None:  # erased while the job was waiting
        return None, []
    order_id = portrait.order_id
    rows = []
    if order_id is not None and portrait.marker_key is not None:
        query = select(Portrait.id, Portrait.preview_key, Portrait.marker_key).where(
            Portrait.order_id == order_id, Portrait.marker_key.is_not(None)
        )
        rows = list(db.session.execute(query.order_by(Portrait.id != portrait_id, Portrait.id)))
    db.session.rollback()  # pixels are not worked on inside a transaction
    return order_id, [_Member(one, preview, marker) for one, preview, marker in rows if marker]


def _read(members: Sequence[_Member], storage: Storage) -> tuple[list[_Member], list[Printed]]:
    """The files of those whose files are there; the first one's have to be."""
    there = [(members[0], _printed(members[0], storage)), *_others(members[1:], storage)]
    return [member for member, _ in there], [printed for _, printed in there]


def _others(members: Sequence[_Member], storage: Storage) -> Iterator[tuple[_Member, Printed]]:
    for member in members:
        try:
            yield member, _printed(member, storage)
        except (DamagedFileError, MissingFileError):
            continue


def _printed(member: _Member, storage: Storage) -> Printed:
    return Printed(
        read_verified(storage, member.preview_key), read_verified(storage, member.marker_key)
    )


def _note(
    portrait_id: UUID, order_id: UUID | None, found: Sequence[tuple[UUID, Collision]]
) -> None:
    with atomic():
        # one at a time: two that look alike would each store the same pair
        held = select(Portrait).where(
            Portrait.order_id == order_id if order_id else Portrait.id == portrait_id
        )
        there = {one.id: one for one in db.session.scalars(held.with_for_update()).all()}
        if portrait_id not in there:  # in another order by now, where it is compared anew
            return
        mine = or_(LookAlike.portrait_id == portrait_id, LookAlike.other_id == portrait_id)
        known = set(db.session.scalars(select(LookAlike.other_id).where(mine)).all())
        db.session.execute(delete(LookAlike).where(mine))
        for other_id, pair in found:
            for one, another in ((portrait_id, other_id), (other_id, portrait_id)):
                row = LookAlike(
                    portrait_id=one, other_id=another, confused=pair.confused, looks=pair.looks
                )
                db.session.add(row)
        if {other_id for other_id, _ in found} - known:
            subject = portraits.subject_of(portrait_id)
            notifications.tell_admins(NotificationType.LOOK_ALIKE, {}, subject)
