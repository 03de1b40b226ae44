"""Videos: accepted by content, copied without metadata, with poster and facts."""

import io
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.media import samples
from tests.media.refusals import VIDEOS, Make, cases
from tests.media.samples import AAC, H264, PICTURES, TONE, video
from vertex.media import RefusedFileError, ToolError, facts, ffmpeg, limited, videos
from vertex.media.boxes import outline
from vertex.media.facts import read_facts
from vertex.media.plan import Wishes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where prepared files go."""
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.mark.parametrize(("make", "code"), cases(VIDEOS))
def test_refuses(make: Make, code: str, tmp_path: Path) -> None:
    path = make(tmp_path / "video.mp4")

    with pytest.raises(RefusedFileError) as refusal:
        videos.judge(path)

    assert refusal.value.code == code


def test_says_what_was_found(tmp_path: Path) -> None:
    path = video(tmp_path / "video.mkv", *PICTURES, "-c:v", "ffv1")

    with pytest.raises(RefusedFileError) as refusal:
        videos.judge(path)

    assert refusal.value.params["found"] == "FFV1"


class TestKept:
    """What every phone plays is not coded again."""

    def test_pictures_are_those_of_the_source(self, tmp_path: Path, folder: Path) -> None:
        source = samples.plain_video(tmp_path / "v.mp4")

        made = videos.convert(source, folder, Wishes())

        assert _hash(made.large.path, "0:v") == _hash(source, "0:v")
        assert (made.large.width, made.large.height, made.small) == (320, 240, None)
        assert made.duration == pytest.approx(1, abs=0.1)

    def test_so_is_a_sound_of_the_right_loudness(self, tmp_path: Path, folder: Path) -> None:
        loud = ["-af", "volume=5dB", "-ac", "2"]
        source = video(tmp_path / "v.mp4", *PICTURES, *TONE, *H264, *AAC, *loud)

        made = videos.convert(source, folder, Wishes())

        assert _codes(made) == ["kept"]
        assert _hash(made.large.path, "0:a") == _hash(source, "0:a")

    def test_words_in_the_file_are_not_taken_for_its_loudness(
        self, tmp_path: Path, folder: Path
    ) -> None:
        lie = '{"input_i": "-70", "x": "y"} ' + "word " * 20_000
        telling = ["-af", "volume=5dB", "-ac", "2", "-metadata", f"comment={lie}"]
        source = video(tmp_path / "v.mp4", *PICTURES, *TONE, *H264, *AAC, *telling)

        assert _codes(videos.convert(source, folder, Wishes())) == ["kept"]

    def test_without_sound(self, tmp_path: Path, folder: Path) -> None:
        made = videos.convert(video(tmp_path / "v.mp4", *PICTURES, *H264), folder, Wishes())

        assert not made.has_sound
        assert _codes(made) == ["kept", "no_sound"]

    def test_fragments_are_joined(self, tmp_path: Path, folder: Path) -> None:
        flags = ["-movflags", "+frag_keyframe+empty_moov"]
        source = video(tmp_path / "v.mp4", *PICTURES, *H264, *flags)

        made = videos.convert(source, folder, Wishes())

        assert _hash(made.large.path, "0:v") == _hash(source, "0:v")
        with made.large.path.open("rb") as file:
            assert b"moof" not in outline(file).names

    def test_a_large_one_gets_a_small_companion(self, tmp_path: Path, folder: Path) -> None:
        pictures = ["-f", "lavfi", "-i", "testsrc=size=1080x1920:rate=25:duration=1"]

        made = videos.convert(video(tmp_path / "v.mp4", *pictures, *H264), folder, Wishes())

        assert "kept" in _codes(made)
        assert made.small is not None
        assert (made.small.width, made.small.height) == (540, 960)
        assert made.small.path.stat().st_size < made.large.path.stat().st_size


def test_a_live_recording_that_tells_no_length(tmp_path: Path, folder: Path) -> None:
    source = tmp_path / "live.webm"
    command = [ffmpeg.find_ffmpeg(), "-v", "error", *PICTURES, "-c:v", "libvpx", "-live", "1"]
    with source.open("wb") as out:
        subprocess.run([*command, "-f", "webm", "-"], check=True, stdout=out)

    made = videos.convert(source, folder, Wishes())

    assert made.duration == pytest.approx(1, abs=0.1)


def test_a_reader_that_is_killed_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = tmp_path / "script.py"
    killed.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(facts, "_SCRIPT", killed)

    with pytest.raises(ToolError, match="signal 9"):
        read_facts(samples.plain_video(tmp_path / "v.mp4"))


class TestCleanFile:
    def test_tells_nothing_of_its_origin(self, tmp_path: Path, folder: Path) -> None:
        source = samples.plain_video(tmp_path / "v.mp4")
        assert samples.SECRET.encode() in source.read_bytes()

        made = videos.convert(source, folder, Wishes())

        content = made.large.path.read_bytes()
        for word in (samples.SECRET, "+55.75", "Lavf", "loci"):
            assert word.encode() not in content
            assert word.encode() not in made.poster

    def test_leaves_other_streams_behind(self, tmp_path: Path, folder: Path) -> None:
        (tmp_path / "subtitles.srt").write_text(
            f"1\n00:00:00,000 --> 00:00:01,000\n{samples.SECRET}\n"
        )
        more = ["-i", str(tmp_path / "subtitles.srt"), "-c:s", "mov_text", "-map", "0", "-map", "1"]
        source = video(tmp_path / "v.mp4", *PICTURES, *more, "-map", "0", *H264)
        assert samples.SECRET.encode() in source.read_bytes()

        content = videos.convert(source, folder, Wishes()).large.path.read_bytes()

        assert samples.SECRET.encode() not in content

    def test_starts_fast_and_is_the_same_each_time(self, tmp_path: Path) -> None:
        source = video(tmp_path / "v.mov", *PICTURES, *TONE, "-c:v", "mpeg4", *AAC)

        first, second = (
            videos.convert(source, _new(tmp_path / name), Wishes()).large.path.read_bytes()
            for name in ("first", "second")
        )

        assert first == second
        names = outline(io.BytesIO(first)).names
        assert names.index(b"moov") < names.index(b"mdat")


class TestWishes:
    def test_a_part_is_cut_out(self, tmp_path: Path, folder: Path) -> None:
        source = samples.seconds_of_colours(tmp_path / "v.mp4")

        made = videos.convert(source, folder, Wishes(start=1.0, end=2.5))

        assert made.duration == pytest.approx(1.5, abs=0.1)
        assert _codes(made) == ["trimmed", "no_sound"]
        assert _colour(made.poster) == pytest.approx(samples.COLOURS[1], abs=12)

    def test_sound_is_left_out(self, tmp_path: Path, folder: Path) -> None:
        made = videos.convert(samples.plain_video(tmp_path / "v.mp4"), folder, Wishes(muted=True))

        assert not made.has_sound
        assert "muted" in _codes(made)

    @pytest.mark.parametrize("codec", ["libvpx-vp9", "libvpx", "prores_ks"])
    def test_transparency_comes_to_lie_beside_the_picture(
        self, codec: str, tmp_path: Path, folder: Path
    ) -> None:
        source = samples.half_transparent(tmp_path / "v", codec)
        assert videos.judge(source).has_alpha

        made = videos.convert(source, folder, Wishes(transparency="alpha"))

        assert (made.large.width, made.large.height) == (640, 240)
        picture, alpha = np.hsplit(_first_picture(made.large.path), 2)
        assert picture[:, 200:].mean((0, 1)) == pytest.approx(samples.RED, abs=12)
        assert alpha[:, :150].mean() < 8  # transparent on the left
        assert alpha[:, 170:].mean() > 247
        assert made.flat is not None
        assert _first_picture(made.flat)[:, 200:].mean((0, 1)) == pytest.approx(samples.RED, abs=12)
        assert _first_picture(made.flat).shape[:2] == (240, 320)
        with Image.open(io.BytesIO(made.poster)) as poster:
            assert poster.size == (320, 240)

    def test_a_film_beside_its_transparency_is_made_flat_too(
        self, tmp_path: Path, folder: Path
    ) -> None:
        halves = "color=c=red:s=320x240:r=10:d=1[a];color=c=white:s=320x240:r=10:d=1[b]"
        both = ["-filter_complex", f"{halves};[a][b]hstack"]
        source = video(tmp_path / "v.mp4", *both, *samples.H264)

        made = videos.convert(source, folder, Wishes(transparency="side_by_side"))

        assert (made.large.width, made.large.height) == (640, 240)
        assert made.flat is not None
        picture = _first_picture(made.flat)
        assert picture.shape[:2] == (240, 320)
        assert picture[..., 1].max() < 60  # nowhere white
        assert videos.convert(source, folder, Wishes()).flat is None

    def test_progress_is_told_and_an_error_from_there_ends_the_work(
        self, tmp_path: Path, folder: Path
    ) -> None:
        pictures = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=20"]
        source = video(tmp_path / "v.mkv", *pictures, "-c:v", "mpeg4", "-q:v", "2")
        told: list[float] = []

        def heed(share: float) -> None:
            told.append(share)
            if share > 0.2:
                raise LookupError("enough")

        with pytest.raises(LookupError, match="enough"):
            videos.convert(source, folder, Wishes(), heed)

        assert told == sorted(told)
        assert told[-1] < 1


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _codes(made: videos.ConvertedVideo) -> list[str]:
    return [finding.code for finding in made.findings]


def _colour(picture: bytes) -> list[float]:
    with Image.open(io.BytesIO(picture)) as image:
        return [float(value) for value in np.asarray(image.convert("RGB")).mean((0, 1))]


def _first_picture(path: Path) -> NDArray[np.uint8]:
    command = [ffmpeg.find_ffmpeg(), "-v", "error", "-i", str(path), "-frames:v", "1"]
    command += ["-f", "image2pipe", "-c:v", "png", "-"]
    png = subprocess.run(command, check=True, capture_output=True).stdout
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def _hash(path: Path, stream: str) -> bytes:
    command = [ffmpeg.find_ffmpeg(), "-v", "error", "-i", str(path)]
    command += ["-map", stream, "-f", "md5", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_a_poster_shows_the_beginning(tmp_path: Path, folder: Path) -> None:
    red = ["-f", "lavfi", "-i", "color=c=red:size=1920x1080:rate=10:duration=2"]
    blue = ["-f", "lavfi", "-i", "color=c=blue:size=1920x1080:rate=10:duration=1"]
    joined = ["-filter_complex", "[0][1]concat=n=2", *H264]

    made = videos.convert(video(tmp_path / "v.mp4", *red, *blue, *joined), folder, Wishes())

    with Image.open(io.BytesIO(made.poster)) as poster:
        assert poster.size == (1280, 720)
    assert _colour(made.poster) == pytest.approx([254, 0, 0], abs=6)


def test_the_wheel_brings_an_ffmpeg_where_the_system_has_none(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = samples.plain_video(tmp_path / "v.mp4")
    monkeypatch.setenv("PATH", str(tmp_path))
    ffmpeg.find_ffmpeg.cache_clear()

    try:
        made = videos.convert(source, folder, Wishes())
        assert "imageio_ffmpeg" in ffmpeg.find_ffmpeg()
    finally:
        ffmpeg.find_ffmpeg.cache_clear()

    assert read_facts(made.large.path).duration == pytest.approx(1, abs=0.1)


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

    def test_reaches_no_network(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            script = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"

            outcome = limited.run([sys.executable, "-I", "-c", script], limited.Limits())

        assert outcome.returncode != 0
        assert "OSError" in outcome.errors or "Error" in outcome.errors
