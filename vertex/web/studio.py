"""The studio as customers see it: its name, logo, colours and how it is reached."""

import hashlib
from dataclasses import dataclass

from flask import Flask, g, url_for

from vertex.services import studio as service
from vertex.services.contrast import ink_on, readable_on
from vertex.services.studio import Studio

# the darkest paper of the light design, and the lightest of the dark one: see static/ar/viewer.css
LIGHT_PAPER, DARK_PAPER = "#f6f1ea", "#2b2420"

_VERSION = 12


@dataclass(frozen=True, slots=True)
class Colours:
    """A colour for words, lines and buttons, and the ink that is read on it."""

    accent: str
    ink: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How the studio is reached; what is not known is empty, but never all of it."""

    phone: str
    email: str
    website: str
    address: str

    @property
    def website_name(self) -> str:
        """The address as people say it."""
        return self.website.partition("://")[2].removeprefix("www.").rstrip("/")


@dataclass(frozen=True, slots=True)
class Face:
    """What templates show of the studio: `name` and `accent` may be empty, the others None."""

    name: str
    accent: str
    logo_url: str | None
    logo_width: int
    logo_height: int
    colours_url: str | None
    contact: Contact | None
    light: Colours | None
    dark: Colours | None


def face() -> Face:
    """The studio as it is stored, asked for once in a request."""
    if "studio_face" not in g:
        g.studio_face = face_of(service.get())
    found: Face = g.studio_face
    return found


def face_of(studio: Studio) -> Face:
    """What is shown of a studio, be it stored or only being typed."""
    reached = (studio.phone, studio.email, studio.website, studio.address)
    key, css = studio.logo_key, stylesheet(studio.accent)
    return Face(
        name=studio.name,
        accent=studio.accent,
        logo_url=url_for("ar.studio_logo", v=version_of_file(key)) if key else None,
        logo_width=studio.logo_width,
        logo_height=studio.logo_height,
        colours_url=url_for("ar.studio_colours", v=version_of_text(css)) if css else None,
        contact=Contact(*reached) if any(reached) else None,
        light=colours_on(LIGHT_PAPER, studio.accent),
        dark=colours_on(DARK_PAPER, studio.accent),
    )


def colours_on(paper: str, accent: str) -> Colours | None:
    """The accent, as far as it must be changed to be read on this paper; None if there is none."""
    if not accent:
        return None
    readable = readable_on(paper, accent)
    return Colours(readable, ink_on(readable))


def stylesheet(accent: str) -> str:
    """The rules that put the studio's colours in the place of the design's; empty without any."""
    light, dark = colours_on(LIGHT_PAPER, accent), colours_on(DARK_PAPER, accent)
    if light is None or dark is None:
        return ""
    return f"{_rule(light)}\n@media (prefers-color-scheme: dark) {{ {_rule(dark)} }}\n"


def version_of_file(key: str) -> str:
    """What the address of a stored file changes with: the beginning of its hash."""
    return key.rpartition("/")[2].partition(".")[0][:_VERSION]


def version_of_text(text: str) -> str:
    """What the address of a text changes with: the beginning of its hash."""
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION]


def init_app(app: Flask) -> None:
    """Give the templates `studio()`."""
    app.jinja_env.globals["studio"] = face


def _rule(colours: Colours) -> str:
    return f":root {{ --accent: {colours.accent}; --on-accent: {colours.ink}; }}"
