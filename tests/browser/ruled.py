"""Portraits that a studio's rules, or its work, keep from coming alive; made beside a real one."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.inspection import inspect

from tests.factories import make_order, make_portrait, make_public_code, make_video
from tests.media import samples
from vertex import create_app
from vertex.extensions import db
from vertex.models import Job, Portrait, PortraitStatus, Recognisable, Row, VideoStatus, utcnow
from vertex.models._base import uuid7
from vertex.runtime import runtime
from vertex.services import pins, programmes
from vertex.services._transaction import atomic
from vertex.services.proofs import PROOF_JOB
from vertex.settings import Settings
from vertex.storage import file_key

PIN = "4711"
ORDER = "SECRET-77"
_UNMADE = {"status": VideoStatus.PROCESSING, "file_key": None, "active": False}
_OWN = {"id", "created_at", "updated_at", "portrait_id"}


def _kinds() -> dict[str, dict[str, Any]]:
    """What each is called, and what its row says."""
    locked = {"pin_hash": pins.hash_of(PIN)}
    waiting = {"status": PortraitStatus.PROCESSING, "marker_key": None}
    return {
        "pin": locked,
        "pin-wrong": locked,
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
    }


def _long_film(path: Path) -> Path:
    """Twenty seconds that weigh more than a browser fetches ahead."""
    noise = "testsrc2=size=640x360:rate=15:duration=20,noise=alls=90:allf=t"
    fast = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "12", "-pix_fmt", "yuv420p"]
    return samples.video(path, "-f", "lavfi", "-i", noise, *fast, "-movflags", "+faststart")


def _stored(film: Path) -> str:
    with film.open("rb") as source:
        key = file_key("videos", uuid7(), source, "mp4")
        runtime().storage.put(key, source, content_type="video/mp4")
    return key


def leave_out_proofs(instance: Path) -> None:
    """Forget the proofs that wait: they would take the processor from what is measured."""
    app = create_app(Settings(instance=instance, testing=True))
    with app.app_context():
        with atomic():
            db.session.execute(delete(Job).where(Job.kind == PROOF_JOB))
        db.engine.dispose()


def add(instance: Path, portrait_id: str) -> dict[str, dict[str, str]]:
    """Add one of each kind with the files of this portrait; the id and the code of each."""
    added = {}
    app = create_app(Settings(instance=instance, testing=True))
    with app.app_context():
        portrait = db.session.get_one(Portrait, UUID(portrait_id))
        video = programmes.now_playing(portrait)
        assert video is not None
        first, film = _values(portrait), _values(video)
        for name, rules in _kinds().items():
            order = make_order(number=ORDER) if name == "pin" else None
            copy = make_portrait(**{**first, "order_id": order and order.id, **rules})
            if name != "no-video":
                made = {**film, "portrait_id": copy.id, "loop": name != "once"}
                if name == "video-processing":
                    made |= _UNMADE
                elif name == "long":
                    made |= {"file_key": _stored(_long_film(instance.parent / "long.mp4"))}
                make_video(**made)
            code = make_public_code(portrait_id=copy.id).code
            added[name] = {"portrait": str(copy.id), "code": code}
        db.session.remove()
        db.engine.dispose()
    return added


def _values(row: Row) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in names if name not in _OWN}
