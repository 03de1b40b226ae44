"""Fixtures for every test: a migrated app of its own, and a browser to ask it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from tests import factories, queries
from tests.web.staff import Staff, make_staff
from vertex import create_app
from vertex.extensions import db
from vertex.models import Role
from vertex.services import passwords
from vertex.settings import Settings

pytest_plugins = ["tests.servers.ceph", "tests.servers.postgres", "tests.servers.redis"]

SPELT_OUT = 24, 120  # bytes, and signs, that a name of a test may spell out

HTMX = {"HX-Request": "true"}

MakeSettings = Callable[..., Settings]
MakeApp = Callable[..., Flask]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by the length of a file and not by its bytes: a profile tells when it was made.

    Processes of one run, a second apart, would not know each other's tests.
    """
    if isinstance(val, bytes) and len(val) > SPELT_OUT[0]:
        return f"{argname} of {len(val)} bytes"
    if isinstance(val, str) and len(val) > SPELT_OUT[1]:
        return f"{argname} of {len(val)} signs"
    return None


class IsolatedClient(FlaskClient):
    """Gives every request its own app context, and so its own g, user and session.

    The app fixture holds a context open for factories and services; without this,
    requests would reuse it, and the second user of a test would still be the first.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request in a context of its own, and leave no file open behind its answer.

        A page that asks the database too often fails the test that asked for it.
        """
        kwargs.setdefault("buffered", True)
        reply, asked = Context().run(self._counted, *args, **kwargs)
        queries.judge(self.application, reply, asked)
        if has_app_context():
            db.session.rollback()  # the test's own look at the database is older than the answer
        return reply

    def _counted(self, *args: Any, **kwargs: Any) -> tuple[TestResponse, list[str]]:
        with queries.counted() as asked:
            return super().open(*args, **kwargs), asked


def add_open_view(app: Flask, rule: str, view: Callable[..., Any]) -> None:
    """Give an app a view that strangers may ask for."""
    app.add_url_rule(rule, f"static.{view.__name__ + rule.replace('.', '-')}", view)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the whole suite be repeated on the other database."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> None:
    """Keep the settings of this machine's own installation out of the tests."""
    for name in [name for name in os.environ if name.startswith("VERTEX_")]:
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def counted_queries() -> None:
    """Hear of every statement, so that a page that asks too often is found by any test."""
    queries.listen()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Make hashes with the least of argon2, as half of all tests begin with an account.

    Tests of passwords themselves ask for `real_passwords`.
    """
    with _hashing(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


@pytest.fixture
def real_passwords() -> Iterator[None]:
    """Make hashes as the program does."""
    with _hashing(PasswordHasher()):
        yield


@contextmanager
def _hashing(hasher: PasswordHasher) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", hasher)
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where templates are kept compiled: each test has an app of its own, all have the same."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest migration, to be copied."""
    instance = tmp_path_factory.mktemp("migrated")
    migrate(Settings(instance=instance, testing=True))
    return instance / "vertex.sqlite3"


@pytest.fixture(scope="session")
def migrated_postgresql(request: pytest.FixtureRequest, tmp_path_factory: Any) -> str:
    """The name of an empty PostgreSQL database at the newest migration, to be copied."""
    server = request.getfixturevalue("postgres")
    name: str = server.new_database()
    instance = tmp_path_factory.mktemp("migrated")
    migrate(Settings(instance=instance, testing=True, database_url=server.url(name)))
    return name


def migrate(settings: Settings) -> None:
    """Bring the database of these settings to the newest migration, leaving no connection."""
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture
def make_settings(tmp_path: Path, request: pytest.FixtureRequest) -> MakeSettings:
    """Settings of a fresh, migrated installation in this test's own folder."""

    def make(**given: Any) -> Settings:
        instance = tmp_path / "instance"
        instance.mkdir(exist_ok=True)
        if request.config.getoption("database") == "postgresql":
            template = request.getfixturevalue("migrated_postgresql")
            server = request.getfixturevalue("postgres")
            given = {"database_url": server.url(server.new_database(template)), **given}
        else:
            shutil.copy(request.getfixturevalue("migrated_sqlite"), instance)
        return Settings(**{"instance": instance, "testing": True, **given})

    return make


@pytest.fixture
def make_app(make_settings: MakeSettings, compiled: FileSystemBytecodeCache) -> Iterator[MakeApp]:
    """Apps of a fresh installation with these settings; they leave no connection open."""
    apps: list[Flask] = []
    factories.number_anew()

    def make(**given: Any) -> Flask:
        app = create_app(make_settings(**given))
        app.test_client_class = IsolatedClient
        app.jinja_env.bytecode_cache = compiled
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def vertex_app(make_app: MakeApp) -> Iterator[Flask]:
    """A fresh app with its own database and media folder, its context open for services."""
    app = make_app()
    with app.app_context():
        yield app


@pytest.fixture
def browser(vertex_app: Flask) -> FlaskClient:
    """Asks the app as a browser would: each request stands alone."""
    return vertex_app.test_client()


@pytest.fixture
def olga(vertex_app: Flask) -> Staff:
    """The owner of the studio, signed in."""
    return make_staff(vertex_app, "olga", Role.ADMIN)


@pytest.fixture
def pavel(vertex_app: Flask) -> Staff:
    """One of the staff, signed in."""
    return make_staff(vertex_app, "pavel")
