"""What a store of files can do, whatever stands behind it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


class MissingFileError(Exception):
    """No file is stored under this key."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a stored file without reading it."""

    size: int
    content_type: str


class Storage(Protocol):
    """A flat store of immutable files, addressed by keys such as 'markers/<uuid>/<hash>.vxm'."""

    def put(self, key: str, source: BinaryIO, *, content_type: str) -> None:
        """Store source under key: when this returns the file is whole and survives a crash."""

    def open(self, key: str) -> BinaryIO:
        """Open for reading and seeking; raise MissingFileError if there is none."""

    def stat(self, key: str) -> StoredFile:
        """Tell size and type; raise MissingFileError if there is no such file."""

    def exists(self, key: str) -> bool:
        """Tell whether a file is stored under this key."""

    def delete(self, key: str) -> None:
        """Remove the file; removing a missing one is not an error."""

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """Give the file a path for as long as the block lasts, for programs that need one."""

    def workspace(self) -> AbstractContextManager[Path]:
        """Give an empty folder for unfinished files, removed when the block ends."""

    def public_url(self, key: str) -> str | None:
        """A URL the browser may fetch directly, or None: serve it through the app."""

    def check(self) -> None:
        """Write, read and remove a few bytes; raise OSError if that fails."""
