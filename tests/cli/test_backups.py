"""`flask backups`: what was saved comes back, here and on another machine, or nothing changes."""

import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, delete, select, text, update
from sqlalchemy.engine import make_url

from tests.conftest import MakeApp, migrate
from tests.factories import OLGA, make_order, make_portrait, make_user
from tests.servers.ceph import Ceph
from tests.servers.postgres import Postgres
from tests.stored import put, stock, stored
from vertex import create_app
from vertex.cli.backups import backups_cli
from vertex.extensions import Base, db
from vertex.jobs import TASKS, run_all, tick
from vertex.models import Job, JobState, Portrait
from vertex.runtime import runtime
from vertex.services import _dumps, backups, erasure, loose_files, media_files, sessions, studio
from vertex.services._transaction import atomic
from vertex.services.backup_folders import BackupError, BackupFolder
from vertex.services.backups import BACKUP_JOB
from vertex.settings import Settings
from vertex.storage import Storage
from vertex.storage.local import LocalStorage

pytestmark = pytest.mark.xdist_group("ceph")

Given = dict[str, Any]
Machine = Callable[[str], Flask]


@pytest.fixture(params=["SQLite and a folder", "PostgreSQL and a bucket"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """Machines with nothing on them, that share the disk of the backups."""
    apps: list[Flask] = []

    def make(name: str) -> Flask:
        given: Given = {"instance": tmp_path / name, "backups_folder": tmp_path / "disk"}
        if request.param.startswith("PostgreSQL"):
            postgres: Postgres = request.getfixturevalue("postgres")
            ceph: Ceph = request.getfixturevalue("ceph")
            given |= ceph.settings()
            given["database_url"] = postgres.url(postgres.new_database())
        given["instance"].mkdir()
        app = create_app(Settings(testing=True, **given))
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(backups_folder=tmp_path / "disk")
    with app.app_context():
        yield app


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(backups_cli, arguments)
    db.session.rollback()
    return result


def started(app: Flask) -> Storage:
    """The store of an app whose database is ready."""
    migrate(runtime().settings)
    storage = runtime().storage
    storage.initialise("https://studio.example")
    return storage


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {}
    for table in Base.metadata.sorted_tables:
        found[table.name] = sorted(map(tuple, db.session.execute(select(table))), key=repr)
    db.session.rollback()
    return found


def erase_all(storage: Storage) -> None:
    """What must never happen: all portraits with all their files are gone."""
    for key in stored(storage):
        storage.erase(key)
    with atomic():
        db.session.execute(text("DELETE FROM videos"))
        db.session.execute(text("DELETE FROM portraits"))


def backup_folder() -> BackupFolder:
    return BackupFolder(runtime().settings.backups)


def test_what_was_lost_comes_back(machine: Machine) -> None:
    app = machine("old")
    with app.app_context():
        storage = started(app)
        keys = stock(storage)
        make_order(number="2026-0001", notes="Пётр: «в рамке»")
        before, secret = rows(), runtime().settings.own_secret()
        made = run(app, "make")
        assert made.exit_code == 0, made.output
        assert "9 files" in made.output
        erase_all(storage)
        make_order(number="2026-0002")
        now = rows()

        result = run(app, "restore", "--yes")

        assert result.exit_code == 0, result.output
        kept = re.search(r"What is here now is kept as (\S+)\.", result.output)
        assert kept
        assert rows() == before
        assert stored(storage) == set(keys.values())
        assert list(media_files.verify(storage)) == []
        assert runtime().settings.own_secret() == secret
        assert run(app, "restore", kept[1], "--yes").exit_code == 0
        assert rows() == now
        assert run(app, "restore", "--yes").exit_code == 0  # what was replaced is not the last one
        assert rows() == before


def test_on_another_machine_everything_is_there(machine: Machine) -> None:
    old = machine("old")
    with old.app_context():
        keys = stock(started(old))
        sessions.begin(make_user(), user_agent="", ip=None)
        before, secret = rows(), runtime().settings.own_secret()
        assert run(old, "make").exit_code == 0
    new = machine("new")
    with new.app_context():
        result = run(new, "restore", "last", "--yes")

        assert result.exit_code == 0, result.output
        assert "is kept as" not in result.output  # nothing was there
        assert rows() == before | {"sessions": []}
        assert stored(runtime().storage) == set(keys.values())
        assert list(media_files.verify(runtime().storage)) == []
        assert runtime().settings.own_secret() == secret
        assert run(new, "verify").output.endswith("is whole.\n")
    doctor = new.test_cli_runner().invoke(args=["doctor"]).output
    assert "ok    migrations: up to date" in doctor
    assert "backups: the last one is of" in doctor


def test_what_a_newer_version_added_is_not_in_the_way(machine: Machine) -> None:
    app = machine("old")
    with app.app_context():
        started(app)
        make_order(number="2026-0001")
        before = rows()
        run(app, "make")
        with atomic():
            db.session.execute(text("CREATE TABLE of_tomorrow (id integer)"))
            db.session.execute(text("DROP TABLE visits"))

        assert run(app, "restore", "--yes").exit_code == 0

        assert rows() == before
        assert "of_tomorrow" not in db.inspect(db.engine).get_table_names()


@pytest.mark.parametrize("back", [False, True])
def test_who_was_erased_since_comes_back_only_if_that_is_said(app: Flask, back: bool) -> None:
    storage = runtime().storage
    keys = stock(storage)
    one, client_id = db.session.execute(select(Portrait.id, Portrait.client_id)).one()
    other = make_portrait().id
    run(app, "make")
    erasure.erase_client(client_id, actor=OLGA, storage=storage)
    erasure.erase_portrait(make_portrait().id, actor=OLGA, storage=storage)

    result = run(app, "restore", "--yes", *(["--with-erased"] if back else []))

    left = set(db.session.scalars(select(Portrait.id)))
    assert left == ({one, other} if back else {other})
    assert storage.exists(keys["file_key"]) is back
    assert ("2 clients and portraits that were erased since" in result.output) is not back


def test_the_oldest_go_with_what_only_they_name(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(backups_folder=tmp_path / "disk", backups_kept=2)
    with app.app_context():
        storage = runtime().storage
        keys = stock(storage)
        lasting = put(storage, "portraits", b"lasting", "jpg")
        make_portrait(image_key=lasting)
        first = backups.make(runtime().settings, storage)
        with atomic():
            loose_files.drop(keys.values(), storage)
            db.session.execute(text("DELETE FROM videos"))
            gone = Portrait.image_key == keys["image_key"]
            db.session.execute(delete(Portrait).where(gone))
        studio.remove_logo(actor=OLGA, storage=storage)

        second = backups.make(runtime().settings, storage)
        assert keys["file_key"] in stored(backup_folder().pool)
        third = backups.make(runtime().settings, storage)

        assert [one.name for one in backup_folder().all()] == [second.name, third.name]
        assert first.name not in {path.name for path in (tmp_path / "disk").iterdir()}
        assert not stored(backup_folder().pool) & set(keys.values())
        assert lasting in stored(backup_folder().pool)


@pytest.mark.parametrize(
    ("given", "files"),
    [({}, False), ({"backup_files": True}, True), ({"backup_files": False}, False)],
)
def test_files_go_along_where_that_is_wanted(make_app: MakeApp, given: Given, files: bool) -> None:
    app = make_app(**given)
    with app.app_context():
        keys = set(stock(runtime().storage).values())

        made = run(app, "make")

        assert ("the database alone" in made.output) is not files
        assert stored(backup_folder().pool) == (keys if files else set())
        assert run(app, "list").output == made.output


def test_a_lost_file_stops_no_backup_and_is_told(app: Flask) -> None:
    storage = runtime().storage
    keys = stock(storage)
    storage.erase(keys["file_key"])

    made = run(app, "make")

    assert made.exit_code == 0
    assert "8 files, without 1 lost files" in made.output
    verified = run(app, "verify")
    assert (verified.exit_code, "without 1 lost files" in verified.output) == (1, True)
    assert "warn  backups" in app.test_cli_runner().invoke(args=["doctor"]).output


class TestRefusals:
    """What cannot be trusted is not brought back, and nothing is changed."""

    @pytest.fixture(autouse=True)
    def saved(self, app: Flask) -> None:
        stock(runtime().storage)
        assert run(app, "make").exit_code == 0

    def refusal(self, app: Flask, *arguments: str) -> str:
        before = rows()
        result = run(app, "restore", *arguments)
        assert result.exit_code == 1
        assert rows() == before
        assert len(backup_folder().all()) == 1
        return result.output

    def about(self, **changes: Any) -> Path:
        """Change what is noted of the backup; the folder it lies in."""
        place = runtime().settings.backups / backup_folder().all()[0].name
        about = place / "backup.json"
        about.write_text(json.dumps(json.loads(about.read_text()) | changes))
        return place

    def test_nobody_said_yes(self, app: Flask) -> None:
        assert "Replace this installation's database" in self.refusal(app)

    def test_there_is_none_of_this_name(self, app: Flask) -> None:
        assert "there is no backup 2020" in self.refusal(app, "2020", "--yes")

    def test_its_database_is_damaged(self, app: Flask) -> None:
        place = self.about() / "database"
        place.write_bytes(place.read_bytes()[:-1])

        assert "is damaged" in self.refusal(app, "--yes")
        verified = run(app, "verify")
        assert (verified.exit_code, "is damaged" in verified.output) == (1, True)

    def test_it_is_of_another_kind_of_database(self, app: Flask) -> None:
        self.about(database="oracle")

        assert "is of oracle, and this installation of" in self.refusal(app, "--yes")

    def test_it_was_made_by_a_newer_version(self, app: Flask) -> None:
        self.about(revision="9999")

        assert "made by a newer version" in self.refusal(app, "--yes")

    def test_a_damaged_file_is_told_and_does_not_arrive(self, app: Flask) -> None:
        key = min(stored(backup_folder().pool))
        path = runtime().settings.backups / "files" / key
        path.write_bytes(b"x" * path.stat().st_size)
        storage = runtime().storage
        storage.erase(key)

        assert f"damaged  {key}" in run(app, "verify").output
        result = run(app, "restore", "--yes")

        assert result.exit_code == 1
        assert f"damaged  {key}" in result.output
        assert "is back" in result.output
        assert not storage.exists(key)


def test_by_hand_they_are_made_where_the_clock_makes_none(make_app: MakeApp) -> None:
    app = make_app(backups_kept=0)
    with app.app_context():
        for count in (1, 2):
            assert run(app, "make").exit_code == 0
            assert len(backup_folder().all()) == count


def test_what_cannot_be_read_stops_nothing_else(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = stock(runtime().storage)
    opened = LocalStorage.local_path

    @contextmanager
    def broken(store: LocalStorage, key: str) -> Iterator[Path]:
        if key == keys["source_key"]:
            raise OSError(errno.EIO, "Input/output error")
        with opened(store, key) as path:
            yield path

    monkeypatch.setattr(LocalStorage, "local_path", broken)

    made = run(app, "make")

    assert made.exit_code == 0
    assert "8 files, without 1 lost files" in made.output


def test_a_folder_that_is_not_understood_keeps_its_files(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(backups_folder=tmp_path / "disk", backups_kept=1)
    with app.app_context():
        keys = stock(runtime().storage)
        backup = backups.make(runtime().settings, runtime().storage)
        about = tmp_path / "disk" / backup.name / "backup.json"
        content = about.read_text()
        about.write_text(content.replace('"format": 1', '"format": 2'))
        erase_all(runtime().storage)
        assert run(app, "make").exit_code == 0

        about.write_text(content)
        assert not list(backup_folder().troubles(backup))
        assert stored(backup_folder().pool) == set(keys.values())


def test_damaged_files_are_mended_from_the_other_side(app: Flask) -> None:
    keys = stock(runtime().storage)
    run(app, "make")
    media, disk = runtime().settings.media_root, runtime().settings.backups / "files"
    (media / keys["file_key"]).write_bytes(b"x" * (media / keys["file_key"]).stat().st_size)
    (disk / keys["small_key"]).write_bytes(b"")
    (disk / keys["poster_key"]).write_bytes(b"y" * (disk / keys["poster_key"]).stat().st_size)

    assert run(app, "verify", "--mend").exit_code == 1
    assert run(app, "make").exit_code == 0
    assert run(app, "verify").exit_code == 0
    result = run(app, "restore", "--yes")

    assert f"restored  {keys['file_key']}" in result.output
    assert list(media_files.verify(runtime().storage)) == []


def test_only_we_may_look_into_them(app: Flask) -> None:
    disk = runtime().settings.backups
    disk.mkdir(mode=0o755)  # as mounted
    run(app, "make")

    modes = {path.name: path.stat().st_mode & 0o077 for path in disk.iterdir()}
    assert {name for name, mode in modes.items() if mode} == {".tmp"}  # of which the name is seen


def test_a_name_may_have_any_letter(tmp_path: Path) -> None:
    instance = tmp_path / "студия #1? 100%"
    instance.mkdir()
    app = create_app(Settings(testing=True, instance=instance))
    with app.app_context():
        started(app)
        make_order(number="2026-0001")
        before = rows()
        assert run(app, "make").exit_code == 0
        make_order(number="2026-0002")
        assert run(app, "restore", "--yes").exit_code == 0
        assert rows() == before
        db.engine.dispose()


def test_while_others_use_the_database_nothing_is_replaced(machine: Machine) -> None:
    app = machine("old")
    with app.app_context():
        started(app)
        run(app, "make")
        make_order(number="2026-0001")
        before = rows()
        server = create_engine(db.engine.url)
        connection = server.connect()
        connection.execute(text("SELECT count(*) FROM orders"))
        connection.rollback()  # as a connection lies in a server's pool

        result = run(app, "restore", "--yes")

        assert result.exit_code == 1
        assert "stop the server and its workers first" in result.output
        assert rows() == before
        connection.close()
        server.dispose()
        assert run(app, "restore", "--yes").exit_code == 0
        assert rows() != before


def test_tables_may_lie_in_a_schema_of_their_own(postgres: Postgres, tmp_path: Path) -> None:
    name = postgres.new_database()
    url = postgres.url(name).replace("postgres@", f"owner_{name}@")
    with psycopg.connect(postgres.url(name), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE owner_{name} LOGIN")
        connection.execute(f"CREATE SCHEMA AUTHORIZATION owner_{name}")
        connection.execute("CREATE EXTENSION pg_trgm SCHEMA public")
        connection.execute("CREATE PUBLICATION everything FOR ALL TABLES")
    (tmp_path / "old").mkdir()
    app = create_app(Settings(testing=True, instance=tmp_path / "old", database_url=url))
    with app.app_context():
        started(app)
        make_order(number="2026-0001")
        before = rows()
        assert run(app, "make").exit_code == 0
        make_order(number="2026-0002")

        result = run(app, "restore", "--yes")

        assert result.exit_code == 0, result.output
        assert rows() == before
        db.engine.dispose()


class TestErasedSince:
    """Whoever was erased after a backup does not come back with it."""

    def test_not_even_where_a_restore_was_cut_off(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stock(runtime().storage)
        client_id = db.session.scalars(select(Portrait.client_id)).one()
        made = run(app, "make").output.split()[0]
        erasure.erase_client(client_id, actor=OLGA, storage=runtime().storage)
        with monkeypatch.context() as cut:
            cut.setattr("flask_migrate.upgrade", lambda: sys.exit(1))
            assert run(app, "restore", made, "--yes").exit_code == 1

        result = run(app, "restore", made, "--yes")

        assert "that were erased since are erased again" in result.output
        assert db.session.scalars(select(Portrait)).all() == []
        assert not backup_folder().erased()

    def test_what_had_become_anothers_is_spared(self, app: Flask) -> None:
        stock(runtime().storage)
        first, portrait = db.session.execute(select(Portrait.client_id, Portrait.id)).one()
        other = make_portrait().client_id
        made = backups.make(runtime().settings, runtime().storage).name
        with atomic():
            db.session.execute(update(Portrait).values(client_id=other))
        erasure.erase_client(first, actor=OLGA, storage=runtime().storage)

        result = run(app, "restore", made, "--yes")

        assert f"client:{first} was erased since, but not all that is theirs" in result.output
        assert db.session.get_one(Portrait, portrait).client_id == first


def test_two_at_once_are_one(app: Flask) -> None:
    with backup_folder().alone():
        result = run(app, "make")

    assert result.exit_code == 1
    assert "another backup is being made" in result.output
    assert backup_folder().all() == []


class TestByTheClock:
    def test_one_a_day(self, app: Flask) -> None:
        tick(app)
        run_all(app)

        assert len(backup_folder().all()) == 1
        assert db.session.scalars(self.jobs()).one().state is JobState.DONE

    def test_none_where_none_are_wanted(self, make_app: MakeApp) -> None:
        app = make_app(backups_kept=0)
        with app.app_context():
            tick(app)
            run_all(app)

            assert backup_folder().all() == []
        assert "none are made" in app.test_cli_runner().invoke(args=["doctor"]).output

    def test_what_goes_wrong_is_told_to_admins(self, app: Flask) -> None:
        runtime().settings.backups.write_text("a file where the folder should be")
        tick(app)

        run_all(app)

        job = db.session.scalars(self.jobs()).one()
        assert (job.state, job.attempts) == (JobState.QUEUED, 1)
        assert "FileExistsError" in (job.error or "")
        doctor = app.test_cli_runner().invoke(args=["doctor"])
        assert "fail  backups: none in" in doctor.output
        assert BACKUP_JOB in TASKS

    def jobs(self) -> Any:
        return select(Job).where(Job.kind == BACKUP_JOB)


@pytest.mark.parametrize("machine", ["PostgreSQL and a bucket"], indirect=True)
def test_without_its_programs_the_operator_is_told_what_to_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = machine("old")
    with app.app_context():
        started(app)
        monkeypatch.setenv("PATH", os.devnull)

        result = run(app, "make")

    assert result.exit_code == 1
    assert "install Debian's package postgresql-client" in result.output


def test_a_password_is_in_no_list_of_processes() -> None:
    url = make_url("postgresql+psycopg://vertex:a%3Ab%5Cc@db.example:5433/studio?sslmode=require")

    with _dumps._connection(url) as told:
        place = Path(told.partition("passfile=")[2].split()[0])
        content, mode = place.read_text(), place.stat().st_mode & 0o777

    assert content == "*:*:*:*:a\\:b\\\\c\n"
    assert mode == 0o600
    assert not place.exists()
    assert "host=db.example port=5433 dbname=studio user=vertex sslmode=require" in told
    assert "a:b" not in told


def test_a_password_and_hosts_may_stand_behind_the_question_mark() -> None:
    url = make_url("postgresql+psycopg:///studio?user=u&password=s3cret&host=a:1&host=b:2")

    with _dumps._connection(url) as told:
        place = Path(told.partition("passfile=")[2].split()[0])
        assert place.read_text() == "*:*:*:*:s3cret\n"

    assert "s3cret" not in told
    assert "host=a:1,b:2" in told


def test_a_file_that_is_not_whole_is_no_backup(app: Flask) -> None:
    backup = backups.make(runtime().settings, runtime().storage)
    folder = runtime().settings.backups
    shutil.copytree(folder / backup.name, folder / "renamed")
    (folder / backup.name / "backup.json").write_text("{")

    assert [one.name for one in backup_folder().all()] == ["renamed"]
    with pytest.raises(BackupError):
        backup_folder().get(backup.name)
