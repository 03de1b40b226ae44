"""Videos: accepted by content, copied without metadata, with poster and facts."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.media import samples
from tests.media.refusals import VIDEOS, Make, cases
from tests.media.samples import H264, PICTURES, video
from vertex.media import RefusedFileError, ToolError, ffmpeg, limited, videos
from vertex.media.boxes import outline
from vertex.media.facts import read_facts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where prepared files go."""
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.mark.parametrize(("make", "code"), cases(VIDEOS))
def test_refuses(make: Make, code: str, tmp_path: Path, folder: Path) -> None:
    path = make(tmp_path / "video.mp4")

    with pytest.raises(RefusedFileError) as refusal:
        videos.prepare(path, folder)

    assert refusal.value.code == code


def test_says_what_was_found(tmp_path: Path, folder: Path) -> None:
    options = [*PICTURES, "-c:v", "libx265", "-x265-params", "log-level=none"]

    with pytest.raises(RefusedFileError) as refusal:
        videos.prepare(video(tmp_path / "video.mp4", *options), folder)

    assert refusal.value.params["found"] == "HEVC (H.265)"


class TestAccepted:
    def test_with_sound(self, tmp_path: Path, folder: Path) -> None:
        prepared = videos.prepare(samples.plain_video(tmp_path / "v.mp4"), folder)

        assert (prepared.width, prepared.height, prepared.has_sound) == (320, 240, True)
        assert prepared.duration == pytest.approx(1, abs=0.1)
        assert prepared.facts["picture"]["codec"] == "h264"

    def test_without_sound(self, tmp_path: Path, folder: Path) -> None:
        prepared = videos.prepare(video(tmp_path / "v.mp4", *PICTURES, *H264), folder)

        assert not prepared.has_sound
        assert prepared.facts["sound"] is None

    def test_fragmented(self, tmp_path: Path, folder: Path) -> None:
        flags = ["-movflags", "+frag_keyframe+empty_moov"]

        prepared = videos.prepare(video(tmp_path / "v.mp4", *PICTURES, *H264, *flags), folder)

        assert prepared.duration == pytest.approx(1, abs=0.1)
        with prepared.path.open("rb") as file:
            assert b"moof" not in outline(file).names

    def test_turned_by_a_flag(self, tmp_path: Path, folder: Path) -> None:
        lying = video(tmp_path / "lying.mp4", *PICTURES, *H264)
        turn = ["-i", str(lying), "-c", "copy", "-metadata:s:v", "rotate=90"]

        prepared = videos.prepare(video(tmp_path / "turned.mp4", *turn), folder)

        assert (prepared.width, prepared.height) == (240, 320)
        assert abs(prepared.facts["picture"]["rotation"]) == 90
        with Image.open(io.BytesIO(prepared.poster)) as poster:
            assert poster.size == (240, 320)

    def test_with_wide_pixels(self, tmp_path: Path, folder: Path) -> None:
        options = [*PICTURES, "-vf", "setsar=2", *H264]

        prepared = videos.prepare(video(tmp_path / "wide.mp4", *options), folder)

        assert (prepared.width, prepared.height) == (640, 240)
        with Image.open(io.BytesIO(prepared.poster)) as poster:
            assert poster.size == (640, 240)


