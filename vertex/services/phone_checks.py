"""What the check page found out on a phone, as a code that can be read out by telephone."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from vertex.recogniser import build_marker
from vertex.services import demo

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: nothing that looks alike
_LENGTH = 10
_GROUP = 5
_SPARE_BITS = 6
_MISREAD = str.maketrans("OIL", "011")
_REDUCTION = 0b100101  # x^5 + x^2 + 1, which makes the 32 characters a field


class System(IntEnum):
    """What the phone runs."""

    OTHER = 0
    ANDROID = 1
    APPLE = 2


class Engine(IntEnum):
    """What its browser is built on."""

    OTHER = 0
    CHROMIUM = 1
    FIREFOX = 2
    WEBKIT = 3


class Camera(IntEnum):
    """What became of the wish to open the camera."""

    NOT_ASKED = 0
    OPEN = 1
    DENIED = 2
    MISSING = 3
    BUSY = 4


class Path(IntEnum):
    """How camera frames reached the recogniser."""

    NONE = 0
    WINDOW_STREAM = 1
    WORKER_TRACK = 2
    VIDEO_FRAME = 3
    WEBGL = 4
    BITMAP = 5
    CANVAS = 6


class Speed(IntEnum):
    """The class of the phone, by ms for a frame that is searched."""

    UNKNOWN = 0
    FAST = 1
    MIDDLE = 2
    SLOW = 3


class Print(IntEnum):
    """Whether the sample portrait was recognised."""

    NOT_TRIED = 0
    NOT_FOUND = 1
    FOUND = 2


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """The results of one check; every number is capped at what the code can hold."""

    system: System
    engine: Engine
    secure: bool
    wasm: bool
    simd: bool
    webgl: bool
    camera: Camera
    path: Path
    speed: Speed
    search_ms: int  # for a frame in which the print is looked for, 127 at most
    rate: int  # positions a second, 63 at most
    print: Print
    size: int  # longest side of the camera's frame in steps of 64 px, 63 at most


# The order and width in bits of the code's fields: static/ar/check-code.js says the same.
_VERSION = 0
_FIELDS = (
    ("version", 2, int),
    ("system", 2, System),
    ("engine", 2, Engine),
    ("secure", 1, bool),
    ("wasm", 1, bool),
    ("simd", 1, bool),
    ("webgl", 1, bool),
    ("camera", 3, Camera),
    ("path", 3, Path),
    ("speed", 2, Speed),
    ("search_ms", 7, int),
    ("rate", 6, int),
    ("print", 2, Print),
    ("size", 6, int),
    ("spare", _SPARE_BITS, int),
)


def encode(check: PhoneCheck) -> str:
    """Return the code of these results, in two groups."""
    bits = 0
    for name, width, _ in _FIELDS:
        value = {"version": _VERSION, "spare": 0}.get(name)
        bits = bits << width | int(getattr(check, name) if value is None else value)
    digits = [bits >> 5 * place & 31 for place in reversed(range(_LENGTH - 1))]
    code = "".join(_ALPHABET[digit] for digit in [*digits, _times_x(_remainder(digits))])
    return f"{code[:_GROUP]}-{code[_GROUP:]}"


def decode(typed: str) -> PhoneCheck | None:
    """Return what a code means, or None if it is none: each mistake of one character is noticed."""
    code = typed.upper().replace("-", "").replace(" ", "").translate(_MISREAD)
    if len(code) != _LENGTH or not set(code) <= set(_ALPHABET):
        return None
    digits = [_ALPHABET.index(letter) for letter in code]
    bits = 0
    for digit in digits[:-1]:
        bits = bits << 5 | digit
    return None if _remainder(digits) else _fields_of(bits)


def _fields_of(bits: int) -> PhoneCheck | None:
    found = {}
    for name, width, kind in reversed(_FIELDS):
        try:
            found[name] = kind(bits & ((1 << width) - 1))
        except ValueError:  # a number that no result has
            return None
        bits >>= width
    if found.pop("version") != _VERSION or found.pop("spare"):
        return None
    return PhoneCheck(**found)  # type: ignore[arg-type]


def _remainder(digits: list[int]) -> int:
    """The digits as a polynomial over the field of 32, at x: 0 for a whole code.

    A wrong digit and two that changed places never give 0 again.
    """
    rest = 0
    for digit in digits:
        rest = _times_x(rest) ^ digit
    return rest


def _times_x(value: int) -> int:
    return value << 1 ^ (_REDUCTION if value & 16 else 0)


def sample() -> bytes:
    """Return the portrait that a phone is to look at, a JPEG."""
    return demo.read("portrait.jpg")


@cache
def sample_marker() -> bytes:
    """Return what a phone needs to recognise the sample, made at its first use."""
    return build_marker(sample())
