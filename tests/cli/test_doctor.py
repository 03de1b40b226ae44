"""`flask doctor`: what is sound, what is not, and what to do about it."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import MakeApp
from tests.factories import make_job
from vertex.extensions import db
from vertex.media.ffmpeg import find_ffmpeg
from vertex.models import JobState, utcnow
from vertex.runtime import runtime
from vertex.services import backups

OTHER_DISK = "/dev/shm"  # noqa: S108 - with a folder of each test's own in it


def examine(app: Flask) -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit code, and each finding by its subject."""
    result = app.test_cli_runner().invoke(args=["doctor"])
    findings = {}
    for line in result.stdout.splitlines():
        subject, _, words = line[6:].partition(": ")
        findings[subject] = (line[:6].strip(), words)
    return result.exit_code, findings


def test_a_sound_installation_has_nothing_but_ok(make_app: MakeApp) -> None:
    _, findings = examine(make_app(public_url="https://photos.example.com"))

    assert list(findings) == [
        "database",
        "migrations",
        "jobs",
        "backups",
        "storage",
        "disk",
        "public address",
        "secret key",
        "ffmpeg",
        "workers",
        "e-mail",
    ]
    assert {level for level, _ in findings.values()} <= {"ok", "warn"}
    assert [subject for subject, (level, _) in findings.items() if level == "warn"] in (
        [],
        ["disk"],
    )


@pytest.mark.parametrize(
    ("given", "subject", "level", "code"),
    [
        ({"public_url": "http://localhost:8000"}, "public address", "warn", 0),
        ({"public_url": "http://photos.example.com"}, "public address", "fail", 1),
        ({"job_threads": 0}, "jobs", "warn", 0),
        ({"job_threads": 2, "heavy_jobs": 2}, "jobs", "warn", 0),
        ({"workers": 2}, "workers", "fail", 1),
        ({"secret_key": "given from outside"}, "secret key", "ok", 0),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    make_app: MakeApp, given: dict[str, Any], subject: str, level: str, code: int
) -> None:
    found = examine(make_app(**given))

    assert found[0] == code
    assert found[1][subject][0] == level


def test_a_database_that_is_away_is_the_only_thing_said_of_it(make_app: MakeApp) -> None:
    app = make_app(database_url="postgresql://nobody@127.0.0.1:1/nothing")

    code, findings = examine(app)

    assert code == 1
    assert findings["database"][0] == "fail"
    assert not {"migrations", "jobs"} & findings.keys()


def test_a_database_behind_its_migrations_is_to_be_upgraded(vertex_app: Flask) -> None:
    db.session.execute(text("DELETE FROM alembic_version"))
    db.session.commit()

    code, findings = examine(vertex_app)

    assert code == 1
    assert findings["migrations"] == ("fail", "behind: run `flask db upgrade`")


def test_work_nobody_does_is_noticed(vertex_app: Flask) -> None:
    make_job(run_at=utcnow() - timedelta(minutes=6))

    code, findings = examine(vertex_app)

    assert (code, findings["jobs"][0]) == (1, "fail")


def test_work_given_up_is_mentioned(vertex_app: Flask) -> None:
    make_job(state=JobState.FAILED)

    code, findings = examine(vertex_app)

    assert (code, findings["jobs"][0]) == (0, "warn")


@pytest.mark.parametrize(
    ("hours", "given", "level"),
    [
        (1, {}, "warn"),
        (1, {"backups_folder": "disk"}, "warn"),  # which is the same disk
        (1, {"backups_folder": OTHER_DISK}, "ok"),
        (80, {}, "fail"),
        (-1, {}, "fail"),
    ],
)
def test_how_old_the_last_backup_is_and_where_it_lies(
    make_app: MakeApp,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
    given: dict[str, str],
    level: str,
) -> None:
    places = {name: tmp_path / value for name, value in given.items()}
    if places.get("backups_folder") == Path(OTHER_DISK):
        places["backups_folder"] /= tmp_path.name
    app = make_app(**places)
    request.addfinalizer(lambda: shutil.rmtree(app.extensions["vertex"].settings.backups))
    with app.app_context():
        monkeypatch.setattr(backups, "utcnow", lambda: utcnow() - timedelta(hours=hours))
        backups.make(runtime().settings, runtime().storage)

    assert examine(app)[1]["backups"][0] == level


def test_a_key_others_can_read_is_to_be_closed(vertex_app: Flask) -> None:
    runtime().settings.secret_key_file.chmod(0o644)

    code, findings = examine(vertex_app)

    assert (code, findings["secret key"][0]) == (1, "fail")


def test_a_store_that_keeps_nothing_is_broken(vertex_app: Flask) -> None:
    media = runtime().settings.media_root
    shutil.rmtree(media, ignore_errors=True)
    media.write_text("a file where the folder should be")

    code, findings = examine(vertex_app)

    assert (code, findings["storage"][0]) == (1, "fail")


def test_the_ffmpeg_found_is_one_that_runs(vertex_app: Flask) -> None:
    _, findings = examine(vertex_app)

    assert findings["ffmpeg"] == ("ok", find_ffmpeg())
    assert os.access(findings["ffmpeg"][1], os.X_OK)
