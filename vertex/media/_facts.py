"""Run as a script in a limited child: print what a video file holds, as one line of JSON.

    python -I _facts.py FILE DEMUXER

It ends with 3 when the file is at fault. It imports nothing of ours, so that it starts fast.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import av.error

_FILE_AT_FAULT = 3
_WHITELISTS = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}
_MOST_PACKETS = 400  # read to tell an even pace from an uneven one
# A coefficient of variation: rounding to a container's clock of 1 ms is below it at 60 pictures/s.
_UNEVEN = 0.08
_ALPHA = ("yuva", "rgba", "argb", "bgra", "abgr", "gbrap", "ya")


def _facts(path: Path, demuxer: str) -> dict[str, Any]:
    options = {"protocol_whitelist": "file", "format_whitelist": _WHITELISTS[demuxer]}
    url = f"file:{path}"
    with av.open(url, format=demuxer, options=options, metadata_errors="replace") as container:
        # a stream of a kind that nobody knows has no codec
        known = [stream for stream in container.streams if stream.codec_context is not None]
        pictures = [s for s in known if s.type == "video" and not _is_cover(s)]
        sounds = [stream for stream in known if stream.type == "audio"]
        return {
            "duration": _duration(container, pictures[0] if pictures else None),
            "bit_rate": int(container.bit_rate or 0),
            "video": _video(container, pictures[0]) if pictures else None,
            "audio": _audio(sounds[0]) if sounds else None,
        }


def _duration(container: Any, stream: Any) -> float:
    """In s, as the file tells, else by the last of its pictures: a live recording tells nothing."""
    if container.duration or stream is None:
        return float(container.duration or 0) / av.time_base
    ends = (p.pts + (p.duration or 0) for p in container.demux(stream) if p.pts is not None)
    last = max(ends, default=0)
    container.seek(0)
    return float(last * stream.time_base)


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _video(container: Any, stream: Any) -> dict[str, Any]:
    codec = stream.codec_context
    aspect = codec.sample_aspect_ratio
    uneven = _is_uneven(container, stream)
    frame = _first_frame(container, stream)
    return {
        "index": stream.index,
        "codec": codec.name,
        "profile": codec.profile,
        "pixel_format": codec.pix_fmt,
        "width": codec.width,
        "height": codec.height,
        "aspect": float(aspect) if aspect else 1.0,
        "frames_per_second": float(stream.average_rate or 0),
        "uneven": uneven,
        "transfer": _number(frame, codec, "color_trc"),
        "matrix": _number(frame, codec, "colorspace"),
        "alpha": (codec.pix_fmt or "").startswith(_ALPHA) or _says_alpha(stream),
        "rotation": None if frame is None else int(frame.rotation),
    }


def _says_alpha(stream: Any) -> bool:
    """Whether WebM says so: its decoder gives no alpha unless it is asked for."""
    return any(k.lower() == "alpha_mode" and v == "1" for k, v in stream.metadata.items())


def _is_uneven(container: Any, stream: Any) -> bool:
    """Whether pictures follow each other at a changing pace."""
    times: list[int] = []
    for packet in container.demux(stream):
        if packet.pts is not None:
            times.append(packet.pts)
        if len(times) >= _MOST_PACKETS:
            break
    container.seek(0)
    times.sort()
    # the last ones may lack neighbours that come later in the file
    gaps = [later - sooner for sooner, later in pairwise(times)][: -8 or None]
    if len(gaps) < 4:
        return False
    mean = sum(gaps) / len(gaps)
    spread = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    return bool(mean) and spread / mean > _UNEVEN


def _first_frame(container: Any, stream: Any) -> Any:
    """The first picture that can be decoded, or None."""
    try:
        return next(iter(container.decode(stream)), None)
    except av.error.FFmpegError:
        return None


def _number(frame: Any, codec: Any, name: str) -> int:
    """A property of colour (ITU-T H.273), as the picture says, else the stream; 2 is unknown."""
    for source in (frame, codec):
        value = int(getattr(source, name, None) or 2)
        if value != 2:
            return value
    return 2


def _audio(stream: Any) -> dict[str, Any]:
    codec = stream.codec_context
    return {
        "index": stream.index,
        "codec": codec.name,
        "profile": codec.profile,
        "channels": codec.channels,
        "sample_rate": codec.sample_rate,
    }


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(_facts(Path(sys.argv[1]), sys.argv[2])))
    except (av.error.FFmpegError, MemoryError, OverflowError, ValueError) as error:
        sys.stderr.write(str(error))
        sys.exit(_FILE_AT_FAULT)
