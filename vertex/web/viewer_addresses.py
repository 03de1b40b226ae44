"""Where a customer's page finds its files: on the server, or in an exported folder."""

from dataclasses import dataclass, field, replace
from typing import Protocol

from flask import url_for

from vertex.models import Portrait, PortraitStatus, Recognisable, Video
from vertex.services import albums, studio
from vertex.services.viewing import Shown, View
from vertex.web.studio import Face, face


def recognised(view: View) -> list[Shown]:
    """Those a phone can recognise, in the order of the marker."""
    return [shown for shown in view.shown if shown.video and _is_recognisable(shown.portrait)]


def in_order(view: View) -> list[Shown]:
    """All of them: first those that can be recognised, so that the marker's index is the place."""
    first = recognised(view)
    return first + [shown for shown in view.shown if shown not in first]


def marker_keys(view: View) -> list[str]:
    """The stored markers that make up the page's."""
    return [shown.portrait.marker_key or "" for shown in recognised(view)]


def version(key: str) -> str:
    """What an address of this file changes with."""
    return key.rpartition("/")[2].partition(".")[0][:12]


class Addresses(Protocol):
    """Where the files of one page are."""

    @property
    def live(self) -> bool:
        """Whether the page is this server's."""

    def static(self, filename: str) -> str:
        """A file that is the same for all pages."""

    def marker(self) -> str | None:
        """What the prints are recognised by, or None if there is nothing to recognise."""

    def fuller_markers(self) -> list[str]:
        """What follows where the marker is a light one, and nothing is recognised by it."""

    def photo(self, portrait: Portrait) -> str:
        """The picture, in the size for phones."""

    def thumbnail(self, portrait: Portrait) -> str:
        """The picture, in the size for an album's strip."""

    def large_photo(self, portrait: Portrait) -> str:
        """The picture, in the size for screens."""

    def video(self, video: Video, *, small: bool = False, download: bool = False) -> str:
        """The video, in one of its sizes, or as a file to be kept."""

    def captions(self, video: Video) -> str | None:
        """The captions of a video, if there are any."""

    def code(self) -> str:
        """The QR code of the page."""

    def face(self) -> Face:
        """The studio, with its logo and colours."""


@dataclass(frozen=True)
class LiveAddresses:
    """On this server, each changing with its content."""

    view: View
    live = True

    def static(self, filename: str) -> str:
        return url_for("static", filename=filename)

    def marker(self) -> str | None:
        return next(iter(self._markers()), None)

    def fuller_markers(self) -> list[str]:
        return self._markers()[1:]

    def photo(self, portrait: Portrait) -> str:
        return self._photo(portrait, portrait.small_key)

    def thumbnail(self, portrait: Portrait) -> str:
        name = version(portrait.small_key or portrait.preview_key)
        values = {"code": self.view.code, "portrait_id": portrait.id, "v": name}
        return url_for("ar.photo", size="thumbnail", **values)  # type: ignore[arg-type]

    def large_photo(self, portrait: Portrait) -> str:
        return self._photo(portrait, None)

    def video(self, video: Video, *, small: bool = False, download: bool = False) -> str:
        more = {"size": "small"} if small else {"download": "1"} if download else {}
        name = version((video.small_key if small else video.file_key) or "")
        values = {"code": self.view.code, "video_id": str(video.id), "v": name, **more}
        return url_for("ar.video", **values)  # type: ignore[arg-type]

    def captions(self, video: Video) -> str | None:
        if video.captions_key is None:
            return None
        name = version(video.captions_key)
        return url_for("ar.captions", code=self.view.code, video_id=video.id, v=name)

    def code(self) -> str:
        return url_for("ar.qr_svg", code=self.view.code)

    def face(self) -> Face:
        return face()

    def _markers(self) -> list[str]:
        keys = marker_keys(self.view)
        if not keys:
            return []
        name = version(keys[0]) if len(keys) == 1 else albums.version_of(keys)[:12]
        light = [lightness is not None for lightness in albums.grades(len(keys))]
        grades = [{"grade": str(grade)} if is_light else {} for grade, is_light in enumerate(light)]
        code = self.view.code
        return [url_for("ar.marker", code=code, v=name, **grade) for grade in grades]  # type: ignore[arg-type]

    def _photo(self, portrait: Portrait, small_key: str | None) -> str:
        values = {"v": version(small_key or portrait.preview_key)}
        if small_key:
            values["size"] = "small"
        if self.view.order is not None:
            values["portrait_id"] = str(portrait.id)
        return url_for("ar.photo", code=self.view.code, **values)  # type: ignore[arg-type]


@dataclass
class FolderAddresses:
    """In a folder, relative to its page; `files` gathers the stored ones by their names there."""

    view: View
    live = False
    files: dict[str, str] = field(default_factory=dict)

    def static(self, filename: str) -> str:
        return f"static/{filename}"

    def marker(self) -> str | None:
        return "marker.vxm" if marker_keys(self.view) else None

    def fuller_markers(self) -> list[str]:
        return []

    def thumbnail(self, portrait: Portrait) -> str:
        return self.photo(portrait)

    def photo(self, portrait: Portrait) -> str:
        return self._file(portrait.small_key or portrait.preview_key, f"photo-{portrait.id}")

    def large_photo(self, portrait: Portrait) -> str:
        return self._file(portrait.preview_key, f"large-{portrait.id}")

    def video(self, video: Video, *, small: bool = False, download: bool = False) -> str:
        if small:
            return self._file(video.small_key or "", f"video-{video.id}-small")
        return self._file(video.file_key or "", f"video-{video.id}")

    def captions(self, video: Video) -> str | None:
        return video.captions_key and self._file(video.captions_key, f"captions-{video.id}")

    def code(self) -> str:
        return "qr.svg"

    def face(self) -> Face:
        key, colours = studio.get().logo_key, face().colours_url and "colours.css"
        return replace(face(), logo_url=key and self._file(key, "logo"), colours_url=colours)

    def _file(self, key: str, name: str) -> str:
        full = f"{name}.{key.rpartition('.')[2]}"
        self.files[full] = key
        return full


def _is_recognisable(portrait: Portrait) -> bool:
    usable = portrait.recognisable is not Recognisable.NO and portrait.marker_key is not None
    return usable and portrait.status is not PortraitStatus.PROCESSING
