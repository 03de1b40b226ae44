"""`flask ar`: helping customers with their phones."""

import click
from flask.cli import AppGroup

from vertex.services import phone_checks
from vertex.services.phone_checks import Camera, Engine, Path, PhoneCheck, Print, Speed, System

ar_cli = AppGroup("ar", help="Customers' phones.")

_SYSTEMS = {System.ANDROID: "Android", System.APPLE: "iOS", System.OTHER: "another system"}
_ENGINES = {
    Engine.CHROMIUM: "Chromium",
    Engine.FIREFOX: "Firefox",
    Engine.WEBKIT: "WebKit (Safari)",
    Engine.OTHER: "Another browser",
}
_CAMERAS = {
    Camera.NOT_ASKED: "not asked for",
    Camera.OPEN: "open",
    Camera.DENIED: "not allowed: it can be allowed in the browser's settings for the page",
    Camera.MISSING: "not found, or not given by this browser",
    Camera.BUSY: "used by another app, which must be closed",
}
_PATHS = {
    Path.NONE: "no picture came",
    Path.WINDOW_STREAM: "directly (the fastest way)",
    Path.WORKER_TRACK: "directly, in the Worker (the fastest way)",
    Path.VIDEO_FRAME: "as video frames",
    Path.WEBGL: "through WebGL",
    Path.BITMAP: "as small pictures",
    Path.CANVAS: "from a canvas (the slowest way)",
}
_SPEEDS = {Speed.FAST: "fast", Speed.MIDDLE: "medium", Speed.SLOW: "slow"}
_PRINTS = {
    Print.NOT_TRIED: "not tried",
    Print.NOT_FOUND: "NOT recognised",
    Print.FOUND: "recognised",
}


@ar_cli.command("check")
@click.argument("code")
def check(code: str) -> None:
    """Say what a code of the page /v/check means; CODE as the customer reads it out."""
    found = phone_checks.decode(code)
    if found is None:
        raise click.ClickException(
            "This is no code of the check page. Ask for it once more, character by character."
        )
    for line in _lines(found):
        click.echo(line)


def _lines(check: PhoneCheck) -> list[str]:
    speed = _SPEEDS.get(check.speed)
    searched = f"{speed}, {check.search_ms} ms a picture" if speed else "not measured"
    size = f", {check.size * 64} px" if check.camera is Camera.OPEN else ""
    return [
        f"Phone: {_ENGINES[check.engine]} on {_SYSTEMS[check.system]}",
        f"Secure connection: {_yes(check.secure)}",
        f"WebAssembly: {_yes(check.wasm)}; SIMD: {_yes(check.simd)}",
        f"WebGL 2: {_yes(check.webgl)}",
        f"Camera: {_CAMERAS[check.camera]}{size}",
        f"Its pictures are read: {_PATHS[check.path]}",
        f"Recogniser: {searched}; {check.rate} positions a second",
        f"Sample portrait: {_PRINTS[check.print]}",
    ]


def _yes(there: bool) -> str:
    return "yes" if there else "NO"
