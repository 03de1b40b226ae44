"""Killed at any moment, the program loses nothing it has acknowledged, and does nothing twice."""

import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.media import samples
from tests.servers.browser import Browser
from tests.servers.ceph import Ceph
from tests.servers.killing import QUIET, Client, Group, Plant
from tests.servers.postgres import Postgres
from tests.servers.redis import Redis
from tests.servers.vertex_server import BIN, Installation
from tests.services.intake_parts import good_picture
from tests.web.staff import PASSWORD
from vertex import create_app
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Job, JobState, Portrait, Video, utcnow
from vertex.runtime import runtime
from vertex.services import media_files
from vertex.services._files import verified_path
from vertex.services._transaction import atomic
from vertex.services.proofs import PROOF_JOB
from vertex.settings import Settings

KILLS = int(os.environ.get("VERTEX_TEST_KILLS", "50"))
SEED = 20261123
LONGEST_LIFE = 3.0  # s between two kills
CLIENTS = 2

pytestmark = pytest.mark.xdist_group("ceph")


def plant(studio: Installation, *, workers: bool) -> Plant:
    """What runs an installation: gunicorn, and with `workers` Celery beside it."""
    studio.settings |= {
        "VERTEX_LEASE_SECONDS": "2",
        "VERTEX_UPLOAD_LIMIT": "1000 per minute",
        "VERTEX_STAFF_LIMIT": "10000 per minute",
        "VERTEX_FILE_LIMIT": "10000 per minute",
    }
    studio.flask("db", "upgrade")
    studio.flask("media", "init")
    studio.make_admin("olga", PASSWORD)
    environment = studio.environment()
    groups = [Group([str(BIN / "gunicorn"), "wsgi:app"], environment, studio.instance / "web.log")]
    if workers:
        celery = [sys.executable, "-m", "celery", "-A", "vertex.jobs.celery_app", "worker"]
        options = ["--beat", "--concurrency", "2", "--loglevel", "warning"]
        groups.append(Group([*celery, *options], environment, studio.instance / "celery.log"))
    given = {
        name.removeprefix("VERTEX_").lower(): v
        for name, v in environment.items()
        if name.startswith("VERTEX_")
    }
    return Plant(studio, groups, create_app(Settings.model_validate({**given, "testing": True})))


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Plant]:
    (tmp_path / "instance").mkdir()
    yield from living(plant(Installation(tmp_path / "instance"), workers=False))


@pytest.fixture
def scaled(
    tmp_path: Path, postgres: Postgres, migrated_postgresql: str, redis_server: Redis, ceph: Ceph
) -> Iterator[Plant]:
    (tmp_path / "instance").mkdir()
    studio = Installation(tmp_path / "instance")
    database = postgres.new_database(migrated_postgresql)
    studio.settings |= {f"VERTEX_{n.upper()}": str(v) for n, v in ceph.settings().items()}
    studio.settings |= {
        "VERTEX_DATABASE_URL": postgres.url(database),
        "VERTEX_REDIS_URL": redis_server.url,
        "VERTEX_JOBS": "celery",
    }
    yield from living(plant(studio, workers=True))


def living(found: Plant) -> Iterator[Plant]:
    try:
        with found.app.app_context():
            yield found
            db.session.rollback()
            db.engine.dispose()
    finally:
        for group in found.groups:
            group.kill()


def film(folder: Path) -> bytes:
    """A short film that must be coded again, with sound."""
    source = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=15:duration=1"]
    return samples.video(
        folder / "film.mov", *source, *samples.TONE, "-c:v", "mpeg4", *samples.AAC
    ).read_bytes()


def shape(portrait_id: UUID) -> Counter[tuple[str, str]]:
    """The files of a portrait and its video: area and content."""
    portrait = db.session.get_one(Portrait, portrait_id)
    rows: list[Any] = [
        portrait,
        *db.session.scalars(select(Video).where(Video.portrait_id == portrait.id)),
    ]
    keys = [
        getattr(row, c.name)
        for row in rows
        for c in row.__table__.columns
        if c.name.endswith("_key")
    ]
    storage = runtime().storage
    found: Counter[tuple[str, str]] = Counter()
    for key in filter(None, keys):
        with verified_path(storage, key):
            area, _, name = key.partition("/")
            found[area, name.rpartition("/")[2]] += 1
    return found


def unfinished() -> int:
    """How much is left to do but proofs, which take long and are stored as films are."""
    with atomic():
        db.session.execute(delete(Job).where(Job.kind == PROOF_JOB))
    states = db.session.scalars(select(Job.state)).all()
    return sum(state in (JobState.QUEUED, JobState.RUNNING) for state in states)


def wait_until_all_is_done(found: Plant) -> None:
    end = time.monotonic() + QUIET
    while unfinished():
        assert time.monotonic() < end, [group.log.read_text()[-3000:] for group in found.groups]
        time.sleep(0.2)


@pytest.mark.parametrize("mode", ["embedded", "scaled"])
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    mode: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    found: Plant = request.getfixturevalue(mode)
    picture, content = good_picture().read(), film(tmp_path)
    found.start()
    undisturbed = Client(found.studio.port, "Anna 0", picture, content)
    undisturbed.ending.set()
    clients = [
        Client(found.studio.port, f"Anna {n}", picture, content) for n in range(1, CLIENTS + 1)
    ]
    first = first_portrait(undisturbed)
    wait_until_all_is_done(found)
    expected = shape(first)

    kill_again_and_again(found, clients)
    wait_until_all_is_done(found)

    acknowledged = [portrait for client in clients for portrait in client.acknowledged]
    assert len(acknowledged) >= KILLS // 10  # it did live between the kills
    assert len(set(acknowledged)) == len(acknowledged)
    stored = set(db.session.scalars(select(Portrait.id)))
    assert set(acknowledged) <= stored
    assert_all_is_as_undisturbed(stored, expected)
    assert list(media_files.verify(runtime().storage)) == []
    assert_only_unacknowledged_litter()


def first_portrait(client: Client) -> UUID:
    """Upload once, in peace."""
    olga = Browser(client.port)
    client.insist(olga.sign_in)
    once = olga.hidden("/portraits/new", "once")
    return client.upload(olga, once, 999, False)


def kill_again_and_again(found: Plant, clients: list[Client]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.0, LONGEST_LIFE))
        victim = chance.choice(found.groups)
        victim.kill()
        victim.start()
    for client in clients:
        client.ending.set()
    for thread in threads:
        thread.join()


def assert_all_is_as_undisturbed(stored: set[UUID], expected: Counter[tuple[str, str]]) -> None:
    jobs = db.session.scalars(select(Job).where(Job.subject.like("portrait:%"))).all()
    assert [(job.kind, job.attempts, job.error) for job in jobs if job.error] == []
    assert Counter((job.subject, job.kind, job.state) for job in jobs) == Counter(
        (f"portrait:{portrait}", kind, JobState.DONE)
        for portrait in stored
        for kind in ("marker.build", "video.convert")
    )
    done = (AuditAction.MARKER_BUILT, AuditAction.VIDEO_CONVERTED)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.in_(done))).all()
    assert Counter((entry.subject, entry.action) for entry in entries) == Counter(
        (f"portrait:{portrait}", action) for portrait in stored for action in done
    )
    for portrait in stored:
        assert shape(portrait) == expected


def assert_only_unacknowledged_litter() -> None:
    """What a kill has left of uploads nobody was told of is found by the sweep, and is all."""
    storage, later = runtime().storage, utcnow() + timedelta(days=2)
    for file in media_files.orphans(storage, later):
        storage.delete(file.key)
    assert media_files.orphans(storage, later) == []
