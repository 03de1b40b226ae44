"""`flask portraits import`, run as people run it: a process of its own."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import MakeSettings
from tests.factories import OLGA
from tests.media import samples
from tests.media.refusals import Make, made, of
from tests.media.samples import H264, PICTURES, encoded, photo
from tests.services.intake_parts import files_of, good_picture, rows_of, soft_picture
from vertex import create_app
from vertex.extensions import db
from vertex.models import (
    AuditAction,
    AuditEntry,
    Client,
    Job,
    JobState,
    Order,
    Portrait,
    PortraitStatus,
    Recognisable,
    Video,
)
from vertex.recogniser import Recogniser
from vertex.runtime import Runtime
from vertex.services import clients, portraits
from vertex.services._transaction import atomic
from vertex.storage import file_key

ROOT = Path(__file__).parents[2]
PUBLIC_URL = "https://studio.example"
LEASE_SECONDS = 4


@dataclass(frozen=True)
class Desk:
    """A studio's installation and the files on its desk."""

    app: Flask
    environment: dict[str, str]
    portrait: Path
    video: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a flask command to its end."""
        return subprocess.run(
            _flask(*arguments), env=self.environment, cwd=ROOT, capture_output=True, text=True
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a flask command."""
        return subprocess.Popen(_flask(*arguments), env=self.environment, cwd=ROOT)

    def import_(self, **given: object) -> subprocess.CompletedProcess[str]:
        """Import this portrait and this video, unless told otherwise."""
        return self.run(*self.import_arguments(**given))

    def import_arguments(self, **given: object) -> list[str]:
        """What the command is called with."""
        wanted = {
            "client": "Анна",
            "phone": "+7 916 123-45-67",
            "portrait": self.portrait,
            "video": self.video,
            **given,
        }
        options = [part for name, value in wanted.items() for part in (f"--{name}", str(value))]
        return ["portraits", "import", *options]


