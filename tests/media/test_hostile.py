"""Files that name other files or other machines: nothing of those is read, nothing is reached."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.media import samples
from tests.media.samples import H264, PICTURES
from vertex.media import RefusedFileError, ToolError, ffmpeg, videos
from vertex.media.facts import read_facts
from vertex.media.ffmpeg import find_ffmpeg
from vertex.media.limited import Limits
from vertex.media.plan import Wishes

CANARY = "canary.mp4"


class Listener:
    """A server of this machine that counts who knocks."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.knocks = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._server.accept()
                self.knocks += 1
                line.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A good film beside the hostile file, which must not be played through it."""
    return samples.video(tmp_path / CANARY, *PICTURES, *H264)


Make = Callable[[Path, int], bytes]


def playlist(canary: Path, _port: int) -> bytes:
    return f"#EXTM3U\n#EXTINF:1,\n{canary}\n#EXT-X-ENDLIST\n".encode()


def playlist_elsewhere(_canary: Path, port: int) -> bytes:
    return f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n".encode()


def concat(canary: Path, _port: int) -> bytes:
    return f"ffconcat version 1.0\nfile '{canary}'\n".encode()


def concat_elsewhere(_canary: Path, port: int) -> bytes:
    return f"ffconcat version 1.0\nfile 'http://127.0.0.1:{port}/a.mp4'\n".encode()


def disguised(make: Make) -> Make:
    """The same after a head by which it would pass for an MP4."""

    def made(canary: Path, port: int) -> bytes:
        return b"\0\0\0\x10ftypisom\0\0\0\0" + make(canary, port)

    return made


def manifest(_canary: Path, port: int) -> bytes:
    """A DASH manifest."""
    place = f"<BaseURL>http://127.0.0.1:{port}/</BaseURL>"
    return f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">{place}</MPD>'.encode()


def referring(canary: Path, entry: bytes) -> bytes:
    """The film without its pictures, which are said to lie where this entry names."""
    content = bytearray(canary.read_bytes())
    pictures = content.index(b"mdat") + 4
    moov = content.index(b"moov")
    assert pictures < moov  # the places of the pictures stay what they were
    content[pictures : moov - 4] = bytes(moov - 4 - pictures)
    own = content.index(b"url \0\0\0\1") - 4
    longer = len(entry) - 12
    content[own : own + 12] = entry
    for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = content.index(name, moov) - 4
        size = int.from_bytes(content[at : at + 4], "big") + longer
        content[at : at + 4] = size.to_bytes(4, "big")
    return bytes(content)


def box(kind: bytes, content: bytes) -> bytes:
    """An entry that is not in this file."""
    return (12 + len(content)).to_bytes(4, "big") + kind + bytes(4) + content


def alias(canary: Path, _port: int) -> bytes:
    """An entry as QuickTime writes it, with the whole path of the file beside it."""
    path = b"disk" + bytes(canary).replace(b"/", b":")
    name = canary.name.encode()
    head = bytes(10) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12)
    head += bytes([len(name)]) + name.ljust(63, b"\0") + bytes(16)
    levels = (0xFFFF).to_bytes(2, "big") * 2 + bytes(16)
    full = (2).to_bytes(2, "big") + len(path).to_bytes(2, "big") + path + bytes(len(path) % 2)
    return box(b"alis", head + levels + full + b"\xff\xff\0\0")


def link(_canary: Path, port: int) -> bytes:
    """An entry that names a place elsewhere."""
    return box(b"url ", f"http://127.0.0.1:{port}/canary.mp4\0".encode())


HOSTILE: dict[str, Make] = {
    "playlist": playlist,
    "playlist elsewhere": playlist_elsewhere,
    "concat": concat,
    "concat elsewhere": concat_elsewhere,
    "disguised playlist": disguised(playlist),
    "disguised playlist elsewhere": disguised(playlist_elsewhere),
    "disguised concat": disguised(concat),
    "manifest": manifest,
}


@pytest.mark.parametrize("name", ["film.mp4", "film.mov", "film.mkv", "film.m3u8"])
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_is_refused_and_reaches_nothing(
    make: Make, name: str, canary: Path, listener: Listener, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(make(canary, listener.port))

    with pytest.raises(RefusedFileError):
        videos.judge(path)

    assert listener.knocks == 0


@pytest.mark.parametrize("demuxer", ["mov", "matroska"])
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_the_tools_themselves_read_nothing_else(
    make: Make, demuxer: str, canary: Path, listener: Listener, tmp_path: Path
) -> None:
    """Even if it got past the look at its first bytes."""
    path, target = tmp_path / "film.mp4", tmp_path / "out.mp4"
    path.write_bytes(make(canary, listener.port))

    with pytest.raises(RefusedFileError):
        read_facts(path, demuxer)
    with pytest.raises((RefusedFileError, ToolError)):
        ffmpeg.make([*ffmpeg.read(path, demuxer), f"file:{target}"], [target], Limits())

    assert not target.exists() or target.stat().st_size == 0
    assert listener.knocks == 0


@pytest.mark.parametrize("entry", [alias, link])
def test_a_film_that_says_its_pictures_lie_elsewhere_shows_none_of_those(
    entry: Make, canary: Path, listener: Listener, tmp_path: Path
) -> None:
    path, work, target = tmp_path / "film.mp4", tmp_path / "work", tmp_path / "out.mp4"
    path.write_bytes(referring(canary, entry(canary, listener.port)))
    work.mkdir()

    with pytest.raises(RefusedFileError):
        videos.judge(path)
    with pytest.raises(RefusedFileError):
        videos.convert(path, work, Wishes())
    with pytest.raises((RefusedFileError, ToolError)):
        ffmpeg.make([*ffmpeg.read(path, "mov"), f"file:{target}"], [target], Limits())

    assert not target.exists() or target.stat().st_size == 0
    assert listener.knocks == 0


def test_tools_that_are_told_to_follow_it_do_find_the_film_beside_it(
    canary: Path, tmp_path: Path
) -> None:
    """Without which the test above would refuse a file that is hostile to nobody."""
    path = tmp_path / "film.mp4"
    path.write_bytes(referring(canary, alias(canary, 0)))
    follow = ["-enable_drefs", "1", "-use_absolute_path", "1"]
    shown = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]

    def seen(*options: str) -> bytes:
        command = [find_ffmpeg(), "-v", "quiet", *options, *shown]
        return subprocess.run(command, capture_output=True, check=False).stdout

    assert seen(*follow, "-i", str(path)) == seen("-i", str(canary)) != b""
    assert seen("-i", str(path)) == b""
