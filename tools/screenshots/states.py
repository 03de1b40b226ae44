"""Photographs of the customer's page in each of its states."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser import ruled, states
from tests.browser.conftest import Studio
from tests.browser.phones import phones
from tests.browser.states import CHROME_ON_ANDROID, SAFARI_ON_IOS, Case
from tools.screenshots import brand
from tools.screenshots.camera import DESK, shoot

ON_A_PHONE = clips.Shot(scale=0.44, tilt=14, yaw=-12, roll=-5, size=(480, 640), frames=90)
NO_PRINT = dataclasses.replace(ON_A_PHONE, absent=(0, ON_A_PHONE.frames))
LEAVES = dataclasses.replace(ON_A_PHONE, frames=180, absent=(90, 180))
ON_A_DESK = clips.Shot(scale=0.7, tilt=22, yaw=18, roll=4, frames=90)
SEEN = {"scanning": NO_PRINT, "not-found": NO_PRINT, "lost": LEAVES, "found": ON_A_PHONE}
SEEN["ended"] = ON_A_PHONE

PHONES = {CHROME_ON_ANDROID: "-android", SAFARI_ON_IOS: "-ios"}
ON_ANDROID = dict.fromkeys(("instagram", "vk", "max"), "android")  # there is a link out

ALSO_DARK = {"ready", "fallback-asked", "fallback-not-found", "fallback-in-app-telegram"}
ALSO_DARK |= {"fallback-camera-denied-android", "error-video", "pin", "pin-wrong", "paused"}
ALSO_DARK |= {"found-album", "fallback-asked-album"}
IN_RUSSIAN = {"ready", "scanning-tip", "found", "lost", "fallback-not-found", "pin-wrong"}
IN_RUSSIAN |= {"fallback-camera-denied-android", "fallback-in-app-telegram", "expired"}
BRANDED = {"ready", "fallback-asked", "pin"}
ON_DESKS = {"ready", "found", "fallback-asked", "fallback-camera-missing", "pin", "unknown"}


def photograph(studio: Studio, words: Sequence[str] = ()) -> None:
    """Photograph all states of the page of the studio's portrait `astronaut`.

    With words only those whose names have one of them.
    """
    three = [studio.portraits[name]["portrait"] for name in ("astronaut", "chelsea", "coffee")]
    studio.portraits |= ruled.add(studio.installation.instance, *three)
    pictures.prepare([("astronaut", shot) for shot in {*SEEN.values(), ON_A_DESK}])
    with phones() as opened:
        for name, ending, case, options in _views():
            if words and not any(word in f"{name}-{ending}" for word in words):
                continue
            if ending == "phone-branded":
                brand.give(studio.installation.instance)
            with case.reached(studio, opened, **options) as page:
                _finish(page, name)
                shoot(page, f"customer-{name}-{ending}", whole=case.state not in SEEN)


def _views() -> Iterator[tuple[str, str, Case, dict[str, Any]]]:
    """What each picture is called, what is on it, and for whom; the branded ones come last."""
    cases = _cases()
    for name, case in cases.items():
        yield name, "phone-light", case, {}
        if name in ALSO_DARK:
            yield name, "phone-dark", case, {"color_scheme": "dark"}
        if name in ON_DESKS:
            seen = _seeing(case, ON_A_DESK) if name == "found" else case
            yield name, "desk-light", seen, {"size": DESK}
            if name != "found":
                yield name, "desk-dark", case, {"size": DESK, "color_scheme": "dark"}
    for name in sorted(IN_RUSSIAN):
        yield name, "phone-russian", cases[name], {"locale": "ru-RU"}
    yield "no-script", "phone-light", cases["ready"], {"scripts": False}
    for name in sorted(BRANDED):
        yield name, "phone-branded", cases[name], {}


def _cases() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for case in (*states.AT_WORK, *states.FALLBACKS):
        name = case.name + PHONES.get(case.agent, "")
        if case.portrait == "video-processing":
            name += "-video"
        cases.setdefault(name, _seeing(case, SEEN.get(case.reason or case.state)))
    for case in (*states.WRONG_PINS, *states.LOOKS):
        cases[case.name] = _seeing(case, SEEN.get(case.state))
    cases |= {name: cases.pop(f"pin-{name}") for name in ("pin-wrong", "pin-locked")}
    cases["scanning-tip"] = cases["scanning"]
    cases |= {case.state: case for case in states.CLOSED}
    for (app, system), case in states.IN_APPS.items():
        if app == "app" or system == ON_ANDROID.get(app, "ios"):
            cases[f"fallback-in-app-{app}"] = case
    return cases


def _seeing(case: Case, shot: clips.Shot | None) -> Case:
    """The same state, of the astronaut's own page, with another view of its print."""
    if shot is None:
        return case
    portrait = case.portrait if case.state == "ended" or case.look else "astronaut"
    return dataclasses.replace(case, portrait=portrait, camera=pictures.clip("astronaut", shot))


def _finish(page: Page, name: str) -> None:
    if name == "scanning-tip":
        page.wait_for_selector("#tip:not([hidden])")
    elif name.startswith(("found", "fallback-asked", "fallback-not-found")):
        page.wait_for_timeout(1200)  # in which the video begins
