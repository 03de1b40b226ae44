"""Answers made smaller, each in the encoding that its asker likes best."""

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, current_app, request

from vertex.web.packing import ENDINGS, Packer, pack

_LEAST = 1000  # bytes that are worth it
_SUFFIXES = (".js", ".css", ".svg", ".wasm", ".txt", ".json")
# no page of ours with a secret in it: whoever sees only its length must not be able to guess that
_PAGES = ("ar.show", "ar.check")
# comments that have lines of their own; those behind code, and in it, stay
_COMMENTS = re.compile(rb"^[ \t]*(?:/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE)
_INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)
_PACKER = "vertex.packer"


def init_app(app: Flask) -> None:
    """Compress customers' pages, and remember what else was compressed."""
    app.extensions[_PACKER] = Packer()
    app.after_request(_compress)


def wanted() -> str | None:
    """The encoding the asker likes best among ours, or None."""
    accepted = request.accept_encodings
    best = max(ENDINGS, key=lambda name: accepted[name])  # brotli if both are liked as well
    return best if accepted[best] > 0 else None


def is_worth_it(path: Path) -> bool:
    """Whether a file becomes smaller."""
    return path.suffix in _SUFFIXES and path.stat().st_size >= _LEAST


def source_of(path: Path) -> bytes:
    """What browsers are sent of a file: our scripts without their comments, a quarter of them."""
    content = path.read_bytes()
    if path.suffix != ".js" or "vendor" in path.parts:
        return content
    return _INDENT.sub(b"", _COMMENTS.sub(b"", content))


def answer(
    name: str, content: Callable[[], bytes], *, content_type: str, place: Path | None = None
) -> Response:
    """Answer with the content of this name, compressed if that is wanted; 304 to whoever has it.

    Each encoding has a tag of its own. `place` is where the compressed ones lie and are put.
    """
    encoding = wanted()
    tag = f"{name}-{encoding}" if encoding else name
    response = Response(content_type=content_type)
    response.set_etag(tag)
    response.vary.add("Accept-Encoding")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    elif encoding:
        packer: Packer = current_app.extensions[_PACKER]
        response.set_data(packer.packed(name, encoding, content, place))
    else:
        response.set_data(content())
    return response


def _compress(response: Response) -> Response:
    if request.endpoint not in _PAGES or response.is_streamed or response.status_code == 304:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    encoding = wanted()
    if encoding is None or len(content) < _LEAST:
        return response
    response.set_data(pack(content, encoding, quick=True))
    response.headers["Content-Encoding"] = encoding
    return response
