"""`python -m tools.demo` draws the portrait and the film into vertex/demo."""

import os
import sys
import tempfile
from pathlib import Path

from tools.demo import film
from tools.demo.canvas import WIDTH
from tools.demo.scene import render

TARGET = Path(__file__).resolve().parents[2] / "vertex" / "demo"
LIMIT = 400_000


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    portrait, video = TARGET / "portrait.jpg", TARGET / "video.mp4"
    draw_portrait(portrait)
    with tempfile.TemporaryDirectory() as folder:
        film.draw_frames(Path(folder), workers=max(1, (os.cpu_count() or 2) // 2))
        film.encode(Path(folder), video)
    for path in (portrait, video):
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")


def draw_portrait(path: Path) -> None:
    """Store the portrait as a JPEG of the best quality that fits the limit."""
    picture = render(WIDTH)
    for quality in range(92, 50, -2):
        picture.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= LIMIT:
            return


if __name__ == "__main__":
    main()
