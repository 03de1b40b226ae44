"""The recogniser: a portrait becomes a marker file, a frame becomes the portrait's place in it."""

from vertex.recogniser.engine import Found, Recogniser
from vertex.recogniser.errors import BadMarkerError, BadPictureError, PoorPictureError
from vertex.recogniser.lightening import Lightness, lighten
from vertex.recogniser.marker import build_marker
from vertex.recogniser.markerfile import join_markers
from vertex.recogniser.proof.advising import Advice, advise, advise_on
from vertex.recogniser.proof.collisions import Collision, Printed, collisions
from vertex.recogniser.proof.drawing import draw_features
from vertex.recogniser.proof.places import Place
from vertex.recogniser.proof.proving import Proof, prove

__all__ = [
    "Advice",
    "BadMarkerError",
    "BadPictureError",
    "Collision",
    "Found",
    "Lightness",
    "Place",
    "PoorPictureError",
    "Printed",
    "Proof",
    "Recogniser",
    "advise",
    "advise_on",
    "build_marker",
    "collisions",
    "draw_features",
    "join_markers",
    "lighten",
    "prove",
]
