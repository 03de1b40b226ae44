"""Saved views: one person's own names for filters of the list of orders."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import SavedView, User, utcnow
from vertex.models.folding import without_nul
from vertex.services._transaction import atomic, violates

MOST = 20

_LONGEST_NAME = 40


def of_user(user_id: UUID) -> Sequence[SavedView]:
    """Return a person's views in the order in which they were saved."""
    query = select(SavedView).where(SavedView.user_id == user_id, SavedView.deleted_at.is_(None))
    return db.session.scalars(query.order_by(SavedView.id)).all()


def save(user_id: UUID, name: str, filters: Mapping[str, str]) -> SavedView:
    """Return the stored view; ConflictError if the name is taken or there are MOST of them."""
    name = _clean_name(name)
    if not filters:
        raise InvalidError("view_of_everything")
    view = SavedView(user_id=user_id, name=name, filters=dict(filters))
    try:
        with atomic():
            _hold_person(user_id)
            if len(of_user(user_id)) >= MOST:
                raise ConflictError("views_too_many", limit=MOST)
            db.session.add(view)
    except IntegrityError as error:
        raise _taken(error, name) from None
    return view


def move_to_bin(view_id: UUID, *, user_id: UUID) -> SavedView:
    """Take a view away; NotFoundError if it is another person's."""
    with atomic():
        view = _own(view_id, user_id)
        view.deleted_at = view.deleted_at or utcnow()
    return view


def restore(view_id: UUID, *, user_id: UUID) -> SavedView:
    """Put a view back; ConflictError if another has taken its name meanwhile."""
    name = ""
    try:
        with atomic():
            _hold_person(user_id)
            view = _own(view_id, user_id)
            name = view.name
            if view.deleted_at is not None and len(of_user(user_id)) >= MOST:
                raise ConflictError("views_too_many", limit=MOST)
            view.deleted_at = None
    except IntegrityError as error:
        raise _taken(error, name) from None
    return view


def _own(view_id: UUID, user_id: UUID) -> SavedView:
    view = db.session.get(SavedView, view_id)
    if view is None or view.user_id != user_id:
        raise NotFoundError(kind="view", id=str(view_id))
    return view


def _hold_person(user_id: UUID) -> None:
    """Let nobody else count this person's views until the surrounding transaction ends."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())


def _clean_name(name: str) -> str:
    name = " ".join(without_nul(name).split())
    if not name:
        raise InvalidError("view_name_missing", field="name")
    if len(name) > _LONGEST_NAME:
        raise InvalidError("name_long", field="name", limit=_LONGEST_NAME)
    return name


def _taken(error: IntegrityError, name: str) -> Exception:
    if not violates(error, "uq_saved_views_user_id_name"):
        return error
    return ConflictError("view_name_taken", name=name)
