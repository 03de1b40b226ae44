"""What phones make is made into what every phone plays, and looks and sounds the same."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.media.phone_formats import FORMATS, H264, SECONDS, Format
from tests.media.samples import video
from vertex.media import ffmpeg, videos
from vertex.media.boxes import outline
from vertex.media.facts import Facts, read_facts
from vertex.media.limited import Limits
from vertex.media.plan import LOUDNESS, SMALL, Wishes


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_becomes_what_every_phone_plays(kind: Format, tmp_path: Path) -> None:
    source = kind.make(tmp_path)
    work = tmp_path / "work"
    work.mkdir()

    made = videos.convert(source, work, Wishes())

    assert {finding.code for finding in made.findings} == kind.findings
    assert_plays(kind, made.large.path, size_of(kind))
    assert (made.small is not None) is (max(size_of(kind)) > max(SMALL))
    if made.small is not None:
        assert_plays(kind, made.small.path, SMALL)


def assert_plays(kind: Format, path: Path, size: tuple[int, int]) -> None:
    facts = read_facts(path)
    picture = facts.picture
    assert picture is not None
    assert (picture.codec, picture.profile, picture.pixel_format) == ("h264", *profile(kind))
    assert (picture.rotation, picture.uneven, picture.aspect) == (0, False, 1.0)
    assert picture.shown_size == size
    assert picture.frames_per_second <= 60.5
    assert facts.duration == pytest.approx(SECONDS, abs=0.2)
    with path.open("rb") as file:
        names = outline(file).names
    assert names.index(b"moov") < names.index(b"mdat")
    assert_sounds(kind, facts, path)


@pytest.mark.parametrize(
    "kind", [kind for kind in FORMATS if kind.rate == 30], ids=lambda kind: kind.name
)
def test_looks_the_same(kind: Format, tmp_path: Path) -> None:
    source = kind.make(tmp_path)
    work = tmp_path / "work"
    work.mkdir()

    made = videos.convert(source, work, Wishes())

    mean, most = distance(kind, made.large.path, made.large.width, made.large.height)
    assert mean < kind.off[0]
    assert most < kind.off[1]


@pytest.mark.parametrize(
    "kind", [kind for kind in FORMATS if "brightness" in kind.findings], ids=lambda kind: kind.name
)
def test_brightness_that_is_not_mapped_looks_otherwise(kind: Format, tmp_path: Path) -> None:
    """What `test_looks_the_same` would say of it: no limit of its own is reached by chance."""
    source = kind.make(tmp_path)
    plain = video(tmp_path / "plain.mp4", "-i", str(source), "-an", "-vf", "format=yuv420p", *H264)

    mean, most = distance(kind, plain, *kind.size)

    assert mean > 3 * kind.off[0]
    assert most > kind.off[1]


def distance(kind: Format, path: Path, width: int, height: int) -> tuple[float, float]:
    """How far a film is from what was drawn, in grey levels: the mean, and 99 of 100 points."""
    ours = first_picture(["-i", str(path)], width, height)
    drawn = first_picture(
        ["-f", "lavfi", "-i", "testsrc2=size={}x{}:rate=30:duration=1".format(*kind.size)],
        *kind.size,
    )
    expected = np.rot90(drawn, kind.turned // 90)
    assert ours.shape == expected.shape
    off = np.abs(ours.astype(float) - expected)
    return float(off.mean()), float(np.percentile(off, 99))


def profile(kind: Format) -> tuple[str, str]:
    """What H.264 is made; what is kept stays as the encoder of the sample made it."""
    kept = not kind.findings - {
        "kept",
        "loudness",
        "no_sound",
        "container",
        "sound_codec",
        "sound_channels",
    }
    return ("Constrained Baseline" if kept else "High", "yuv420p")


def size_of(kind: Format) -> tuple[int, int]:
    width, height = kind.size
    if "size" in kind.findings:
        width, height = 1920, 1080
    return (height, width) if kind.turned in (90, 270) else (width, height)


def assert_sounds(kind: Format, facts: Facts, path: Path) -> None:
    if not kind.sound:
        assert facts.sound is None
        return
    assert facts.sound is not None
    assert (facts.sound.codec, facts.sound.profile) == ("aac", "LC")
    assert (facts.sound.channels, facts.sound.sample_rate) == (2, 48000)
    measured = ffmpeg.measure_loudness(ffmpeg.read(path, "mov"), facts.sound.index, "", Limits())
    assert measured["input_i"] == pytest.approx(LOUDNESS, abs=1.5)
    assert measured["input_tp"] < 0


def first_picture(source: list[str], width: int, height: int) -> NDArray[np.uint8]:
    command = [ffmpeg.find_ffmpeg(), "-v", "error", *source, "-frames:v", "1"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(height, width, 3)
