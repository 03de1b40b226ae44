"""The whole picture in a given pose, from the back layer to the front."""

import numpy as np
from PIL import Image

from tools.demo import background, clothing, crown, face, hair
from tools.demo.botanic import branch
from tools.demo.canvas import WIDTH, Canvas
from tools.demo.geometry import mirrored, moved, points
from tools.demo.palette import NIGHT
from tools.demo.pose import REST, Pose


def render(width: int, pose: Pose = REST) -> Image.Image:
    """The picture, `width` pixels wide and a third higher than that."""
    canvas = Canvas(width, NIGHT)
    background.draw(canvas, pose)
    hair.draw_back(canvas, pose)
    clothing.draw_neck(canvas, pose)
    clothing.draw_blouse(canvas)
    clothing.draw_beads(canvas)
    face.draw(canvas, pose)
    hair.draw_front(canvas, pose)
    face.draw_earrings(canvas, pose)
    crown.draw(canvas, pose)
    _foreground(canvas, pose)
    return canvas.finished()


def _foreground(canvas: Canvas, pose: Pose) -> None:
    """Branches at the lower corners, nearer to us than the figure."""
    left = points((-20, 1640), (40, 1470), (50, 1300), (20, 1180))
    for stem, seed in ((left, 151), (moved(mirrored(left), WIDTH, 30), 157)):
        rng = np.random.default_rng(seed)
        sway = (0.03 * pose.sway(seed, 1), 0.08 * pose.sway(seed + 1, 2))
        branch(canvas, stem, (background.PALE, background.GREEN), rng, size=120, sway=sway)