@pytest.fixture
def desk(make_settings: MakeSettings, tmp_path: Path) -> Iterator[Desk]:
    settings = make_settings(
        testing=False, public_url=PUBLIC_URL, log_level="INFO", lease_seconds=LEASE_SECONDS
    )
    portrait = tmp_path / "portrait.jpg"
    portrait.write_bytes(good_picture().read())
    environment = {
        **os.environ,
        "VERTEX_INSTANCE": str(settings.instance),
        "VERTEX_DATABASE_URL": settings.database_url,
        "VERTEX_PUBLIC_URL": PUBLIC_URL,
        "VERTEX_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    video = samples.plain_video(tmp_path / "video.mp4")
    app = create_app(settings)
    yield Desk(app, environment, portrait, video)
    with app.app_context():
        db.engine.dispose()


def _flask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def last_line(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON a command ends with."""
    assert done.returncode == 0, done.stderr
    line: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return line


class TestImport:
    def test_prints_one_line_of_json_at_the_end(self, desk: Desk) -> None:
        line = last_line(desk.import_())

        assert set(line) == {
            "portrait",
            "code",
            "url",
            "marker_bytes",
            "marker_ms",
            "recognisable",
            "rating",
        }
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{10}", line["code"])
        assert line["url"] == f"{PUBLIC_URL}/v/{line['code']}"
        assert 10_000 < line["marker_bytes"] <= 90_000
        assert line["marker_ms"] > 0
        assert (line["recognisable"], line["rating"]) == (True, None)

    def test_stores_both_files_and_the_marker(self, desk: Desk) -> None:
        line = last_line(desk.import_(order="A 17"))

        with desk.app.app_context():
            portrait = db.session.scalars(select(Portrait)).one()
            video = db.session.scalars(select(Video)).one()
            client = db.session.scalars(select(Client)).one()
            order = db.session.scalars(select(Order)).one()
            jobs = db.session.scalars(select(Job)).all()
            assert str(portrait.id) == line["portrait"]
            assert (portrait.status, portrait.recognisable) == (
                PortraitStatus.READY,
                Recognisable.YES,
            )
            assert (video.portrait_id, video.active) == (portrait.id, True)
            assert (client.name, client.phone) == ("Анна", "+79161234567")
            assert (order.number, portrait.order_id) == ("A 17", order.id)
            waited_for = (JobState.DONE, JobState.DONE, JobState.QUEUED)
            assert tuple(job.state for job in jobs) == waited_for, "nobody waits for the proof"
        # original, preview, small picture, marker and its preview; source, film and poster
        assert len(files_of(desk.app)) == 8

    def test_no_file_but_the_originals_has_metadata(self, desk: Desk, tmp_path: Path) -> None:
        telling = tmp_path / "telling.jpg"
        telling.write_bytes(samples.telling_jpeg())

        last_line(desk.import_(portrait=telling))

        with_secret = [p for p in files_of(desk.app) if samples.SECRET.encode() in p.read_bytes()]
        assert sorted(path.parts[-3] for path in with_secret) == ["portraits", "videos"]

    def test_takes_the_same_picture_twice(self, desk: Desk) -> None:
        first, second = (last_line(desk.import_(order="A17")) for _ in range(2))

        assert first["code"] != second["code"]
        rows = rows_of(desk.app)
        assert (rows["clients"], rows["orders"], rows["portraits"]) == (1, 1, 2)

    def test_says_why_a_portrait_cannot_be_recognised(self, desk: Desk, tmp_path: Path) -> None:
        soft = tmp_path / "soft.jpg"
        soft.write_bytes(soft_picture().read())

        line = last_line(desk.import_(portrait=soft))

        assert line["recognisable"] is False
        assert line["reason"] in {"flat", "too_few_features", "not_found_again"}
        assert line["marker_bytes"] is None

    def test_while_another_process_runs_the_jobs(self, desk: Desk) -> None:
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                desk.run("jobs", "run", "--all")

        server = threading.Thread(target=serve)
        server.start()
        try:
            lines = [last_line(desk.import_()) for _ in range(2)]
        finally:
            stop.set()
            server.join()

        assert all(line["recognisable"] for line in lines)
        with desk.app.app_context():
            built = AuditEntry.action == AuditAction.MARKER_BUILT
            assert len(db.session.scalars(select(AuditEntry).where(built)).all()) == 2


REFUSED: dict[str, tuple[dict[str, Make | str], str]] = {
    "gif": ({"portrait": of(lambda: encoded(photo(), "GIF"))}, "JPEG, PNG"),
    "half-jpeg": ({"portrait": of(lambda: encoded(photo())[:9000])}, "damaged"),
    "no-portrait": ({"portrait": "nowhere.jpg"}, "nowhere.jpg"),
    "no-video": ({"video": "nowhere.mp4"}, "nowhere.mp4"),
    "avi": ({"video": made(*PICTURES, *H264, suffix=".avi")}, "AVI"),
    "unusual": ({"video": made(*PICTURES, "-c:v", "ffv1", suffix=".mkv")}, "FFV1"),
    "folder": ({"video": "."}, "."),
    "phone": ({"phone": "12345"}, "12345"),
    "name": ({"client": "  "}, "name"),
    "order": ({"order": ""}, "order"),
}


@pytest.mark.parametrize(("given", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_a_sentence_and_leaves_nothing(
    desk: Desk, given: dict[str, Make | str], said: str, tmp_path: Path
) -> None:
    files = {
        name: str(value(tmp_path / f"given-{name}")) if callable(value) else value
        for name, value in given.items()
    }

    done = desk.import_(**files)

    assert (done.returncode, done.stdout) == (1, "")
    sentence = done.stderr.splitlines()[-1]
    assert said in sentence
    assert "Traceback" not in done.stderr
    assert rows_of(desk.app) == {}
    assert files_of(desk.app) == []


def test_an_order_of_another_client_leaves_nothing_new(desk: Desk) -> None:
    last_line(desk.import_(order="A17"))
    rows, files = rows_of(desk.app), files_of(desk.app)

    done = desk.import_(order="A17", phone="+7 916 765-43-21")

    assert done.returncode == 1
    assert "A17" in done.stderr.splitlines()[-1]
    assert (rows_of(desk.app), files_of(desk.app)) == (rows, files)


def test_a_marker_whose_maker_was_killed_is_made_by_the_next(desk: Desk) -> None:
    preview = _store_portrait(desk)
    content = preview.read_bytes()
    preview.unlink()
    os.mkfifo(preview)  # whoever makes the marker now waits for a picture that never comes
    worker = desk.start("jobs", "run", "--once")
    _wait_until_running(desk.app)

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    preview.unlink()
    preview.write_bytes(content)
    assert _state(desk.app) == (JobState.RUNNING, 1, PortraitStatus.PROCESSING)
    assert desk.run("jobs", "run", "--all").returncode == 0
    assert _state(desk.app) == (JobState.RUNNING, 1, PortraitStatus.PROCESSING)  # lease goes on
    time.sleep(LEASE_SECONDS + 0.5)
    assert desk.run("jobs", "run", "--all").returncode == 0
    assert _state(desk.app) == (JobState.DONE, 2, PortraitStatus.READY)
    with desk.app.app_context():
        portrait = db.session.scalars(select(Portrait)).one()
        assert portrait.recognisable is Recognisable.YES
        assert portrait.marker_key is not None
        assert desk.app.extensions["vertex"].storage.exists(portrait.marker_key)


def _store_portrait(desk: Desk) -> Path:
    """Store a portrait that waits for its marker; where its preview lies."""
    runtime: Runtime = desk.app.extensions["vertex"]
    with desk.app.app_context(), desk.portrait.open("rb") as image:
        client = clients.find_or_create(name="Anna", phone="+79161234567", actor=OLGA)
        portrait = portraits.create(
            client_id=client.id,
            image=image,
            filename="anna.jpg",
            actor=OLGA,
            storage=runtime.storage,
        )
        return runtime.settings.media_root / portrait.preview_key


def _state(app: Flask) -> tuple[JobState, int, PortraitStatus]:
    with app.app_context():
        job = db.session.scalars(select(Job).where(Job.kind == portraits.MARKER_JOB)).one()
        portrait = db.session.scalars(select(Portrait)).one()
        return job.state, job.attempts, portrait.status


def _wait_until_running(app: Flask) -> None:
    for _ in range(300):
        if _state(app)[0] is JobState.RUNNING:
            time.sleep(0.3)  # from the claim to the picture
            return
        time.sleep(0.1)
    raise AssertionError("the worker did not start")


class TestRemakeMarkers:
    def test_makes_anew_what_an_older_version_made_and_nothing_else(self, desk: Desk) -> None:
        old, new = (last_line(desk.import_()) for _ in range(2))
        with desk.app.app_context():
            runtime = desk.app.extensions["vertex"]
            aged, kept = (portraits.get(UUID(line["portrait"])) for line in (old, new))
            with runtime.storage.open(aged.marker_key) as file:
                first_version = b"VXM\x01" + file.read()[4:]
            source = io.BytesIO(first_version)
            key = file_key("markers", aged.id, source, "vxm")
            runtime.storage.put(key, source, content_type="application/octet-stream")
            with atomic():
                aged.marker_key = key
            kept_key = kept.marker_key

        done = desk.run("portraits", "remake-markers")

        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [f"1 of 1: {old['portrait']}"]
        with desk.app.app_context():
            aged, kept = (portraits.get(UUID(line["portrait"])) for line in (old, new))
            with runtime.storage.open(aged.marker_key) as file:
                Recogniser(file.read())
            assert kept.marker_key == kept_key
        again = desk.run("portraits", "remake-markers")
        assert again.stdout == "All markers are of this version.\n"


class TestProve:
    def test_proves_one_and_then_all_the_others(self, desk: Desk) -> None:
        first = last_line(desk.import_())
        second = last_line(desk.import_(order="A-1"))
        assert first["rating"] is None, "the import does not wait for a proof"

        one = desk.run("portraits", "prove", first["code"])
        rest = desk.run("portraits", "prove", "--all")
        none = desk.run("portraits", "prove", "--all")

        assert re.fullmatch(rf"1 of 1: {first['portrait']}: [2-5] of 5\n", one.stdout), one.stderr
        assert re.fullmatch(rf"1 of 1: {second['portrait']}: [2-5] of 5\n", rest.stdout)
        assert none.stdout == "All portraits are proved.\n"
        with desk.app.app_context():
            assert portraits.get(UUID(first["portrait"])).rating is not None

    @pytest.mark.parametrize("arguments", [[], ["--all", "0000000000"], ["0000000000"]])
    def test_says_what_it_cannot_do(self, desk: Desk, arguments: list[str]) -> None:
        done = desk.run("portraits", "prove", *arguments)

        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()
