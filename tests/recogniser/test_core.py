"""The core: two builds that agree, and defined answers to whatever is put into it."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import pictures
from vertex.recogniser import BadMarkerError, Recogniser
from vertex.recogniser.build import build
from vertex.recogniser.engine import PLAIN, SIMD, Core
from vertex.recogniser.markerfile import read_marker, write_marker


@pytest.mark.parametrize("picture", sorted(pictures.PICTURES))
@pytest.mark.parametrize("size", [(640, 480), (333, 251), (97, 640)])
def test_both_builds_give_the_same_features_bit_for_bit(
    picture: str, size: tuple[int, int]
) -> None:
    grey = cv2.resize(cv2.cvtColor(pictures.PICTURES[picture](), cv2.COLOR_BGR2GRAY), size)

    features, descriptors = Core(SIMD).extract(np.asarray(grey, np.uint8), 600, 6, 6)
    plain_features, plain_descriptors = Core(PLAIN).extract(np.asarray(grey, np.uint8), 600, 6, 6)

    assert len(features) > 50
    assert features.tobytes() == plain_features.tobytes()
    assert descriptors.tobytes() == plain_descriptors.tobytes()


@pytest.mark.parametrize(("committed", "simd"), [(SIMD, True), (PLAIN, False)])
def test_the_committed_build_is_that_of_the_source(
    tmp_path: Path, committed: Path, simd: bool
) -> None:
    build(tmp_path / "fresh.wasm", simd=simd)

    assert (tmp_path / "fresh.wasm").read_bytes() == committed.read_bytes()


def test_frames_of_one_tone_or_pure_noise_hold_no_portrait(astronaut: bytes) -> None:
    recogniser = Recogniser(astronaut)
    noise = np.random.default_rng(1).integers(0, 256, (480, 640), np.uint8)

    for frame in (np.zeros_like(noise), np.full_like(noise, 255), noise):
        assert recogniser.find(frame) == []


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (47, 640), (640, 47), (1, 5000), (3000, 3000)])
def test_sizes_that_cannot_be_looked_at_are_refused(
    astronaut: bytes, shape: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="frame"):
        Recogniser(astronaut).find(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("shape", [(48, 48), (481, 641), (479, 333), (1024, 4096), (2048, 2048)])
def test_odd_and_large_sizes_are_looked_at(astronaut: bytes, shape: tuple[int, int]) -> None:
    frame = np.random.default_rng(2).integers(0, 256, shape, np.uint8)

    assert Recogniser(astronaut).find(frame) == []


class TestMarkerFile:
    def test_every_truncation_is_refused(self, astronaut: bytes) -> None:
        core = Core()
        for length in [*range(200), *range(200, len(astronaut), 997), len(astronaut) - 1]:
            with pytest.raises(BadMarkerError):
                core.load_marker(astronaut[:length])

    def test_what_follows_the_end_is_refused(self, astronaut: bytes) -> None:
        with pytest.raises(BadMarkerError, match="length"):
            Core().load_marker(astronaut + b"\0")

    def test_after_a_refusal_nothing_is_looked_for(self, astronaut: bytes) -> None:
        core = Core()
        core.load_marker(astronaut)
        frame = cv2.cvtColor(pictures.astronaut(), cv2.COLOR_BGR2GRAY)
        assert len(core.find(np.asarray(frame, np.uint8))) == 1

        with pytest.raises(BadMarkerError):
            core.load_marker(b"no marker")

        assert len(core.find(np.asarray(frame, np.uint8))) == 0

    @settings(max_examples=300, deadline=None)
    @given(data=st.data())
    def test_any_flipped_byte_is_refused(self, astronaut: bytes, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(astronaut) - 1))
        flip = data.draw(st.integers(1, 255))
        damaged = bytearray(astronaut)
        damaged[at] ^= flip

        with pytest.raises(BadMarkerError):
            Core().load_marker(bytes(damaged))

    @settings(max_examples=300, deadline=None)
    @given(head=st.binary(min_size=28, max_size=28), body=st.binary(max_size=3000))
    def test_a_header_that_lies_is_refused_whatever_its_checksum(
        self, head: bytes, body: bytes
    ) -> None:
        rest = b"\x01\0\0\0" + head + body

        with pytest.raises(BadMarkerError):
            Core().load_marker(signed(rest))

    @pytest.mark.parametrize(
        ("reason", "at", "lie"),
        [
            ("portraits", 12, struct.pack("<H", 0)),
            ("portraits", 12, struct.pack("<H", 51)),
            ("counts", 14, struct.pack("<H", 257)),
            ("counts", 16, struct.pack("<I", 65_537)),
            ("length", 16, struct.pack("<I", 3)),
            ("counts", 20, struct.pack("<I", 4_097)),
            ("size", 24, struct.pack("<I", 0)),
            ("size", 28, struct.pack("<I", 65_536)),
            ("template", 32, struct.pack("<H", 23)),
            ("template", 32, struct.pack("<2H", 60_000, 60_000)),
            ("counts", 36, struct.pack("<I", 3)),
            ("counts", 40, struct.pack("<H", 1)),
            ("reserved", 42, struct.pack("<H", 1)),
            ("views", 44, struct.pack("<f", float("nan"))),
            ("views", 44, struct.pack("<4f", 1, 0, 0, -1)),
        ],
    )
    def test_what_is_inconsistent_is_refused_by_name(
        self, astronaut: bytes, reason: str, at: int, lie: bytes
    ) -> None:
        damaged = bytearray(astronaut)
        damaged[at : at + len(lie)] = lie

        with pytest.raises(BadMarkerError, match=reason):
            Core().load_marker(signed(bytes(damaged[12:])))

    def test_the_first_version_is_refused_as_such(self, astronaut: bytes) -> None:
        with pytest.raises(BadMarkerError, match="version"):
            Core().load_marker(b"VXM\x01" + astronaut[4:])

    def test_what_was_written_is_read_again(self, astronaut: bytes) -> None:
        assert write_marker(*read_marker(astronaut)) == astronaut

    @pytest.mark.parametrize(("at", "reason"), [(0, "foreign"), (3, "version"), (99, "checksum")])
    def test_a_damaged_file_is_not_taken_apart(
        self, astronaut: bytes, at: int, reason: str
    ) -> None:
        damaged = bytearray(astronaut)
        damaged[at] ^= 1

        with pytest.raises(BadMarkerError, match=reason):
            read_marker(bytes(damaged))


def signed(rest: bytes) -> bytes:
    """A file whose length and checksum are right, whatever follows them."""
    return b"VXM\x02" + struct.pack("<2I", 12 + len(rest), zlib.crc32(rest)) + rest
