"""ZIP files that come in: what is in them by safe names, or why nothing is taken from them."""

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vertex.media.errors import RefusedFileError

ACCEPTED = "ZIP"
MOST_ENTRIES = 10_000

_GIGABYTE = 1024**3
_LARGEST = 200 * _GIGABYTE  # unpacked; nothing is ever unpacked as a whole
_RATIO, _RATIO_FROM = 200, 1024**2  # pictures and films hardly shrink; a small table may
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:(/|$)")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """An open ZIP; `entries` are its files by their names, decoded and in one Unicode form."""

    file: zipfile.ZipFile
    entries: Mapping[str, zipfile.ZipInfo]

    def head(self, name: str, size: int = 4096) -> bytes:
        """The first bytes of an entry."""
        with reading(), self.file.open(self.entries[name]) as source:
            return source.read(size)

    def copy(self, name: str, target: Path) -> None:
        """Write an entry to this new file."""
        with reading(), self.file.open(self.entries[name]) as source, target.open("xb") as copy:
            while piece := source.read(_CHUNK):
                copy.write(piece)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Give the ZIP at this path, or raise RefusedFileError: damaged, locked, or not harmless."""
    with reading():
        file = zipfile.ZipFile(path)
    with file:
        yield Archive(file, _entries(file, path.stat().st_size))


@contextmanager
def reading() -> Iterator[None]:
    """Turn what the reader of ZIPs stumbles over into a refusal."""
    try:
        yield
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, ValueError, LookupError):
        raise RefusedFileError("archive_damaged") from None
    except (NotImplementedError, RuntimeError):
        raise RefusedFileError("archive_method") from None


def _entries(file: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    infos = file.infolist()
    if len(infos) > MOST_ENTRIES:
        raise RefusedFileError("archive_entries", limit=MOST_ENTRIES)
    if sum(info.compress_size for info in infos) > size:
        raise RefusedFileError("archive_bomb")  # entries that lie on top of each other
    if sum(info.file_size for info in infos) > _LARGEST:
        raise RefusedFileError("archive_unpacked", limit=_LARGEST // _GIGABYTE)
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _name(info)
        _judge(info, name)
        if info.is_dir() or _LITTER.search(name):
            continue
        if name in found:
            raise RefusedFileError("archive_twice", name=name[-60:])
        found[name] = info
    return found


def _judge(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise RefusedFileError("archive_locked")
    parts = PurePosixPath(name).parts
    if (
        not parts
        or name.startswith("/")
        or ".." in parts
        or _DRIVE.match(name)
        or not name.isprintable()
    ):
        raise RefusedFileError("archive_unsafe", name=ascii(name[-60:])[1:-1])
    if stat.S_ISLNK(info.external_attr >> 16):
        raise RefusedFileError("archive_link", name=name[-60:])
    if info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(info.compress_size, 1):
        raise RefusedFileError("archive_bomb")


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its maker meant it: UTF-8 where it says so or can be, else of a Russian DOS."""
    name = _unicode_path(info.extra)
    if name is None:
        name = info.orig_filename
        if not info.flag_bits & _UTF8 and not name.isascii():
            name = _guessed(name.encode("cp437"))
    # some programs of Windows write its own separators
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _guessed(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        russian = raw.decode("cp866")
    words = re.findall(r"\w+", russian)
    foreign = [word for word in words if not word.isascii()]
    # a word of both alphabets is no Russian one: it has an umlaut or an accent
    if foreign and all(re.fullmatch(r"[\u0400-\u045f\d_]+", word) for word in foreign):
        return russian
    return raw.decode("cp437")


def _unicode_path(extra: bytes) -> str | None:
    """The name of the extra field for names in UTF-8, if there is one."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if kind == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode(errors="replace")
        extra = extra[4 + size :]
    return None
