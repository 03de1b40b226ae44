"""The recogniser: a portrait becomes a marker file, a frame becomes the portrait's place in it."""

from vertex.recogniser.engine import Found, Recogniser
from vertex.recogniser.errors import BadMarkerError, BadPictureError, PoorPictureError
from vertex.recogniser.marker import build_marker

__all__ = [
    "BadMarkerError",
    "BadPictureError",
    "Found",
    "PoorPictureError",
    "Recogniser",
    "build_marker",
]
