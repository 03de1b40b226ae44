"""The parts that are seen in the browser: contestants take turns, so that all share the noise."""

from typing import Any

from benchmarks.recogniser.burdens import quarter_speed
from benchmarks.recogniser.footage import PORTRAIT, Clip, standard
from benchmarks.recogniser.viewing import CONTESTANTS, Look, Stage

TRACKERS = CONTESTANTS[1:]
PHONE = (390, 844)
WARM = 30  # s, until the browser has compiled and cached what it is going to
START = Look(settle=0)
WHOLE = Look(settle=0.3, count=1.5, sample=2.5)
SHORT = Look(settle=0.3, count=1.5, sample=2.0)


def starts(stage: Stage, repeat: int, *, quick: bool) -> list[dict[str, Any]]:
    """From the navigation to the first recognised frame, and the floor under it."""
    situations = ["frontal"] if quick else ["frontal", "tilt40", "dim"]
    return [
        {"round": turn, **stage.show(contestant, Clip(PORTRAIT, situation), START)}
        for turn in range(repeat)
        for situation in situations
        for contestant in CONTESTANTS
    ]


def visits(stage: Stage, repeat: int, *, quick: bool) -> list[dict[str, Any]]:
    """Every clip: found or not, how often a second, how far off."""
    return [
        stage.show(contestant, clip, SHORT if quick else WHOLE)
        for _ in range(repeat)
        for clip in standard(quick=quick)
        for contestant in TRACKERS
    ]


def phone(stage: Stage, repeat: int, *, quick: bool) -> list[dict[str, Any]]:
    """A screen of a phone's shape, before a lying and an upright camera."""
    look = Look(PHONE, count=1.5, sample=2.5 if quick else 4.0)
    return [
        stage.show(contestant, Clip(PORTRAIT, situation), look)
        for _ in range(repeat)
        for situation in (("upright",) if quick else ("frontal", "upright"))
        for contestant in TRACKERS
    ]


def slow(stage: Stage, repeat: int) -> list[dict[str, Any]]:
    """A quarter of the page's speed."""
    look = Look(count=4.0, limit=25.0)
    return [
        stage.show(contestant, Clip(PORTRAIT, "slow"), look, quarter_speed)
        for _ in range(repeat)
        for contestant in TRACKERS
    ]


def endurance(stage: Stage, minutes: float) -> dict[str, Any]:
    """Ours for a long time: is it ever lost, and does memory grow?"""
    return stage.show("vertex", Clip(PORTRAIT, "slow"), Look(settle=WARM, endure=minutes * 60))
