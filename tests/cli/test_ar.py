"""`flask ar check`: what a customer read out, in words."""

from flask import Flask

from vertex.services import phone_checks
from vertex.services.phone_checks import Camera, Engine, Path, PhoneCheck, Print, Speed, System

CHECK = PhoneCheck(
    system=System.ANDROID,
    engine=Engine.CHROMIUM,
    secure=True,
    wasm=True,
    simd=True,
    webgl=True,
    camera=Camera.OPEN,
    path=Path.WINDOW_STREAM,
    speed=Speed.FAST,
    search_ms=7,
    rate=30,
    print=Print.FOUND,
    size=20,
)


def test_a_code_is_told_in_words(vertex_app: Flask) -> None:
    told = vertex_app.test_cli_runner().invoke(args=["ar", "check", phone_checks.encode(CHECK)])

    assert told.exit_code == 0
    assert "Chromium on Android" in told.output
    assert "open, 1280 px" in told.output
    assert "fast, 7 ms a picture; 30 positions a second" in told.output
    assert "Sample portrait: recognised" in told.output


def test_a_slip_is_told(vertex_app: Flask) -> None:
    code = phone_checks.encode(CHECK)
    slip = ("0" if code[0] != "0" else "1") + code[1:]

    told = vertex_app.test_cli_runner().invoke(args=["ar", "check", slip])

    assert told.exit_code == 1
    assert "once more" in told.output
