"""The local store: whole files or none, and nothing outside its folder."""

import hashlib
import io
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from vertex.storage.base import MissingFileError, Storage, StoredFile
from vertex.storage.keys import check_key, content_type_of, file_key
from vertex.storage.local import LocalStorage

OWNER = UUID("0190c5a0-0000-7000-8000-000000000001")
KEY = f"portraits/{OWNER}/{'ab' * 16}.jpg"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "media")


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


class BrokenLine(io.BytesIO):
    """Gives some bytes, then fails, as an upload may."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the line broke")
        return super().read(3)


class TestPut:
    def test_gives_back_what_was_put(self, storage: Storage) -> None:
        storage.put(KEY, io.BytesIO(b"portrait"), content_type="image/jpeg")

        with storage.open(KEY) as file:
            assert file.read() == b"portrait"
        assert storage.stat(KEY) == StoredFile(size=8, content_type="image/jpeg")
        assert storage.exists(KEY)

    def test_replaces_what_was_there(self, storage: Storage) -> None:
        storage.put(KEY, io.BytesIO(b"first"), content_type="image/jpeg")
        storage.put(KEY, io.BytesIO(b"second"), content_type="image/jpeg")

        with storage.open(KEY) as file:
            assert file.read() == b"second"

    def test_leaves_nothing_when_the_source_breaks(self, storage: Storage, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="the line broke"):
            storage.put(KEY, BrokenLine(b"portrait"), content_type="image/jpeg")

        assert files(tmp_path) == []

    def test_keeps_the_old_file_when_the_source_breaks(self, storage: Storage) -> None:
        storage.put(KEY, io.BytesIO(b"first"), content_type="image/jpeg")

        with pytest.raises(OSError, match="the line broke"):
            storage.put(KEY, BrokenLine(b"second"), content_type="image/jpeg")

        with storage.open(KEY) as file:
            assert file.read() == b"first"

    def test_refuses_a_type_that_the_key_does_not_have(
        self, storage: Storage, tmp_path: Path
    ) -> None:
        with pytest.raises(ValueError, match="is no text/html"):
            storage.put(KEY, io.BytesIO(b"x"), content_type="text/html")

        assert files(tmp_path) == []

    def test_a_reader_never_sees_half_a_file(self, storage: Storage) -> None:
        contents = [bytes([letter]) * 300_000 for letter in b"ab"]
        seen: set[bytes] = set()
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                with storage.open(KEY) as file:
                    seen.add(file.read())

        storage.put(KEY, io.BytesIO(contents[0]), content_type="image/jpeg")
        reader = threading.Thread(target=read)
        reader.start()
        for turn in range(20):
            storage.put(KEY, io.BytesIO(contents[turn % 2]), content_type="image/jpeg")
        done.set()
        reader.join()

        assert seen <= set(contents)

    def test_survives_a_delete_that_takes_its_folder(self, storage: Storage) -> None:
        keys = [f"portraits/{OWNER}/{n:032x}.jpg" for n in range(8)]
        failed: list[Exception] = []

        def churn(key: str) -> None:
            try:
                for _ in range(25):
                    storage.put(key, io.BytesIO(b"x"), content_type="image/jpeg")
                    storage.delete(key)
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=churn, args=[key]) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failed == []


class TestMissing:
    def test_is_told_by_its_own_error(self, storage: Storage) -> None:
        for ask in (storage.open, storage.stat):
            with pytest.raises(MissingFileError):
                ask(KEY)
        with pytest.raises(MissingFileError), storage.local_path(KEY):
            pass
        assert not storage.exists(KEY)

    def test_may_be_deleted(self, storage: Storage) -> None:
        storage.delete(KEY)


def test_delete_leaves_neither_file_nor_folder_of_the_owner(
    storage: Storage, tmp_path: Path
) -> None:
    storage.put(KEY, io.BytesIO(b"x"), content_type="image/jpeg")

    storage.delete(KEY)

    assert not storage.exists(KEY)
    assert not list(tmp_path.rglob(f"*{OWNER}*"))


def test_a_path_is_given_to_programs_that_need_one(storage: Storage) -> None:
    storage.put(KEY, io.BytesIO(b"portrait"), content_type="image/jpeg")

    with storage.local_path(KEY) as path:
        assert path.read_bytes() == b"portrait"


def test_a_workspace_is_gone_after_its_block(storage: Storage) -> None:
    with storage.workspace() as folder:
        (folder / "draft").write_bytes(b"x")

    assert not folder.exists()


def test_check_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    storage.check()

    assert files(tmp_path) == []


def test_check_tells_of_a_root_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="file"):
        LocalStorage(tmp_path / "file").check()


class TestKeys:
    def test_hold_area_owner_and_content(self) -> None:
        key = file_key("markers", OWNER, io.BytesIO(b"marker"), "vxm")

        digest = hashlib.sha256(b"marker").hexdigest()
        assert key == f"markers/{OWNER}/{digest[:32]}.vxm"
        assert content_type_of(key) == "application/octet-stream"

    def test_differ_with_content_and_leave_it_at_its_beginning(self) -> None:
        source = io.BytesIO(b"one")

        assert file_key("videos", OWNER, source, "mp4") != file_key(
            "videos", OWNER, io.BytesIO(b"two"), "mp4"
        )
        assert source.read() == b"one"

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "../secret_key",
            f"portraits/{OWNER}/../{'ab' * 16}.jpg",
            f"/portraits/{OWNER}/{'ab' * 16}.jpg",
            f"{KEY}\n",
            KEY.upper(),
            f"secrets/{OWNER}/{'ab' * 16}.jpg",
            f"portraits/{OWNER}/{'ab' * 16}.html",
            f"portraits/{OWNER}/{'ab' * 15}.jpg",
            f"portraits/{OWNER}/{'ab' * 16}.jpg/../../x",
        ],
    )
    def test_of_other_shapes_are_refused(self, key: str, storage: Storage) -> None:
        with pytest.raises(ValueError, match="not a key"):
            check_key(key)
        with pytest.raises(ValueError, match="not a key"):
            storage.open(key)

    def test_of_every_owner_are_accepted(self) -> None:
        for _ in range(20):
            assert check_key(f"qr/{uuid4()}/{'0' * 32}.svg")
