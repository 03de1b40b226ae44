"""What a store of files can do, whatever stands behind it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


class MissingFileError(Exception):
    """No file is stored under this key."""


class StorageError(OSError):
    """The store does not answer, or not as it should; the message is for the log."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a stored file without reading it."""

    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the list of a store names it; the time, aware, is that of its storing."""

    key: str
    size: int
    stored_at: datetime


class Storage(Protocol):
    """A flat store of immutable files, addressed by keys such as 'markers/<uuid>/<hash>.vxm'.

    What one key holds never changes, as its name is that of its content; who puts the same file
    twice has it stored once. Where the store does not answer, any method raises OSError.
    """

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

    def erase(self, key: str) -> None:
        """Remove the file with all its versions, so that nobody can bring it back."""

    def files(self, area: str) -> Iterator[ListedFile]:
        """Name every file of an area, in the order of their keys; what is not ours is left out."""

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """Give the file a path for as long as the block lasts, for programs that need one."""

    def workspace(self) -> AbstractContextManager[Path]:
        """Give an empty folder for unfinished files, removed when the block ends."""

    def link(self, key: str, *, content_type: str, seconds: int) -> str | None:
        """An address at which anybody may fetch the file for so long, or None if it has none."""

    def free_bytes(self) -> int | None:
        """How much more may be stored, or None where nobody knows."""

    def initialise(self, origin: str) -> None:
        """Make the store ready for this installation, whose pages come from `origin`."""

    def check(self) -> None:
        """Write, read and remove a few bytes; raise OSError if that fails."""
