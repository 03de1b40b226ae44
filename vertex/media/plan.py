"""What is to be made of a video: which parts are kept, which are changed, and why."""

import math
from dataclasses import dataclass
from typing import Literal

from vertex.media.facts import Facts, Picture, Sound

Transparency = Literal["none", "alpha", "side_by_side"]

# Phones of the last ten years decode level 4.2 of H.264 in hardware: 1080p, 60 pictures a second.
LARGE = (1920, 1080)
SMALL = (960, 540)
# Beside its transparency a picture is twice as wide: as many pixels as above.
LARGE_PACKED = (1344, 756)
SMALL_PACKED = (672, 378)
FASTEST = 60
LOUDNESS = -16.0  # LUFS; what phones' players aim at. EBU R128 says how it is measured
_NEAR = 1.5  # LU that nobody hears
_MOST_GAIN = 20.0  # LU; more would make a quiet room's noise loud
_SILENCE = -70.0  # LUFS, below which R128 measures nothing
_KEPT_PROFILES = ("Constrained Baseline", "Baseline", "Main", "High")
_KEPT_RATE = 16_000_000  # bit/s; more stutters on a phone's line
_TRANSFERS = {16: "PQ", 18: "HLG"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the studio wants of a video: seconds of the source, sound, transparency."""

    start: float | None = None
    end: float | None = None
    muted: bool = False
    transparency: Transparency = "none"

    @property
    def trimmed(self) -> bool:
        """Whether a part is wanted, not all of it."""
        return self.start is not None or self.end is not None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in the source, and what was made of it."""

    code: str
    found: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class PicturePlan:
    """How the pictures are made; `small` is None where the large file is small enough."""

    copy: bool
    large: tuple[int, int]
    small: tuple[int, int] | None
    pack_alpha: bool
    tone_map: bool
    frames_per_second: int | None  # None keeps the pace
    findings: tuple[Finding, ...]


def plan_picture(facts: Facts, picture: Picture, wishes: Wishes) -> PicturePlan:
    """Tell how the pictures of a source are made into ours."""
    pack = wishes.transparency == "alpha"
    bounds = (LARGE_PACKED, SMALL_PACKED) if pack else (LARGE, SMALL)
    shown = picture.shown_size
    large, small = (fit_into(shown, box) for box in bounds)
    rate = _even_rate(picture)
    findings = _picture_findings(picture, large, rate)
    copy = not (findings or wishes.trimmed or pack or not _is_kept(facts, picture))
    return PicturePlan(
        copy=copy,
        large=shown if copy else large,
        small=None if max(small) >= max(shown) else small,
        pack_alpha=pack,
        tone_map=picture.transfer in _TRANSFERS,
        frames_per_second=rate,
        findings=tuple(findings) if not copy else (),
    )


def fit_into(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of the same shape whose long and short sides fit; never larger."""
    share = min(1.0, max(box) / max(size), min(box) / min(size))
    width, height = (max(2, 2 * round(side * share / 2)) for side in size)
    return width, height


def loudness_change(measured: float) -> float | None:
    """The loudness a sound is to have, in LUFS, or None if it stays as it is."""
    if not math.isfinite(measured) or measured < _SILENCE:
        return None
    wanted = min(LOUDNESS, measured + _MOST_GAIN)
    return None if abs(wanted - measured) <= _NEAR else wanted


def sound_findings(sound: Sound) -> list[Finding]:
    """What about a sound forbids to copy it."""
    findings = []
    if sound.codec != "aac" or sound.profile not in ("LC", None):
        findings.append(Finding("sound_codec", found=sound.codec))
    if sound.channels > 2:
        findings.append(Finding("sound_channels", found=str(sound.channels)))
    return findings


def _even_rate(picture: Picture) -> int | None:
    rate = picture.frames_per_second
    if rate > FASTEST + 1:
        return FASTEST
    if not picture.uneven:
        return None
    return next((usual for usual in (25, 30, 50, 60) if rate <= usual + 0.5), FASTEST)


def _picture_findings(picture: Picture, large: tuple[int, int], rate: int | None) -> list[Finding]:
    findings = []
    if picture.codec != "h264":
        findings.append(Finding("codec", found=picture.codec))
    if picture.transfer in _TRANSFERS:
        findings.append(Finding("brightness", found=_TRANSFERS[picture.transfer]))
    elif "10" in (picture.pixel_format or "") or "12" in (picture.pixel_format or ""):
        findings.append(Finding("depth"))
    if picture.rotation:
        findings.append(Finding("turned", found=str(abs(picture.rotation))))
    if picture.aspect != 1.0:
        findings.append(Finding("wide_pixels"))
    if rate is not None:
        code = "uneven" if picture.uneven else "fast"
        findings.append(Finding(code, found=f"{picture.frames_per_second:.0f}", made=str(rate)))
    if max(large) < max(picture.shown_size):
        findings.append(Finding("size", found=_times(picture.shown_size), made=_times(large)))
    return findings


def _is_kept(facts: Facts, picture: Picture) -> bool:
    """Whether phones play these pictures as they are."""
    plain = picture.pixel_format in ("yuv420p", "yuvj420p")
    even = not (picture.width % 2 or picture.height % 2)
    profile = picture.profile in _KEPT_PROFILES
    return plain and even and profile and facts.bit_rate <= _KEPT_RATE


def _times(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"
