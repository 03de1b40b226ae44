"""The recogniser: a portrait becomes a marker file, a frame becomes the portrait's place in it."""

from vertex.recogniser.engine import Found, Recogniser
from vertex.recogniser.errors import BadMarkerError, BadPictureError, PoorPictureError
from vertex.recogniser.marker import build_marker
from vertex.recogniser.proof.advising import Advice
from vertex.recogniser.proof.proving import Proof, prove

__all__ = [
    "Advice",
    "BadMarkerError",
    "BadPictureError",
    "Found",
    "PoorPictureError",
    "Proof",
    "Recogniser",
    "build_marker",
    "prove",
]
