"""A studio's name, logo, colour and contact, for photographs of its pages."""

import io
from pathlib import Path

from PIL import Image, ImageDraw

from vertex import create_app
from vertex.extensions import db
from vertex.runtime import runtime
from vertex.services import studio
from vertex.services.audit import CLI
from vertex.settings import Settings

GREEN, PAPER = (31, 111, 92, 255), (246, 241, 234, 255)
DETAILS = studio.Details(
    name="Atelier Nord",
    accent="#1f6f5c",
    phone="+7 916 123-45-67",
    email="hello@nord.example",
    website="https://nord.example",
)


def give(instance: Path) -> None:
    """Give them to the studio of this installation."""
    app = create_app(Settings(instance=instance, testing=True))
    with app.app_context():
        studio.set_logo(_logo(), filename="logo.png", actor=CLI, storage=runtime().storage)
        studio.change(DETAILS, version=studio.get().version, actor=CLI)
        db.session.remove()
        db.engine.dispose()


def _logo() -> io.BytesIO:
    """A mountain in a circle."""
    logo = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    pencil = ImageDraw.Draw(logo)
    pencil.ellipse((20, 20, 380, 380), fill=GREEN)
    pencil.polygon([(200, 90), (300, 290), (100, 290)], fill=PAPER)
    drawn = io.BytesIO()
    logo.save(drawn, "PNG")
    drawn.seek(0)
    return drawn
