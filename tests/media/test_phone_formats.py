"""What phones make is made into what every phone plays, and looks and sounds the same."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.media.phone_formats import FORMATS, SECONDS, Format
from vertex.media import ffmpeg, videos
from vertex.media.boxes import outline
from vertex.media.facts import Facts, read_facts
from vertex.media.limited import Limits
from vertex.media.plan import LOUDNESS, Wishes


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_becomes_what_every_phone_plays(kind: Format, tmp_path: Path) -> None:
    source = kind.make(tmp_path)
    work = tmp_path / "work"
    work.mkdir()

    made = videos.convert(source, work, Wishes())

    facts = read_facts(made.large.path)
    picture = facts.picture
    assert picture is not None
    assert (picture.codec, picture.profile, picture.pixel_format) == ("h264", *profile(kind))
    assert (picture.rotation, picture.uneven, picture.aspect) == (0, False, 1.0)
    assert picture.shown_size == size_of(kind)
    assert picture.frames_per_second <= 60.5
    assert facts.duration == pytest.approx(SECONDS, abs=0.2)
    assert {finding.code for finding in made.findings} == kind.findings
    with made.large.path.open("rb") as file:
        names = outline(file).names
    assert names.index(b"moov") < names.index(b"mdat")
    assert_sounds(kind, facts, made.large.path)


@pytest.mark.parametrize(
    "kind", [kind for kind in FORMATS if kind.rate == 30], ids=lambda kind: kind.name
)
def test_looks_the_same(kind: Format, tmp_path: Path) -> None:
    source = kind.make(tmp_path)
    work = tmp_path / "work"
    work.mkdir()

    made = videos.convert(source, work, Wishes())

    ours = first_picture(["-i", str(made.large.path)], made.large.width, made.large.height)
    drawn = first_picture(
        ["-f", "lavfi", "-i", "testsrc2=size={}x{}:rate=30:duration=1".format(*kind.size)],
        *kind.size,
    )
    turns = {90: 1, 270: 3}.get(kind.turned, 0)
    expected = np.rot90(drawn, turns)
    off = np.abs(ours.astype(float) - expected) if ours.shape == expected.shape else None
    assert off is not None, (ours.shape, expected.shape)
    assert off.mean() < kind.brightness_off


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
    return (height, width) if kind.turned else (width, height)


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
