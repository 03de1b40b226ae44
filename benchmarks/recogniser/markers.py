"""The markers of all three for each photograph, with what it took to make them."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.recogniser import cache
from benchmarks.recogniser.chromium import opened
from benchmarks.recogniser.footage import Clip
from benchmarks.recogniser.peers import Peers
from benchmarks.recogniser.site import Site, camera_parameters
from tests import clips, pictures
from tests.browser import colours
from tests.browser.chromium import driver
from vertex.recogniser import build_marker

ROOT = Path(__file__).parents[2]
DPI = 150  # what AR.js's maker takes when a picture says nothing
WARM = 7  # markers made of each photograph, of which the median counts
FIRST = """
import sys, time
from vertex.recogniser import build_marker
image = sys.stdin.buffer.read()
began = time.perf_counter()
build_marker(image)
print((time.perf_counter() - began) * 1000)
"""


def made() -> Path:
    """The folder of pictures, markers and film for the peers' pages."""
    folder = cache.folder("made")
    for part in ("pictures", "markers"):
        (folder / part).mkdir(exist_ok=True)
    for name, picture in pictures.PICTURES.items():
        path = folder / "pictures" / f"{name}.jpg"
        image = pictures.jpeg(picture())
        if not path.exists() or path.read_bytes() != image:
            path.write_bytes(image)
            for marker in (folder / "markers").glob(f"{name}.*"):
                marker.unlink()
    if not (folder / "film.mp4").exists():
        colours.make_video(folder / "film.mp4")
    return folder


def aim(site: Site, clip: Clip) -> None:
    """Tell AR.js what lens the clip was taken with: the best it could know."""
    shot = clips.STANDARD[clip.situation]
    parameters = camera_parameters(*shot.size, shot.focal)
    (site.made / "markers" / "camera.dat").write_bytes(parameters)


def measure(site: Site, peers: Peers, names: list[str]) -> dict[str, Any]:
    """For each photograph the time (ms) and size (bytes) of each contestant's marker."""
    all_: dict[str, Any] = {name: {"vertex": _ours(name)} for name in names}
    for name in names:
        with opened(driver()) as (page, _):
            page.goto(f"{site.url}/pages/compile.html")
            page.wait_for_function("'compile' in window")
            runs = [page.evaluate("(name) => compile(name)", name) for _ in range(2)]
            all_[name]["mindar"] = {**runs[-1], "first_ms": runs[0]["ms"]}
    for name in names:
        all_[name]["arjs"] = _nft(site, peers, name)
    return all_


def complete(site: Site, names: list[str]) -> bool:
    """Whether the peers' markers of these photographs are there."""
    kinds = ("mind", "fset3")
    return all((site.made / "markers" / f"{n}.{kind}").exists() for n in names for kind in kinds)


def _ours(name: str) -> dict[str, float]:
    image = pictures.jpeg(pictures.PICTURES[name]())
    times = []
    for _ in range(WARM):
        began = time.perf_counter()
        marker = build_marker(image)
        times.append((time.perf_counter() - began) * 1000)
    first = subprocess.run(
        [sys.executable, "-c", FIRST], input=image, capture_output=True, check=True, cwd=ROOT
    )
    ms = sorted(times)[WARM // 2]
    return {"ms": ms, "first_ms": float(first.stdout), "bytes": len(marker)}


def _nft(site: Site, peers: Peers, name: str) -> dict[str, float]:
    """One run takes most of a minute, so its time is kept beside its files."""
    folder = site.made / "markers"
    facts = folder / f"{name}.nft.json"
    if not facts.exists():
        began = time.perf_counter()
        maker = [sys.executable, "-m", "nft_marker_creator", "--dpi", str(DPI)]
        subprocess.run(
            [*maker, "-i", site.made / "pictures" / f"{name}.jpg", "-o", folder],
            env={**os.environ, "PYTHONPATH": str(peers.nft)},
            check=True,
            timeout=900,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ms = (time.perf_counter() - began) * 1000
        sizes = [(folder / f"{name}.{kind}").stat().st_size for kind in ("iset", "fset", "fset3")]
        facts.write_text(json.dumps({"ms": ms, "bytes": sum(sizes)}))
    whole: dict[str, float] = json.loads(facts.read_text())
    return whole