class TestCleanFile:
    def test_tells_nothing_of_its_origin(self, tmp_path: Path, folder: Path) -> None:
        source = samples.plain_video(tmp_path / "v.mp4")
        assert samples.SECRET.encode() in source.read_bytes()

        prepared = videos.prepare(source, folder)

        content = prepared.path.read_bytes()
        for word in (samples.SECRET, "+55.75", "Lavf", "loci"):
            assert word.encode() not in content
            assert word.encode() not in prepared.poster

    def test_leaves_other_streams_behind(self, tmp_path: Path, folder: Path) -> None:
        (tmp_path / "subtitles.srt").write_text(
            f"1\n00:00:00,000 --> 00:00:01,000\n{samples.SECRET}\n"
        )
        more = ["-i", str(tmp_path / "subtitles.srt"), "-c:s", "mov_text", "-map", "0", "-map", "1"]
        source = video(tmp_path / "v.mp4", *PICTURES, *more, "-map", "0", *H264)
        assert samples.SECRET.encode() in source.read_bytes()

        content = videos.prepare(source, folder).path.read_bytes()

        assert samples.SECRET.encode() not in content

    def test_starts_fast_and_is_the_same_each_time(self, tmp_path: Path, folder: Path) -> None:
        source = samples.plain_video(tmp_path / "v.mp4")

        first = videos.prepare(source, folder).path.read_bytes()
        second = videos.prepare(source, folder).path.read_bytes()

        assert first == second
        names = outline(io.BytesIO(first)).names
        assert names.index(b"moov") < names.index(b"mdat")

    def test_has_the_pictures_of_its_source(self, tmp_path: Path, folder: Path) -> None:
        source = samples.plain_video(tmp_path / "v.mp4")

        prepared = videos.prepare(source, folder)

        assert _picture_hash(prepared.path) == _picture_hash(source)


def _picture_hash(path: Path) -> bytes:
    command = [
        ffmpeg.find_ffmpeg(),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:v",
        "-f",
        "md5",
        "-",
    ]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_a_poster_shows_the_beginning(tmp_path: Path, folder: Path) -> None:
    red = ["-f", "lavfi", "-i", "color=c=red:size=1920x1080:rate=10:duration=2"]
    blue = ["-f", "lavfi", "-i", "color=c=blue:size=1920x1080:rate=10:duration=1"]
    joined = ["-filter_complex", "[0][1]concat=n=2", *H264]

    prepared = videos.prepare(video(tmp_path / "v.mp4", *red, *blue, *joined), folder)

    with Image.open(io.BytesIO(prepared.poster)) as poster:
        assert poster.size == (1280, 720)
        assert np.asarray(poster).mean((0, 1)) == pytest.approx([254, 0, 0], abs=6)


def test_the_wheel_brings_an_ffmpeg_where_the_system_has_none(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = samples.plain_video(tmp_path / "v.mp4")
    monkeypatch.setenv("PATH", str(tmp_path))
    ffmpeg.find_ffmpeg.cache_clear()

    try:
        prepared = videos.prepare(source, folder)
        assert "imageio_ffmpeg" in ffmpeg.find_ffmpeg()
    finally:
        ffmpeg.find_ffmpeg.cache_clear()

    assert read_facts(prepared.path).duration == pytest.approx(1, abs=0.1)


class TestLimitedChild:
    def test_is_killed_with_its_children_when_it_takes_too_long(self, tmp_path: Path) -> None:
        mark = tmp_path / "mark"
        script = f"(sleep 2; touch {mark}) & sleep 60"
        begun = time.monotonic()

        with pytest.raises(ToolError, match="took more than"):
            limited.run(["/bin/sh", "-c", script], limited.Limits(seconds=1))

        assert time.monotonic() - begun < 10
        time.sleep(2)
        assert not mark.exists()

    def test_cannot_use_more_processor_time_than_given(self) -> None:
        outcome = limited.run(
            ["/bin/sh", "-c", "while :; do :; done"], limited.Limits(cpu_seconds=1)
        )

        assert outcome.returncode != 0

    def test_cannot_write_more_than_given(self, tmp_path: Path) -> None:
        target = tmp_path / "large"
        command = ["/bin/sh", "-c", f"exec head -c 5000000 /dev/zero > {target}"]

        outcome = limited.run(command, limited.Limits(file_size=1 << 20))

        assert outcome.returncode != 0
        assert target.stat().st_size <= 1 << 20

    def test_cannot_take_more_memory_than_given(self) -> None:
        command = [sys.executable, "-I", "-c", "bytearray(1 << 30)"]

        outcome = limited.run(command, limited.Limits(memory=1 << 29))

        assert outcome.returncode != 0
        assert "MemoryError" in outcome.errors

    def test_knows_nothing_of_our_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VERTEX_SECRET_KEY", "not for children")

        outcome = limited.run(["/usr/bin/env"], limited.Limits())

        assert "VERTEX" not in outcome.output
        assert os.environ["VERTEX_SECRET_KEY"]
