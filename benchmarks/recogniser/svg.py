"""A small writer of drawings: shapes and words in, an SVG file out."""

from html import escape
from pathlib import Path

INK, SOFT, GRID, PAPER, BAND = "#1f2328", "#656d76", "#d8dee4", "#ffffff", "#f6f8fa"
COLOURS = {"vertex": "#0969da", "mindar": "#d4730b", "arjs": "#8a63c9", "bare": "#9aa4af"}
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"


class Drawing:
    """Shapes on white paper; lengths in px, y downwards."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self._size = (width, height)
        self._title = title
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = GRID) -> None:
        """A thin line."""
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
            f'rx="2" fill="{colour}"/>'
        )

    def dot(
        self, x: float, y: float, colour: str, *, radius: float = 5, opacity: float = 1
    ) -> None:
        """A filled circle."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" '
            f'fill-opacity="{opacity}" stroke="{PAPER}"/>'
        )

    def cross(self, x: float, y: float, colour: str, *, radius: float = 4) -> None:
        """Two short strokes."""
        r = radius
        self._parts.append(
            f'<path d="M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m{-2 * r} 0l{2 * r} {-2 * r}" '
            f'stroke="{colour}" stroke-width="2" fill="none"/>'
        )

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", size: float = 13,
        colour: str = INK, bold: bool = False,
    ) -> None:  # fmt: skip
        """A line of words on its baseline."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{colour}"{weight}>{escape(words)}</text>'
        )

    def write(self, path: Path) -> None:
        """Store the drawing."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" font-family="{FONT}">'
        )
        paper = f'<rect width="100%" height="100%" rx="6" fill="{PAPER}"/>'
        title = f"<title>{escape(self._title)}</title>"
        path.write_text("\n".join([head, title, paper, *self._parts, "</svg>", ""]))
