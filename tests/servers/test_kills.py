"""Killed at any moment, the program loses nothing it has acknowledged, and does nothing twice."""

import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

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
from vertex.models import (
    AuditAction,
    AuditEntry,
    Job,
    JobState,
    LooseFile,
    Notification,
    Portrait,
    PublicCode,
    Row,
    Submission,
    Upload,
    Video,
    utcnow,
)
from vertex.models import Client as ClientRow
from vertex.runtime import runtime
from vertex.services import media_files
from vertex.services._files import verified_path
from vertex.services._transaction import atomic
from vertex.services.jobs import MOST_TAKEN, OPEN
from vertex.services.portraits import MARKER_JOB
from vertex.services.videos import CONVERT_JOB
from vertex.settings import Settings
from vertex.storage.s3 import PART

KILLS = int(os.environ.get("VERTEX_TEST_KILLS", "50"))
SEED = 20261123
LEAST_STRUCK = KILLS // 10
MOST_MORE = KILLS  # for what was struck too seldom
LONGEST_LIFE = 2.0  # s between two kills
LONGEST_WAIT = 10.0  # s for a piece of work that is to be cut short
MOST_WAITING = 10  # jobs
MOST_AIMED_AT = 2  # attempts
CLIENTS = 2
UPLOAD = "upload"
JOBS = (MARKER_JOB, CONVERT_JOB)
WORK = (UPLOAD, *JOBS)
WITHIN = {UPLOAD: 0.2, MARKER_JOB: 0.05, CONVERT_JOB: 0.5}  # s

pytestmark = pytest.mark.xdist_group("ceph")


def plant(studio: Installation, *, workers: bool) -> Plant:
    """What runs an installation: gunicorn, and with `workers` Celery beside it."""
    studio.settings |= {
        "VERTEX_LEASE_SECONDS": "2",
        # a proof works for longer than a server lives here, and would be given up as it should be
        "VERTEX_PROVE": "false",
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


def films(folder: Path) -> list[bytes]:
    """Short films that must be coded again, with sound; one is so large that it goes in parts."""
    source = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=15:duration=1"]
    place = folder / "film.mov"
    small = samples.video(place, *source, *samples.TONE, "-c:v", "mpeg4", *samples.AAC)
    content = small.read_bytes()
    padding = PART + 1 - len(content)
    return [content, content, content + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8)]


@pytest.mark.parametrize("mode", ["embedded", "scaled"])
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    mode: str, request: pytest.FixtureRequest, record_property: Any, tmp_path: Path
) -> None:
    found: Plant = request.getfixturevalue(mode)
    picture, contents = good_picture().read(), films(tmp_path)
    found.start()
    undisturbed = upload_in_peace(found, picture, contents)
    wait_until_all_is_done(found)
    expected = [result_of(portrait) for portrait in undisturbed]
    assert litter_of(found) == []

    clients = [
        Client(found.studio.port, f"Anna {n}", picture, contents) for n in range(1, CLIENTS + 1)
    ]
    struck = kill_again_and_again(found, clients)
    wait_until_all_is_done(found)
    wait_until_no_file_is_loose(found)

    record_property("struck", dict(struck))
    assert min(struck[work] for work in WORK) >= LEAST_STRUCK, struck
    acknowledged = [portrait for client in clients for portrait in client.acknowledged]
    assert Counter(db.session.scalars(select(Portrait.id))) == Counter(undisturbed + acknowledged)
    for portrait in acknowledged:
        assert result_of(portrait) in expected
    assert_each_has_its_own(undisturbed + acknowledged)
    assert litter_of(found) == []
    assert found.studio.flask("media", "verify") == "All files are there and whole.\n"
    assert found.studio.flask("media", "sweep") == "There is nothing to sweep.\n"


def upload_in_peace(found: Plant, picture: bytes, contents: list[bytes]) -> list[UUID]:
    """Upload each film once, in a server that lives."""
    client = Client(found.studio.port, "Anna 0", picture, contents)
    client.ending.set()
    olga = Browser(client.port)
    client.insist(olga.sign_in)
    once = [olga.hidden("/portraits/new", "once") for _ in contents]
    return [client.upload(olga, token, 900 + n, False) for n, token in enumerate(once)]


def kill_again_and_again(found: Plant, clients: list[Client]) -> Counter[str]:
    """Kill at random moments; how often each kind of work was cut short.

    One kill in four comes at any moment, the others at one within a piece of work; a few more are
    aimed at what was struck too seldom.
    """
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    struck: Counter[str] = Counter()
    for number in range(KILLS + MOST_MORE):
        rarest = min(WORK, key=lambda work: struck[work])
        if number >= KILLS and struck[rarest] >= LEAST_STRUCK:
            break
        aim = (None, *WORK)[number % 4] if number < KILLS else rarest
        # while workers are killed the server takes more than they can do in the end
        much = aim != UPLOAD and len(unfinished()) > MOST_WAITING
        for client in clients:
            client.pausing = much
        wait_for_a_moment(aim, clients, chance)
        web, worker = found.groups[0], found.groups[-1]
        victim = {None: chance.choice(found.groups), UPLOAD: web}.get(aim, worker)
        mortal = ({UPLOAD} if victim is web else set()) | (set(JOBS) if victim is worker else set())
        under_way = work_under_way(clients) & mortal
        victim.kill()
        struck.update(under_way)
        victim.start()
    for client in clients:
        client.ending.set()
    for thread in threads:
        thread.join()
    return struck


