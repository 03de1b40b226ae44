"""Files in a folder of this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from vertex.storage import drafts
from vertex.storage.base import ListedFile, MissingFileError, StoredFile
from vertex.storage.keys import check_key, content_type_of, is_key

_CHUNK = 1 << 20
_PROBE = b"vertex"
_ATTEMPTS = 20


class LocalStorage:
    """Files under one directory; a write is visible whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def put(self, key: str, source: BinaryIO, *, content_type: str) -> None:
        if content_type != content_type_of(key):
            raise ValueError(f"{key} is no {content_type}")
        with drafts.draft(self._temporary()) as part:
            _write(source, part)
            self._publish(part, self._path(key))

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise MissingFileError(key) from None

    def stat(self, key: str) -> StoredFile:
        try:
            size = self._path(key).stat().st_size
        except FileNotFoundError:
            raise MissingFileError(key) from None
        return StoredFile(size=size, content_type=content_type_of(key))

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        path = self._path(key)
        path.unlink(missing_ok=True)
        with suppress(OSError):  # the owner's other files are still there
            path.parent.rmdir()

    def erase(self, key: str) -> None:
        self.delete(key)

    def files(self, area: str) -> Iterator[ListedFile]:
        folder = self._root / area
        for owner in sorted(folder.iterdir()) if folder.is_dir() else []:
            for path in sorted(owner.iterdir()) if owner.is_dir() else []:
                key = path.relative_to(self._root).as_posix()
                with suppress(FileNotFoundError):  # removed while we look
                    if is_key(key):
                        found = path.stat()
                        stored_at = datetime.fromtimestamp(found.st_mtime, UTC)
                        yield ListedFile(key, found.st_size, stored_at)

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        if not path.is_file():
            raise MissingFileError(key)
        yield path

    def workspace(self) -> AbstractContextManager[Path]:
        return drafts.workspace(self._temporary())

    def link(self, key: str, *, content_type: str, seconds: int) -> str | None:
        return None

    def free_bytes(self) -> int | None:
        folder = self._root
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def initialise(self, origin: str) -> None:
        self._temporary()

    def check(self) -> None:
        with drafts.draft(self._temporary()) as path:
            path.write_bytes(_PROBE)
            if path.read_bytes() != _PROBE:
                raise OSError(f"{path.parent} does not give back what was written")

    def _path(self, key: str) -> Path:
        return self._root / check_key(key)

    def _temporary(self) -> Path:
        folder = self._root / ".tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _publish(self, part: Path, path: Path) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                self._make_folder(path.parent)
                part.replace(path)
                break
            except (FileExistsError, FileNotFoundError):
                # delete() took the emptied folder away while we were about to use it
                if attempt == _ATTEMPTS - 1:
                    raise
        with suppress(FileNotFoundError):  # deleted already
            drafts.sync(path.parent)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            drafts.sync(folder.parent)


def _write(source: BinaryIO, path: Path) -> None:
    with path.open("wb") as part:
        shutil.copyfileobj(source, part, _CHUNK)
        part.flush()
        os.fsync(part.fileno())
