"""`flask media`: the store is looked after, be it a folder or a bucket."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import MakeApp
from tests.servers.ceph import Ceph
from tests.stored import put, stock, stored
from vertex.cli.media import media_cli
from vertex.extensions import db
from vertex.models import utcnow
from vertex.runtime import runtime, storage_of
from vertex.services import loose_files, media_files
from vertex.storage import AREAS, Storage
from vertex.storage.local import LocalStorage

pytestmark = pytest.mark.xdist_group("ceph")

DAY = timedelta(days=1)


@pytest.fixture(params=["local", "s3"])
def app(request: pytest.FixtureRequest, make_app: MakeApp) -> Any:
    given: dict[str, Any] = {}
    if request.param == "s3":
        ceph: Ceph = request.getfixturevalue("ceph")
        given = ceph.settings()
    app = make_app(**given)
    with app.app_context():
        yield app


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(media_cli, arguments)
    db.session.rollback()
    return result


def damage(storage: Storage, key: str) -> None:
    """Change a stored file behind the store's back, keeping its length."""
    settings = runtime().settings
    if settings.storage == "local":
        path = settings.media_root / key
        path.write_bytes(path.read_bytes()[::-1])
    else:
        storage._client.put_object(  # type: ignore[attr-defined]
            Bucket=settings.s3_bucket, Key=key, Body=b"x" * storage.stat(key).size
        )


def test_every_column_that_holds_a_key_is_known(app: Flask) -> None:
    run(app, "init")
    keys = stock(runtime().storage)

    assert set(loose_files.named_keys()) == set(keys.values())


class TestVerify:
    def test_finds_nothing_where_all_is_well(self, app: Flask) -> None:
        run(app, "init")
        stock(runtime().storage)

        result = run(app, "verify")

        assert (result.exit_code, result.output) == (0, "All files are there and whole.\n")

    def test_names_what_is_damaged_and_what_is_missing(self, app: Flask) -> None:
        run(app, "init")
        storage = runtime().storage
        keys = stock(storage)
        damage(storage, keys["source_key"])
        storage.delete(keys["marker_key"])

        result = run(app, "verify")

        assert result.exit_code == 1
        assert set(result.output.splitlines()) == {
            f"damaged  {keys['source_key']}",
            f"missing  {keys['marker_key']}",
            "Error: 2 files are not as they should be.",
        }


class TestSweep:
    def test_removes_nothing_that_is_named_or_young(self, app: Flask) -> None:
        run(app, "init")
        storage = runtime().storage
        stock(storage)
        put(storage, "videos", b"an orphan of today", "mp4")
        before = stored(storage)

        for options in ((), ("--delete",), ("--delete", "--older-than", "0")):
            result = run(app, "sweep", *options)
            assert result.output == "There is nothing to sweep.\n"

        assert stored(storage) == before

    def test_finds_old_orphans_alone(self, app: Flask) -> None:
        run(app, "init")
        storage = runtime().storage
        stock(storage)
        orphan = put(storage, "videos", b"an orphan", "mp4")

        found = media_files.orphans(storage, utcnow() + 2 * DAY)

        assert [file.key for file in found] == [orphan]

    def test_names_them_first_and_removes_them_when_told(self, make_app: MakeApp) -> None:
        app = make_app()
        with app.app_context():
            settings, storage = runtime().settings, runtime().storage
            keys = set(stock(storage).values())
            orphan = put(storage, "videos", b"an orphan", "mp4")
            drafts = [
                _old(settings.temporary_files / "draft"),
                _old(settings.instance / "uploads" / "x.part"),
            ]
            for key in (orphan, *keys):
                _old(settings.media_root / key)

            named = run(app, "sweep")
            kept = stored(storage)
            removed = run(app, "sweep", "--delete")

            assert f"orphan  {orphan}" in named.output
            assert "Found 3." in named.output
            assert kept == {*keys, orphan}
            assert "Removed 3." in removed.output
            assert stored(storage) == keys
            assert not any(path.exists() for path in drafts)

    def test_removes_old_orphans_of_either_store(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run(app, "init")
        storage = runtime().storage
        keys = set(stock(storage).values())
        orphan = put(storage, "videos", b"an orphan", "mp4")
        # a bucket says itself when a file was stored: it is we who come two days later
        monkeypatch.setattr("vertex.cli.media.utcnow", lambda: utcnow() + 2 * DAY)

        named = run(app, "sweep")
        kept = stored(storage)
        removed = run(app, "sweep", "--delete")

        assert f"orphan  {orphan}" in named.output
        assert kept == {*keys, orphan}
        assert "Removed 1." in removed.output
        assert stored(storage) == keys
        assert run(app, "sweep").output == "There is nothing to sweep.\n"


def _old(path: Path) -> Path:
    """The file, made if it is not there, as if nobody had touched it for two days."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    then = time.time() - 2 * DAY.total_seconds()
    os.utime(path, (then, then))
    return path


def test_usage_tells_what_each_area_holds(app: Flask) -> None:
    run(app, "init")
    stock(runtime().storage)

    lines = {line.split()[0]: line.split()[1] for line in run(app, "usage").output.splitlines()}

    assert {area: lines[area] for area in AREAS} == {
        "portraits": "1",
        "videos": "3",
        "markers": "1",
        "previews": "3",
        "qr": "0",
        "studio": "1",
    }
    assert "free" in lines


class LossyStorage(LocalStorage):
    """A store that keeps half of each file and says nothing of it."""

    def put(self, key: str, source: BinaryIO, *, content_type: str) -> None:
        """Store the first half."""
        content = source.read()
        super().put(key, io.BytesIO(content[: len(content) // 2]), content_type=content_type)


def test_what_does_not_arrive_whole_is_not_kept(make_app: MakeApp, tmp_path: Path) -> None:
    with make_app().app_context():
        stock(runtime().storage)
        target = LossyStorage(tmp_path / "elsewhere")

        with pytest.raises(OSError, match="did not arrive whole"):
            list(media_files.copy_all(runtime().storage, target))

        assert stored(target) == set()


class TestMigrate:
    @pytest.fixture
    def both(self, make_app: MakeApp, ceph: Ceph) -> Any:
        app = make_app(**{**ceph.settings(), "storage": "local"})
        with app.app_context():
            yield app

    def test_there_and_back(self, both: Flask) -> None:
        local = runtime().storage
        keys = set(stock(local).values())

        there = run(both, "migrate", "--to", "s3")

        assert there.exit_code == 0, there.output
        assert "Now set VERTEX_STORAGE=s3" in there.output
        bucket = storage_of("s3")
        assert stored(bucket) == keys
        for key in keys:
            local.delete(key)
        assert run(both, "migrate", "--to", "local").exit_code == 0
        assert stored(local) == keys
        assert run(both, "verify").exit_code == 0

    def test_goes_on_where_it_was_and_takes_what_came_meanwhile(self, both: Flask) -> None:
        local = runtime().storage
        stock(local)
        run(both, "migrate", "--to", "s3")
        later = stock(local)

        again = run(both, "migrate", "--to", "s3")

        copied = {line.split()[1] for line in again.output.splitlines() if line[:6] == "copied"}
        assert copied == set(later.values())

    def test_does_not_pass_on_what_is_damaged(self, both: Flask) -> None:
        local = runtime().storage
        keys = stock(local)
        damage(local, keys["file_key"])

        result = run(both, "migrate", "--to", "s3")

        assert result.exit_code == 1
        assert f"damaged  {keys['file_key']}" in result.output
        assert stored(storage_of("s3")) == set(keys.values()) - {keys["file_key"]}