def wait_for_a_moment(aim: str | None, clients: list[Client], chance: random.Random) -> None:
    if aim is None:
        time.sleep(chance.uniform(0.0, LONGEST_LIFE))
        return
    end = time.monotonic() + LONGEST_WAIT
    # a job that was killed often rests for minutes, and is given up in the end: as it should be
    while aim not in work_under_way(clients, MOST_AIMED_AT) and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(chance.uniform(0.0, WITHIN[aim]))


def work_under_way(clients: list[Client], most_attempts: int = MOST_TAKEN) -> set[str]:
    """What would be cut short now: requests with a file, and jobs in living hands."""
    living = (Job.state == JobState.RUNNING, Job.lease_until > utcnow())
    running = select(Job.kind).where(*living, Job.attempts <= most_attempts)
    kinds = set(db.session.scalars(running))
    db.session.rollback()
    return kinds | ({UPLOAD} if any(client.sending for client in clients) else set())


def unfinished() -> list[str]:
    db.session.rollback()
    left = db.session.scalars(select(Job).where(Job.state.in_(OPEN))).all()
    return [f"{job.kind} {job.state} {job.attempts} {job.run_at}" for job in left]


def wait_until_all_is_done(found: Plant) -> None:
    wait_until(found, lambda: not unfinished())


def wait_until_no_file_is_loose(found: Plant) -> None:
    """Let the time pass for which a file may be under way; then the clock clears it away."""
    with atomic():
        db.session.execute(update(LooseFile).values(held_until=utcnow()))
    for group in found.groups:
        group.kill()
    found.start()

    def none_is() -> bool:
        db.session.rollback()
        return db.session.scalar(select(LooseFile.id).limit(1)) is None

    wait_until(found, none_is)
    wait_until_all_is_done(found)


def wait_until(found: Plant, so: Callable[[], bool]) -> None:
    end = time.monotonic() + QUIET
    while not so():
        if time.monotonic() >= end:
            logs = [group.log.read_text()[-3000:] for group in found.groups]
            raise AssertionError([*unfinished(), *logs])
        time.sleep(0.2)


def litter_of(found: Plant) -> list[str]:
    """What a sweep would find two days from now: files without rows, and drafts."""
    settings, later = runtime().settings, utcnow() + timedelta(days=2)
    orphans = [file.key for file in media_files.orphans(runtime().storage, later)]
    drafts = media_files.stale_drafts((settings.temporary_files, uploads_of(found)), later)
    wanted = {f"{upload}.part" for upload in db.session.scalars(select(Upload.id))}
    return [*orphans, *(path.name for path in drafts if path.name not in wanted)]


def uploads_of(found: Plant) -> Path:
    return found.studio.instance / "uploads"


def result_of(portrait_id: UUID) -> dict[str, object]:
    """All that an upload comes to, but for ids, times and names; its files are compared, too."""
    subject = f"portrait:{portrait_id}"
    portrait = db.session.get_one(Portrait, portrait_id)
    videos = db.session.scalars(select(Video).where(Video.portrait_id == portrait_id)).all()
    jobs = db.session.scalars(select(Job).where(Job.subject == subject)).all()
    actions = select(AuditEntry.action).where(AuditEntry.subject == subject)
    codes = select(PublicCode.code).where(PublicCode.portrait_id == portrait_id)
    told = select(Notification.type).where(Notification.subject == subject)
    rows: list[Row] = [portrait, *videos]
    result = {
        "rows": [fields_of(row) for row in rows],
        "files": Counter(file for row in rows for file in files_of(row)),
        "jobs": sorted((job.kind, job.state.value, job.error or "") for job in jobs),
        "audit": Counter(db.session.scalars(actions)),
        "codes": len(db.session.scalars(codes).all()),
        "notifications": db.session.scalars(told).all(),
    }
    db.session.rollback()
    return result


def fields_of(row: Row) -> dict[str, object]:
    """The fields of a portrait or a video that any two of one kind must share."""
    own = (
        "id", "client_id", "portrait_id", "title", "search_text", "created_at", "updated_at",
        "marker_ms",
    )  # fmt: skip
    names = [column.name for column in row.__table__.columns]
    return {n: getattr(row, n) for n in names if n not in own and not n.endswith("_key")}


def files_of(row: Row) -> list[tuple[str, str, str]]:
    """The files of a row: column, area and content; each has been read and is whole."""
    found = []
    for column in row.__table__.columns:
        key = getattr(row, column.name)
        if column.name.endswith("_key") and key is not None:
            with verified_path(runtime().storage, key):
                area, _, name = key.partition("/")
                found.append((column.name, area, name.rpartition("/")[2]))
    return found


def assert_each_has_its_own(portraits: list[UUID]) -> None:
    """One client, one form and one code a portrait: nothing was made for nobody."""
    owners = db.session.scalars(select(Portrait.client_id)).all()
    made = select(AuditEntry.subject).where(AuditEntry.action == AuditAction.CLIENT_CREATED)
    assert len(set(owners)) == len(owners) == len(portraits)
    assert set(db.session.scalars(select(ClientRow.id))) == set(owners)
    assert Counter(db.session.scalars(made)) == Counter(f"client:{owner}" for owner in owners)
    results = Counter(db.session.scalars(select(Submission.result)))
    assert results == Counter(f"portrait:{portrait}" for portrait in portraits)
    assert Counter(db.session.scalars(select(PublicCode.portrait_id))) == Counter(portraits)
    assert db.session.scalars(select(Notification)).all() == []
