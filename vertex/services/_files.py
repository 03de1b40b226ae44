"""Files that come in: judged before they are stored, and removed if their row is not."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from vertex.errors import InvalidError, TooLargeError
from vertex.media import RefusedFileError
from vertex.storage import Storage, content_type_of, file_key, is_content_of

_MEGABYTE = 1024**2


class DamagedFileError(Exception):
    """A stored file is not what was stored."""


class NewFiles:
    """Stores files for rows that do not exist yet, remembering which ones are new."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._new: list[str] = []

    def put(self, area: str, owner: UUID, content: BinaryIO, extension: str) -> str:
        """Store the content and return its key."""
        key = file_key(area, owner, content, extension)
        if not self._storage.exists(key):
            self._new.append(key)
        self._storage.put(key, content, content_type=content_type_of(key))
        return key

    def remove(self) -> None:
        """Remove what is new."""
        for key in self._new:
            self._storage.delete(key)


@contextmanager
def new_files(storage: Storage) -> Iterator[NewFiles]:
    """Give a store for the files of new rows; a block that fails leaves none of them."""
    files = NewFiles(storage)
    try:
        yield files
    except BaseException:
        files.remove()
        raise


@contextmanager
def refusals(field: str, accepted: str) -> Iterator[None]:
    """Turn what media finds wrong with a file into a refusal that says what is accepted."""
    try:
        yield
    except RefusedFileError as error:
        raise InvalidError(error.code, field=field, accepted=accepted, **error.params) from None


def judge_size(source: BinaryIO, limit: int, *, kind: str, field: str) -> None:
    """Raise TooLargeError if there are more bytes than accepted."""
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    if size > limit:
        found = -(-size // _MEGABYTE)
        raise TooLargeError(f"{kind}_bytes", field=field, found=found, limit=limit // _MEGABYTE)


def path_of(source: BinaryIO, place: Path) -> Path:
    """Where the content lies: in a file of its own already, else in a copy at this place."""
    source.seek(0)
    name = getattr(source, "name", None)
    if isinstance(name, str) and Path(name).is_file():
        return Path(name)
    with place.open("xb") as target:
        shutil.copyfileobj(source, target, _MEGABYTE)
    return place


@contextmanager
def verified_path(storage: Storage, key: str) -> Iterator[Path]:
    """Give a stored file a path once its content has been found to be that of its key."""
    with storage.local_path(key) as path:
        with path.open("rb") as content:
            if not is_content_of(key, content):
                raise DamagedFileError(key)
        yield path


def read_verified(storage: Storage, key: str) -> bytes:
    """Return a stored file once its content has been found to be that of its key."""
    with storage.open(key) as file:
        content = file.read()
    if not is_content_of(key, io.BytesIO(content)):
        raise DamagedFileError(key)
    return content
