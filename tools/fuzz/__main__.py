"""Builds the core with sanitizers and lets libFuzzer look for what breaks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

from tests import clips, pictures
from vertex.recogniser import build_marker
from vertex.recogniser.build import CORE
from vertex.recogniser.engine import Core, Grey
from vertex.recogniser.markerfile import Descriptors, Portrait, join_markers, write_marker

HERE = Path(__file__).parent
WORK = HERE.parents[1] / ".cache" / "fuzz"
FLAGS = [
    *("-std=c11", "-O2", "-g", "-ffp-contract=off", "-Wno-strict-prototypes"),
    "-fsanitize=fuzzer,address,undefined,float-cast-overflow,float-divide-by-zero",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
]
LONGEST = 300_000  # bytes of an input: a marker and a small frame
SLOWEST = 20  # seconds


def main(seconds: int) -> int:
    """Fuzz for this long with every core of the machine; 0 if nothing was found."""
    compiler = shutil.which("clang")
    if compiler is None:
        sys.stderr.write("clang is missing: apt-get install clang libclang-rt-14-dev\n")
        return 2
    WORK.mkdir(parents=True, exist_ok=True)
    fuzzer, corpus = WORK / "core_fuzzer", WORK / "corpus"
    corpus.mkdir(exist_ok=True)
    sources = [str(HERE / "core_fuzzer.c"), *map(str, sorted(CORE.glob("*.c")))]
    command = [compiler, *FLAGS, "-I", str(CORE), "-o", str(fuzzer), *sources]
    subprocess.run(command, check=True)  # noqa: S603 - our own compiler on our own sources
    for name, content in seeds().items():
        (corpus / name).write_bytes(content)
    jobs = len(os.sched_getaffinity(0))
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}"]
    options += [f"-jobs={jobs}", f"-workers={jobs}", "-print_final_stats=1", "-rss_limit_mb=4096"]
    ran = subprocess.run([fuzzer, *options, corpus], cwd=WORK, check=False)  # noqa: S603 - what was just built
    return ran.returncode


def seeds() -> dict[str, bytes]:
    """Inputs that reach deep: a real marker with frames in which its portrait is and is not."""
    picture = pictures.astronaut()
    marker = build_marker(pictures.jpeg(picture))
    shot = clips.Shot(scale=0.8, tilt=20, frames=2)
    frames = [frame for frame, _ in clips.render(picture, shot)]
    found = {}
    for name, size in (("small", (96, 72)), ("quarter", (160, 120)), ("half", (320, 240))):
        grey = cv2.cvtColor(cv2.resize(frames[0], size), cv2.COLOR_RGB2GRAY)
        for what in (0, 1, 2, 5, 9):
            found[f"{name}-{what}"] = seed(what, np.asarray(grey, np.uint8), marker)
    for name, pixels in (
        ("noise", noise((60, 80))),
        ("steps", noise((12, 16)).repeat(5, 0).repeat(5, 1)),
    ):
        for what in (0, 1, 2, 5, 9):
            found[f"mini-{name}-{what}"] = seed(what, pixels, mini_marker(pixels))
            found[f"album-{name}-{what}"] = seed(what, pixels, mini_marker(pixels, 3))
    found["uniform"] = seed(1, np.full((48, 48), 128, np.uint8), marker)
    found["no-marker"] = seed(2, np.full((50, 49), 7, np.uint8), b"")
    return found


def noise(shape: tuple[int, int]) -> Grey:
    """Pixels without sense."""
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


def mini_marker(grey: Grey, portraits: int = 1) -> bytes:
    """A marker of the few corners of one small picture, several times for an album."""
    features, descriptors = Core().extract(grey, 40, 4, 8)
    height, width = grey.shape
    count = len(features)
    places = np.stack([features["x"] / width, features["y"] / height], 1)
    scale = np.array([height / 2, height / 2])
    template = np.asarray(cv2.resize(grey, (24, 32), interpolation=cv2.INTER_AREA), np.uint8)
    views = np.stack([np.diag(scale / 1.2**level) for level in range(4)]).astype("<f4")
    one = Descriptors(
        (places * 65535).clip(0, 65535).astype("<u2"),
        descriptors,
        np.zeros(count, np.uint8),
        features["level"].astype(np.uint8),
        (np.arctan2(features["sin"], features["cos"]) / (2 * np.pi) * 256 % 256).astype(np.uint8),
    )
    marker = write_marker([Portrait((width, height), template, views)], one)
    return marker if portraits == 1 else join_markers([marker] * portraits)


def seed(
    what: int, grey: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", marker: bytes
) -> bytes:
    """One input, laid out as core_fuzzer.c reads it."""
    height, width = grey.shape
    head = bytes([what]) + width.to_bytes(2, "little") + height.to_bytes(2, "little")
    head += (300).to_bytes(2, "little") + len(marker).to_bytes(3, "little")
    return head + marker + grey.tobytes()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
