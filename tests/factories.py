"""make_x() stores an X with believable defaults; name only what the test is about."""

from itertools import count
from typing import Any, TypeVar

from vertex.extensions import db
from vertex.models import (
    Client,
    Job,
    LookAlike,
    Notification,
    NotificationType,
    Order,
    Portrait,
    PortraitStatus,
    Proof,
    PublicCode,
    Recognisable,
    Row,
    User,
    Video,
    VideoStatus,
)
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.services.jobs import NORMAL

OLGA = Actor("user:olga", ip="192.0.2.7", request_id="olgas-request")

_serial = count(1)
_R = TypeVar("_R", bound=Row)


def number_anew() -> None:
    """Give what is made from here on the first numbers: no test depends on those before it."""
    global _serial
    _serial = count(1)


def make_user(**given: Any) -> User:
    """A stored user."""
    n = next(_serial)
    defaults = {"username": f"user{n}", "email": f"user{n}@example.com", "password_hash": "!"}
    return _store(User(**{**defaults, **given}))


def make_client(**given: Any) -> Client:
    """A stored client."""
    n = next(_serial)
    return _store(Client(**{"name": f"Client {n}", "phone": f"+7999{n:07}", **given}))


def make_order(**given: Any) -> Order:
    """A stored order, of a client of its own unless one is given."""
    owner = {} if "client_id" in given else {"client_id": make_client().id}
    return _store(Order(**{"number": f"A-{next(_serial)}", **owner, **given}))


def make_portrait(**given: Any) -> Portrait:
    """A stored portrait that can be recognised; its files are names only."""
    n = next(_serial)
    owner = {} if "client_id" in given else {"client_id": make_client().id}
    defaults = {
        "title": f"Portrait {n}",
        "image_key": _key("portraits", n, "jpg"),
        "preview_key": _key("previews", n, "webp"),
        "marker_key": _key("markers", n, "vxm"),
        "width": 600,
        "height": 800,
        "sha256": f"{n:064x}",
        "status": PortraitStatus.READY,
        "recognisable": Recognisable.YES,
        "marker_bytes": 40_000,
        "marker_ms": 900,
    }
    return _store(Portrait(**{**defaults, **owner, **given}))


def make_proof(portrait: Portrait, *, alike: Portrait | None = None, **given: Any) -> Proof:
    """A stored proof of a portrait, and of another one that looks `alike`."""
    defaults = {
        "proved": portrait.marker_key or "none",
        "recognised": 71,
        "looks": 100,
        "score": 0.7,
        "smallest_size": 0.25,
        "largest_angle": 50.0,
        "picture_key": _key("previews", next(_serial), "jpg"),
    }
    if alike is not None:
        pair = {"portrait_id": portrait.id, "other_id": alike.id}
        _store(LookAlike(confused=4, looks=6, **pair))
    return _store(Proof(portrait_id=portrait.id, **{**defaults, **given}))


def make_video(**given: Any) -> Video:
    """A stored active video, of a portrait of its own unless one is given."""
    n = next(_serial)
    owner = {} if "portrait_id" in given else {"portrait_id": make_portrait().id}
    defaults = {
        "source_key": _key("videos", n, "mov"),
        "file_key": _key("videos", n, "mp4"),
        "poster_key": _key("previews", n, "jpg"),
        "duration_s": 4.0,
        "width": 720,
        "height": 960,
        "has_sound": True,
        "active": True,
        "status": VideoStatus.READY,
        "made_revision": 1,
    }
    return _store(Video(**{**defaults, **owner, **given}))


def make_public_code(**given: Any) -> PublicCode:
    """A stored code, of a portrait of its own unless one is given."""
    named = (
        {} if given.keys() & {"portrait_id", "order_id"} else {"portrait_id": make_portrait().id}
    )
    return _store(PublicCode(**{"code": f"{next(_serial):010}", **named, **given}))


def make_job(**given: Any) -> Job:
    """A stored job that is due."""
    n = next(_serial)
    defaults = {"kind": "test", "subject": f"test:{n}", "priority": NORMAL}
    return _store(Job(**{**defaults, **given}))


def make_notification(**given: Any) -> Notification:
    """A stored notification that nobody has read; of a user of its own unless one is given."""
    owner = {} if "user_id" in given else {"user_id": make_user().id}
    defaults = {
        "type": NotificationType.JOB_FAILED,
        "parameters": {"kind": "marker.build"},
        "subject": f"test:{next(_serial)}",
    }
    return _store(Notification(**{**defaults, **owner, **given}))


def _store(row: _R) -> _R:
    # as the program writes: a session that has read cannot begin to write while others do
    with atomic():
        db.session.add(row)
    return row


def _key(area: str, n: int, extension: str) -> str:
    return f"{area}/00000000-0000-7000-8000-{n:012x}/{n:032x}.{extension}"
