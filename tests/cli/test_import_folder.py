"""`flask portraits import-folder`, run as people run it."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.media import samples
from tests.media.samples import H264, PICTURES
from tests.services.intake_parts import good_picture, rows_of
from vertex.extensions import db
from vertex.models import Order, Portrait

OWNER = ["--client", "Анна Семёнова", "--phone", "+7 916 123-45-67", "--order", "2026-0001"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pairs, a picture without its video, and a link that leads out."""
    folder = tmp_path / "класс"
    (folder / "видео").mkdir(parents=True)
    for name in ("Юля", "boris", "vera"):
        (folder / f"{name}.jpg").write_bytes(good_picture().read())
    samples.video(folder / "видео" / "ЮЛЯ.mp4", *PICTURES, *H264)
    samples.video(folder / "Boris.MOV", *PICTURES, *H264)
    secret = tmp_path / "vera.mp4"
    secret.write_bytes(b"secret")
    (folder / "vera.mp4").symlink_to(secret)
    return folder


def run(app: Flask, *arguments: str | Path) -> tuple[int, list[str], str]:
    done = app.test_cli_runner().invoke(
        args=["portraits", "import-folder", *(str(one) for one in arguments)]
    )
    return done.exit_code, done.stdout.splitlines(), done.stderr


def counts(lines: list[str]) -> dict[str, int]:
    found: dict[str, int] = json.loads(lines[-1])
    return found


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(
    vertex_app: Flask, folder: Path
) -> None:
    code, lines, error = run(vertex_app, folder, *OWNER, "--dry-run")

    assert code == 1
    assert error == "Error: 1 of 3 were refused.\n"
    assert lines[:3] == [
        "1 of 3: boris.jpg: Boris.MOV, for Анна Семёнова, +79161234567, order 2026-0001",
        "2 of 3: vera.jpg: There is no video with the name “vera”.",
        "3 of 3: Юля.jpg: видео/ЮЛЯ.mp4, for Анна Семёнова, +79161234567, order 2026-0001",
    ]
    assert counts(lines) == {"there_already": 0, "refused": 1, "left_out": 0, "would_import": 2}
    assert rows_of(vertex_app) == {}


def test_what_is_fine_comes_in_once_however_often_it_is_run(
    vertex_app: Flask, folder: Path
) -> None:
    _, first, _ = run(vertex_app, folder, *OWNER)
    code, second, _ = run(vertex_app, folder, *OWNER)

    assert code == 1
    assert (counts(first)["imported"], counts(first)["refused"]) == (2, 1)
    assert (counts(second)["imported"], counts(second)["there_already"]) == (0, 2)
    db.session.rollback()
    assert len(list(db.session.scalars(select(Portrait)))) == 2
    assert db.session.scalars(select(Order)).one().number == "2026-0001"


def test_a_table_beside_the_folder_says_whose_they_are(
    vertex_app: Flask, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "list.csv"
    table.write_text("file,client,phone\nboris.jpg,Борис,+79161234568\n", encoding="utf-8-sig")

    code, lines, _ = run(vertex_app, folder, "--csv", table)

    assert code == 0
    assert counts(lines) == {"imported": 1, "there_already": 0, "refused": 0, "left_out": 3}
    assert db.session.scalars(select(Portrait)).one().client.name == "Борис"


def test_a_folder_that_is_none_is_refused_in_words(vertex_app: Flask, tmp_path: Path) -> None:
    code, _, error = run(vertex_app, tmp_path / "nowhere", *OWNER)

    assert code == 1
    assert error == f"Error: There is no folder {tmp_path / 'nowhere'}.\n"
    assert rows_of(vertex_app) == {}
