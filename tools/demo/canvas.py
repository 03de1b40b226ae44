"""A supersampled sheet of paper: flat shapes, cut-outs and soft shadows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tools.demo.geometry import Points
from tools.demo.palette import Colour

WIDTH, HEIGHT = 1200, 1600
OVERSAMPLE = 3


class Canvas:
    """Draws in units of the 1200 x 1600 portrait, whatever the size of the result."""

    def __init__(self, width: int, paper: Colour) -> None:
        self._scale = OVERSAMPLE * width / WIDTH
        size = (OVERSAMPLE * width, OVERSAMPLE * width * HEIGHT // WIDTH)
        self.image = Image.new("RGB", size, paper)
        self._draw = ImageDraw.Draw(self.image)

    def fill(self, shape: Points, colour: Colour) -> None:
        """Lay one flat shape on the sheet."""
        self._draw.polygon((shape * self._scale).ravel().tolist(), fill=colour)

    def shadow(
        self,
        shapes: Sequence[Points],
        colour: Colour,
        *,
        shift: tuple[float, float] = (7, 12),
        blur: float = 12,
        strength: float = 0.55,
    ) -> None:
        """Darken the sheet under shapes about to be laid on it, as paper above paper does."""
        coarse = 0.25
        moved = [shape + shift for shape in shapes]
        box = self._box(moved, margin=3 * blur)
        if box is None:
            return
        size = (int((box[2] - box[0]) * coarse) + 1, int((box[3] - box[1]) * coarse) + 1)
        mask = Image.new("L", size, 0)
        draw = ImageDraw.Draw(mask)
        for shape in moved:
            local = (shape * self._scale - box[:2]) * coarse
            draw.polygon(local.ravel().tolist(), fill=int(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self._scale * coarse))
        whole = (box[2] - box[0], box[3] - box[1])
        mask = mask.resize(whole, Image.Resampling.BILINEAR)
        self.image.paste(colour, box, mask)

    @contextmanager
    def inside(self, *shapes: Points) -> Iterator[None]:
        """What is drawn meanwhile shows only inside the shapes."""
        mask = Image.new("L", self.image.size, 255)
        draw = ImageDraw.Draw(mask)
        for shape in shapes:
            draw.polygon((shape * self._scale).ravel().tolist(), fill=0)
        before = self.image.copy()
        yield
        self.image.paste(before, mask=mask)

    def finished(self) -> Image.Image:
        """The sheet at its final size, edges smoothed."""
        return self.image.reduce(OVERSAMPLE)

    def _box(self, shapes: Sequence[Points], margin: float) -> tuple[int, int, int, int] | None:
        every = np.vstack(shapes) * self._scale
        edge = margin * self._scale
        low = np.floor(every.min(axis=0) - edge).clip(0).astype(int)
        high = np.ceil(every.max(axis=0) + edge).astype(int).clip(max=self.image.size)
        if (high <= low).any():
            return None
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])
