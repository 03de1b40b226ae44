"""Print sheets: cards with a photo, its QR code and a few words, laid out with crop marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "DejaVuSans"
_FILE = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
_QUIET_ZONE = 4  # modules: the standard (ISO/IEC 18004) asks for four
_EDGE = 5 * mm  # what a card keeps free inside its cut
_SMALLEST = 4.5  # pt
_MARK, _MARK_AWAY = 6 * mm, 2 * mm


@dataclass(frozen=True, slots=True)
class Layout:
    """How cards lie on a page; lengths in mm. `qr` is the side of the code with its quiet zone."""

    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    qr: float
    text: float  # pt
    photo: bool = True


LAYOUTS = {
    "cards": Layout(A4, 2, 2, 90, 130, 32, 8.5),
    "large": Layout(landscape(A4), 2, 1, 130, 180, 42, 12),
    "labels": Layout(A4, 3, 7, 60, 38, 30, 6, photo=False),
}


@dataclass(frozen=True, slots=True)
class Card:
    """What is on one card; `qr` are the rows of the code's modules, true where it is dark."""

    photo: Path
    qr: Sequence[Sequence[bool]]
    title: str
    lines: Sequence[str]
    code: str


def draw(cards: Sequence[Card], layout: Layout, target: BinaryIO, *, title: str) -> int:
    """Write the PDF; how many pages it has."""
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, str(_FILE)))
    canvas = Canvas(target, pagesize=layout.page)
    canvas.setTitle(title)
    on_page = layout.columns * layout.rows
    for first in range(0, len(cards), on_page):
        _page(canvas, cards[first : first + on_page], layout)
        canvas.showPage()
    canvas.save()
    return -(-len(cards) // on_page)


def _page(canvas: Any, cards: Sequence[Card], layout: Layout) -> None:
    width, height = layout.width * mm, layout.height * mm
    left = (layout.page[0] - layout.columns * width) / 2
    top = (layout.page[1] + layout.rows * height) / 2
    for index, card in enumerate(cards):
        row, column = divmod(index, layout.columns)
        canvas.saveState()
        canvas.translate(left + column * width, top - (row + 1) * height)
        _card(canvas, card, layout)
        canvas.restoreState()
    _crop_marks(canvas, layout, left, top)


def _crop_marks(canvas: Any, layout: Layout, left: float, top: float) -> None:
    """Short lines outside of the cards, where to cut."""
    width, height = layout.width * mm, layout.height * mm
    right, bottom = left + layout.columns * width, top - layout.rows * height
    canvas.setLineWidth(0.25)
    for column in range(layout.columns + 1):
        x = left + column * width
        canvas.line(x, top + _MARK_AWAY, x, top + _MARK_AWAY + _MARK)
        canvas.line(x, bottom - _MARK_AWAY, x, bottom - _MARK_AWAY - _MARK)
    for row in range(layout.rows + 1):
        y = top - row * height
        canvas.line(left - _MARK_AWAY, y, left - _MARK_AWAY - _MARK, y)
        canvas.line(right + _MARK_AWAY, y, right + _MARK_AWAY + _MARK, y)


def _card(canvas: Any, card: Card, layout: Layout) -> None:
    width, height, qr = layout.width * mm, layout.height * mm, layout.qr * mm
    edge = _EDGE if layout.photo else (height - qr) / 2
    _qr(canvas, card.qr, edge, edge, qr)
    if layout.photo:
        foot = edge + qr + edge / 2
        _photo(canvas, card.photo, (edge, foot, width - 2 * edge, height - foot - edge))
    x = edge + qr + (edge / 2 if layout.photo else 0)
    _words(canvas, card, layout.text, (x, edge, width - x - edge, qr))


def _photo(canvas: Any, path: Path, box: tuple[float, float, float, float]) -> None:
    """The whole photo, as large as the box allows, in its middle."""
    x, y, width, height = box
    image = ImageReader(str(path))
    across, down = image.getSize()
    scale = min(width / across, height / down)
    shown = (across * scale, down * scale)
    at = (x + (width - shown[0]) / 2, y + (height - shown[1]) / 2)
    canvas.drawImage(image, *at, width=shown[0], height=shown[1])


def _qr(canvas: Any, modules: Sequence[Sequence[bool]], x: float, y: float, side: float) -> None:
    """The code as one shape of rectangles, a run of dark modules each: sharp and without seams."""
    size = side / (len(modules) + 2 * _QUIET_ZONE)
    shape = canvas.beginPath()
    for row, cells in enumerate(modules):
        bottom = y + side - (row + 1 + _QUIET_ZONE) * size
        for begin, length in _runs(cells):
            shape.rect(x + (begin + _QUIET_ZONE) * size, bottom, length * size, size)
    canvas.setFillGray(0)
    canvas.drawPath(shape, stroke=0, fill=1)


def _runs(cells: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin in a row, and how many there are."""
    column = 0
    for dark, run in groupby(cells):
        length = len(list(run))
        if dark:
            yield column, length
        column += length


def _words(canvas: Any, card: Card, size: float, box: tuple[float, float, float, float]) -> None:
    """Title and lines from the top of the box, so small that all of them fit; the code below."""
    x, y, width, height = box
    code, foot = 1.25 * size, y + size
    while canvas.stringWidth(card.code, _FONT, code) > width:
        code -= 0.25
    room = height - 2 * size - 1.5 * code
    lines = _lines(card, size, width)
    while size > _SMALLEST and sum(1.25 * points for _, points in lines) > room:
        size -= 0.25
        lines = _lines(card, size, width)
    top = y + height - size
    for text, points in lines:
        top -= 1.25 * points
        canvas.setFont(_FONT, points)
        canvas.drawString(x, top + 0.25 * points, text)
    canvas.setFont(_FONT, code)
    canvas.drawString(x, foot, card.code)


def _lines(card: Card, size: float, width: float) -> list[tuple[str, float]]:
    """The title and the lines as they break at this size, each with its own."""
    texts = ((card.title, 1.15 * size), *((line, size) for line in card.lines))
    return [
        (line, points) for text, points in texts for line in simpleSplit(text, _FONT, points, width)
    ]
