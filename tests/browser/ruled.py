"""Portraits that a studio's rules, or its work, keep from coming alive; made beside a real one."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.inspection import inspect

from tests.browser.rows import rows_of
from tests.factories import make_order, make_portrait, make_public_code, make_video
from tests.media import samples
from vertex.extensions import db
from vertex.models import Job, Portrait, PortraitStatus, Recognisable, Row, VideoStatus, utcnow
from vertex.models._base import uuid7
from vertex.runtime import runtime
from vertex.services import pins, programmes
from vertex.services._transaction import atomic
from vertex.services.proofs import PROOF_JOB
from vertex.storage import content_type_of, file_key

PIN = "4711"
ORDER = "SECRET-77"
ALBUM = "ALBUM-3"
_WORDS = b"WEBVTT\n\n00:00.000 --> 00:59.000\nHello, Anna\n"
_UNMADE = {"status": VideoStatus.PROCESSING, "file_key": None, "active": False}
_OWN = {"id", "created_at", "updated_at", "portrait_id"}


def _kinds() -> dict[str, dict[str, Any]]:
    """What each is called, and what its row says."""
    locked = {"pin_hash": pins.hash_of(PIN)}
    waiting = {"status": PortraitStatus.PROCESSING, "marker_key": None}
    return {
        "pin": locked,
        "pin-wrong": locked,
        "pin-locked": locked,
        "paused": {"paused": True},
        "later": {"opens_at": utcnow() + timedelta(days=3)},
        "expired": {"closes_at": utcnow() - timedelta(days=3)},
        "deleted": {"deleted_at": utcnow()},
        "processing": waiting,
        "video-processing": {},
        "marker-failed": {"status": PortraitStatus.FAILED, "marker_key": None},
        "not-recognisable": {"recognisable": Recognisable.NO, "reason": "flat"},
        "no-video": {},
        "once": {},  # its video does not begin again
        "long": {},  # its video is fetched piece by piece
        "silent": {},  # its video has no sound
        "captions": {},  # what is said can be read
    }


def _long_film(path: Path) -> Path:
    """Twenty seconds that weigh more than a browser fetches ahead."""
    noise = "testsrc2=size=640x360:rate=15:duration=20,noise=alls=90:allf=t"
    fast = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "12", "-pix_fmt", "yuv420p"]
    return samples.video(path, "-f", "lavfi", "-i", noise, *fast, "-movflags", "+faststart")


def _stored(source: BinaryIO, area: str, extension: str) -> str:
    key = file_key(area, uuid7(), source, extension)
    runtime().storage.put(key, source, content_type=content_type_of(key))
    return key


def _film_of(name: str, instance: Path) -> dict[str, Any]:
    """What is peculiar to the video of a kind."""
    own: dict[str, Any] = {"loop": name != "once", "has_sound": name != "silent"}
    if name == "video-processing":
        own |= _UNMADE
    elif name == "long":
        with _long_film(instance.parent / "long.mp4").open("rb") as film:
            own["file_key"] = _stored(film, "videos", "mp4")
    elif name == "captions":
        own["captions_key"] = _stored(BytesIO(_WORDS), "previews", "vtt")
        own["captions_language"] = "en"
    return own


def _album(portraits: list[str]) -> dict[str, str]:
    """An order with a copy of each of these portraits."""
    order = make_order(number=ALBUM)
    for portrait_id in portraits:
        portrait, video = _read(portrait_id)
        copy = make_portrait(**{**portrait, "order_id": order.id})
        make_video(**{**video, "portrait_id": copy.id})
    return {"order": str(order.id), "code": make_public_code(order_id=order.id).code}


def _read(portrait_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    portrait = db.session.get_one(Portrait, UUID(portrait_id))
    video = programmes.now_playing(portrait)
    assert video is not None
    return _values(portrait), _values(video)


def leave_out_proofs(instance: Path) -> None:
    """Forget the proofs that wait: they would take the processor from what is measured."""
    with rows_of(instance), atomic():
        db.session.execute(delete(Job).where(Job.kind == PROOF_JOB))


def add(instance: Path, portrait_id: str, *others: str) -> dict[str, dict[str, str]]:
    """Add one of each kind with the files of this portrait, and an album of it and others.

    Answers the id and the code of each.
    """
    added = {}
    with rows_of(instance):
        first, film = _read(portrait_id)
        for name, rules in _kinds().items():
            order = make_order(number=ORDER) if name == "pin" else None
            copy = make_portrait(**{**first, "order_id": order and order.id, **rules})
            if name != "no-video":
                make_video(**{**film, "portrait_id": copy.id, **_film_of(name, instance)})
            code = make_public_code(portrait_id=copy.id).code
            added[name] = {"portrait": str(copy.id), "code": code}
        added["album"] = _album([portrait_id, *others])
    return added


def _values(row: Row) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in names if name not in _OWN}
