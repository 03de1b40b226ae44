"""Captions: a WebVTT file, judged by its content (https://www.w3.org/TR/webvtt1/)."""

import re
from typing import BinaryIO

from vertex.media.errors import RefusedFileError

ACCEPTED = "WebVTT (.vtt)"
MAX_BYTES = 256 * 1024

_TIMING = re.compile(r"^(?:\d+:)?\d\d:\d\d\.\d{3} --> (?:\d+:)?\d\d:\d\d\.\d{3}", re.MULTILINE)


def prepare(source: BinaryIO) -> bytes:
    """Return the captions in UTF-8 with plain line ends, or raise RefusedFileError."""
    content = source.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise RefusedFileError("captions_large", limit=MAX_BYTES // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedFileError("captions_unknown") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", text) or "\0" in text:
        raise RefusedFileError("captions_unknown")
    if not _TIMING.search(text):
        raise RefusedFileError("captions_empty")
    return text.encode()
