"""Run as a script in a limited child: print what a video file holds, as one line of JSON.

    python -I _facts.py FILE

It ends with 3 when the file is at fault. It imports nothing of ours, so that it starts fast.
"""

import json
import sys
from pathlib import Path
from typing import Any

import av
import av.error

_FILE_AT_FAULT = 3
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2"}


def _facts(path: Path) -> dict[str, Any]:
    url = f"file:{path}"
    with av.open(url, format="mov", options=_OPTIONS, metadata_errors="replace") as container:
        pictures = [s for s in container.streams.video if not _is_cover(s)]
        sounds = container.streams.audio
        return {
            "duration": float(container.duration or 0) / av.time_base,
            "video": _video(container, pictures[0]) if pictures else None,
            "audio": _audio(sounds[0]) if sounds else None,
        }


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _video(container: Any, stream: Any) -> dict[str, Any]:
    codec = stream.codec_context
    aspect = codec.sample_aspect_ratio
    return {
        "index": stream.index,
        "codec": codec.name,
        "profile": codec.profile,
        "pixel_format": codec.pix_fmt,
        "width": codec.width,
        "height": codec.height,
        "aspect": float(aspect) if aspect else 1.0,
        "frames_per_second": float(stream.average_rate or 0),
        "rotation": _rotation(container, stream),
    }


def _rotation(container: Any, stream: Any) -> int | None:
    """The turn the file asks for, as the first frame that can be decoded tells; else None."""
    try:
        return next((int(frame.rotation) for frame in container.decode(stream)), None)
    except av.error.FFmpegError:
        return None


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
        sys.stdout.write(json.dumps(_facts(Path(sys.argv[1]))))
    except (av.error.FFmpegError, MemoryError, OverflowError, ValueError) as error:
        sys.stderr.write(str(error))
        sys.exit(_FILE_AT_FAULT)
