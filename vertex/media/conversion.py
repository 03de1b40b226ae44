"""The films of a video, made by one run of ffmpeg."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from vertex.media import codecs, ffmpeg
from vertex.media.facts import Facts, Picture
from vertex.media.formats import Container
from vertex.media.limited import Limits
from vertex.media.plan import (
    Finding,
    PicturePlan,
    Wishes,
    loudness_change,
    plan_picture,
    sound_findings,
)

_SLACK = 64 << 20
_BYTES_PER_SECOND = 4 << 20
_SLOWEST = 30  # s for one of a film: 4K in HDR on an old server takes ten
_MEASURING = 0.1  # of the whole work
_PEAK = -1.5  # dBTP
_RANGE = 11.0  # LU
_STEREO = "aformat=channel_layouts=stereo,"
_HD = 1280  # px; what is wider and says nothing of its colours has those of HD
_CLEAN = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
_EXACT = ["-flags:v", "+bitexact", "-flags:a", "+bitexact"]
_X264 = ["-c:v", "libx264", "-profile:v", "high", "-preset", "veryfast", "-threads", "2"]
_COLOURS = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
_LARGE = ["-crf", "21", "-maxrate", "8M", "-bufsize", "16M"]
_SMALL = ["-crf", "24", "-maxrate", "1600k", "-bufsize", "3200k"]
_KEYFRAMES = ["-force_key_frames", "expr:gte(t,n_forced*2)"]  # s; how far a jump goes
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_TRANSFER_NAMES = {16: "smpte2084", 18: "arib-std-b67"}


@dataclass(frozen=True, slots=True)
class Source:
    """An accepted video."""

    path: Path
    container: Container
    facts: Facts
    picture: Picture


@dataclass(frozen=True, slots=True)
class Films:
    """The files made, and what was found and changed on the way.

    `flat` is the picture of a film with transparency, without that.
    """

    large: Path
    small: Path | None
    flat: Path | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _SoundPlan:
    """How the sound is made: not at all, as it is, or through filters."""

    index: int | None
    filters: str | None
    findings: tuple[Finding, ...]


def make_films(
    source: Source, folder: Path, wishes: Wishes, progress: Callable[[float], object]
) -> Films:
    """Make the large film and, where they are of use, the small one and the flat one."""
    picture = plan_picture(source.facts, source.picture, wishes)
    sound = _plan_sound(source, wishes)
    progress(_MEASURING)
    large, small, flat = (folder / f"{name}.mp4" for name in ("large", "small", "flat"))
    outputs = [*_film(picture, sound, source, picture.large, large)]
    targets = [large]
    if picture.small is not None:
        again = replace(picture, copy=False)
        outputs += _film(again, sound, source, picture.small, small)
        targets.append(small)
    if wishes.transparency != "none":
        outputs += _flat(picture, sound, source, flat)
        targets.append(flat)
    length = _length(source.facts, wishes)

    def watch(seconds: float) -> None:
        share = min(1.0, seconds / length) if length else 0.0
        progress(_MEASURING + (1 - _MEASURING) * share)

    arguments = [*_read(source, wishes), *outputs]
    ffmpeg.make(arguments, targets, _limits(source, length), watch)
    return Films(
        large=large,
        small=small if small in targets else None,
        flat=flat if flat in targets else None,
        findings=_findings(source, picture, sound, wishes),
    )


def _read(source: Source, wishes: Wishes) -> list[str]:
    options: list[str] = []
    if wishes.start is not None:
        options += ["-ss", f"{wishes.start:.3f}"]
    if wishes.end is not None:
        options += ["-to", f"{wishes.end:.3f}"]
    if wishes.transparency == "alpha" and source.picture.codec in _ALPHA_DECODERS:
        options += ["-c:v", _ALPHA_DECODERS[source.picture.codec]]
    return ffmpeg.read(source.path, source.container.demuxer, options)


def _film(
    plan: PicturePlan, sound: _SoundPlan, source: Source, size: tuple[int, int], target: Path
) -> list[str]:
    """The arguments for one file."""
    if plan.copy:
        return _file(source, ["-c:v", "copy"], sound, target)
    quality = _LARGE if size == plan.large else _SMALL
    filters = _picture_filters(plan, source.picture, size)
    return _file(source, _coded(filters, quality), sound, target)


def _flat(plan: PicturePlan, sound: _SoundPlan, source: Source, target: Path) -> list[str]:
    """The arguments for the film without its transparency, which lies beside it or in it."""
    if plan.pack_alpha:
        filters = _picture_filters(replace(plan, pack_alpha=False), source.picture, plan.large)
    else:
        half = "crop=trunc(iw/4)*2:ih:0:0"
        filters = f"{_picture_filters(plan, source.picture, plan.large)},{half}"
    return _file(source, _coded(filters, _LARGE), sound, target)


def _coded(filters: str, quality: list[str]) -> list[str]:
    return ["-vf", filters, *_X264, *quality, *_KEYFRAMES, *_COLOURS, *_EXACT]


def _file(source: Source, picture: list[str], sound: _SoundPlan, target: Path) -> list[str]:
    chosen = ["-map", f"0:{source.picture.index}", *picture]
    return [*chosen, *_sound(sound), "-sn", "-dn", *_CLEAN, *_mp4(target)]


def _sound(plan: _SoundPlan) -> list[str]:
    if plan.index is None:
        return ["-an"]
    if plan.filters is None:
        return ["-map", f"0:{plan.index}", "-c:a", "copy"]
    coded = ["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"]
    return ["-map", f"0:{plan.index}", "-af", plan.filters, *coded]


def _mp4(target: Path) -> list[str]:
    return ["-movflags", "+faststart", "-f", "mp4", f"file:{target}"]


def _picture_filters(plan: PicturePlan, picture: Picture, size: tuple[int, int]) -> str:
    width, height = size
    filters = [f"fps={plan.frames_per_second}"] if plan.frames_per_second else []
    if plan.tone_map:
        filters += _tone_map(picture, size)
    elif picture.matrix == 2 and max(picture.width, picture.height) >= _HD:
        filters.append("setparams=colorspace=bt709")
    shape = f"scale={width}:{height}:out_color_matrix=bt709:out_range=tv"
    if plan.pack_alpha:
        halves = "split[c][a];[a]alphaextract,format=yuv420p[m];[c]format=yuv420p[d];[d][m]hstack"
        return ",".join([*filters, shape, "setsar=1", "format=yuva420p", halves])
    return ",".join([*filters, shape, "setsar=1", "format=yuv420p"])


def _tone_map(picture: Picture, size: tuple[int, int]) -> list[str]:
    """HDR to ordinary brightness, at the size of the film: linear light takes much memory."""
    transfer = _TRANSFER_NAMES[picture.transfer]
    linear = (
        f"zscale=w={size[0]}:h={size[1]}:tin={transfer}:min=bt2020nc:pin=bt2020:t=linear:npl=100"
    )
    return [
        linear,
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=tonemap=mobius:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
    ]


def _plan_sound(source: Source, wishes: Wishes) -> _SoundPlan:
    sound = source.facts.sound
    if sound is None:
        return _SoundPlan(None, None, (Finding("no_sound"),))
    if wishes.muted:
        return _SoundPlan(None, None, (Finding("muted"),))
    if not codecs.is_sound(sound.codec):
        return _SoundPlan(None, None, (Finding("sound_unusable", found=sound.codec.upper()),))
    limits = _limits(source, source.facts.duration)
    measured = ffmpeg.measure_loudness(_read(source, wishes), sound.index, _STEREO, limits)
    wanted = loudness_change(measured["input_i"])
    findings = sound_findings(sound)
    if wanted is None:
        filters = _STEREO.rstrip(",") if findings or wishes.trimmed else None
        return _SoundPlan(sound.index, filters, tuple(findings))
    found, made = f"{measured['input_i']:.0f}", f"{wanted:.0f}"
    findings.append(Finding("loudness", found=found, made=made))
    return _SoundPlan(sound.index, _normalised(measured, wanted), tuple(findings))


def _normalised(measured: dict[str, float], wanted: float) -> str:
    known = (
        f"measured_I={measured['input_i']}:measured_TP={measured['input_tp']}"
        f":measured_LRA={measured['input_lra']}:measured_thresh={measured['input_thresh']}"
    )
    aim = f"I={wanted:.1f}:TP={_PEAK}:LRA={_RANGE}"
    return f"{_STEREO}loudnorm={aim}:{known}:linear=true,aresample=48000"


def _findings(
    source: Source, picture: PicturePlan, sound: _SoundPlan, wishes: Wishes
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    if source.container.name not in ("MP4", "M4V"):
        found.append(Finding("container", found=source.container.name))
    found += [_named(finding) for finding in (*picture.findings, *sound.findings)]
    if picture.pack_alpha:
        found.append(Finding("transparent"))
    if picture.copy and sound.filters is None:
        found.insert(0, Finding("kept"))
    elif not picture.copy and not picture.findings:
        found.insert(0, Finding("trimmed" if wishes.trimmed else "coded_again"))
    return tuple(found)


def _named(finding: Finding) -> Finding:
    if finding.code in ("codec", "sound_codec"):
        return replace(finding, found=codecs.name_of_codec(finding.found))
    return finding


def _length(facts: Facts, wishes: Wishes) -> float:
    end = facts.duration if wishes.end is None else min(wishes.end, facts.duration)
    return max(0.0, end - (wishes.start or 0.0))


def _limits(source: Source, seconds: float) -> Limits:
    """Room for the slowest machine that is still of use, and for the largest film."""
    most = source.path.stat().st_size + int(seconds * _BYTES_PER_SECOND) + _SLACK
    return Limits(
        seconds=600 + int(_SLOWEST * seconds),
        cpu_seconds=600 + int(_SLOWEST * seconds),
        file_size=most,
    )
