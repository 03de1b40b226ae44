"""`flask demo`: an empty installation gets something to look at, once."""

import re
from collections.abc import Mapping
from pathlib import Path

from argon2 import PasswordHasher
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.factories import make_client, make_user
from vertex.cli.demo import demo
from vertex.extensions import Base, db
from vertex.models import Portrait, PortraitStatus, PublicCode, Recognisable, Role, User, utcnow
from vertex.runtime import runtime
from vertex.services import videos


def run(app: Flask) -> Result:
    """What the command said; the session of the test begins anew, as another process would."""
    result = app.test_cli_runner().invoke(demo)
    db.session.rollback()
    return result


def counts() -> Mapping[str, int]:
    """How many rows each table has."""
    tables = Base.metadata.sorted_tables
    found = {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
    db.session.rollback()
    return found


def stored_files(app: Flask) -> set[Path]:
    """Every file of the installation's media folder."""
    root = app.extensions["vertex"].settings.media_root
    return {path for path in root.rglob("*") if path.is_file()}


def test_an_empty_installation_gets_a_portrait_that_is_recognised_and_plays(
    vertex_app: Flask,
) -> None:
    result = run(vertex_app)

    portrait = db.session.scalars(select(Portrait)).one()
    video = videos.active_for(portrait.id)
    assert result.exit_code == 0, result.output
    assert portrait.status is PortraitStatus.READY
    assert portrait.recognisable is Recognisable.YES
    assert portrait.marker_key is not None
    assert runtime().storage.exists(portrait.marker_key)
    assert video is not None and video.has_sound
    assert video.width * portrait.height == video.height * portrait.width


def test_prints_the_address_of_the_customers_page(vertex_app: Flask) -> None:
    result = run(vertex_app)

    code = db.session.scalars(select(PublicCode.code)).one()
    assert f"{runtime().settings.public_url}/v/{code}" in result.output


def test_makes_an_admin_whose_password_is_shown_once(vertex_app: Flask) -> None:
    result = run(vertex_app)

    user = db.session.scalars(select(User)).one()
    shown = re.search(r"Login: (\S+)  password: (\S+) ", result.output)
    assert shown is not None
    assert (user.username, user.role) == (shown[1], Role.ADMIN)
    assert PasswordHasher().verify(user.password_hash, shown[2])
    assert "password" not in run(vertex_app).output


def test_a_second_run_changes_nothing_and_prints_the_address_again(vertex_app: Flask) -> None:
    first = run(vertex_app)
    rows, stored = counts(), stored_files(vertex_app)

    second = run(vertex_app)

    assert second.exit_code == 0
    assert second.output.splitlines()[-1] == first.output.splitlines()[-1]
    assert counts() == rows
    assert stored_files(vertex_app) == stored


def test_makes_no_admin_where_there_are_people(vertex_app: Flask) -> None:
    olga = make_user(username="olga")

    result = run(vertex_app)

    assert result.exit_code == 0
    assert db.session.scalars(select(User)).all() == [olga]


def test_leaves_a_studio_at_work_alone(vertex_app: Flask) -> None:
    make_client(name="Anna")
    rows = counts()

    result = run(vertex_app)

    assert result.exit_code == 0
    assert "in use" in result.output
    assert counts() == rows
    assert not stored_files(vertex_app)


def test_does_not_bring_back_a_demo_that_was_thrown_away(vertex_app: Flask) -> None:
    run(vertex_app)
    db.session.scalars(select(Portrait)).one().deleted_at = utcnow()
    db.session.commit()
    rows = counts()

    result = run(vertex_app)

    assert "in use" in result.output
    assert counts() == rows


def test_is_one_of_the_commands(vertex_app: Flask) -> None:
    assert vertex_app.cli.commands["demo"] is demo
