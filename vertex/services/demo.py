"""The demo: one drawn portrait and its film in an installation that has nothing yet."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from uuid import UUID

from sqlalchemy import func, select

from vertex.extensions import db
from vertex.models import Client, Portrait, Role, User
from vertex.services import accounts, intake, public_codes
from vertex.services.audit import Actor
from vertex.storage import Storage

USERNAME = "admin"
_EMAIL = "admin@example.com"
_CLIENT = "Demo client"
_PHONE = "+12025550143"  # of the numbers set aside for fiction
_TITLE = "Portrait with a wreath"
_PICTURES = files("vertex") / "demo"


@dataclass(frozen=True, slots=True)
class Filled:
    """The demo as stored; `password` is known only to the run that made the account."""

    portrait_id: UUID
    code: str
    password: str | None


def fill(*, actor: Actor, storage: Storage) -> Filled | None:
    """Return the demo, made if there was nothing; None if a studio's own work is stored here."""
    portrait = _find()
    if portrait is None and not _in_use():
        portrait = _make(actor, storage)
    if portrait is None or portrait.deleted_at is not None:
        return None
    password = _make_admin(actor)
    return Filled(portrait.id, public_codes.of_portrait(portrait.id), password)


def _find() -> Portrait | None:
    """Return the demo's portrait, be it in the bin."""
    digest = sha256(read("portrait.jpg")).hexdigest()
    query = select(Portrait).where(Portrait.sha256 == digest).order_by(Portrait.id)
    return db.session.scalars(query.limit(1)).first()


def _in_use() -> bool:
    return bool(db.session.scalar(select(func.count(Client.id))))


def _make(actor: Actor, storage: Storage) -> Portrait:
    delivery = intake.Delivery(
        client=_CLIENT,
        phone=_PHONE,
        portrait=BytesIO(read("portrait.jpg")),
        portrait_name=f"{_TITLE}.jpg",
        video=BytesIO(read("video.mp4")),
        video_name=f"{_TITLE}.mp4",
    )
    return intake.accept(delivery, actor=actor, storage=storage)


def _make_admin(actor: Actor) -> str | None:
    """Return the password of a new admin, or None if there are people already."""
    if db.session.scalar(select(func.count(User.id))):
        return None
    password = secrets.token_urlsafe(15)
    accounts.create(
        username=USERNAME, email=_EMAIL, password=password, role=Role.ADMIN, actor=actor
    )
    return password


def read(name: str) -> bytes:
    """Return one of the demo's two files."""
    return (_PICTURES / name).read_bytes()
