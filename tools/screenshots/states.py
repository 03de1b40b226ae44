"""Photographs of the customer's page in each of its states."""

import dataclasses
from collections.abc import Iterator

from playwright.sync_api import Page

from tests import clips, pictures
from tests.browser import ruled, states
from tests.browser.conftest import Studio
from tests.browser.phones import phones
from tests.browser.states import CHROME_ON_ANDROID, SAFARI_ON_IOS, Case
from tools.screenshots.camera import DESK, PHONE, shoot

ON_A_PHONE = clips.Shot(scale=0.44, tilt=14, yaw=-12, roll=-5, size=(480, 640), frames=90)
NO_PRINT = dataclasses.replace(ON_A_PHONE, absent=(0, ON_A_PHONE.frames))
LEAVES = dataclasses.replace(ON_A_PHONE, frames=180, absent=(90, 180))
ON_A_DESK = clips.Shot(scale=0.7, tilt=22, yaw=18, roll=4, frames=90)
SEEN = {"scanning": NO_PRINT, "not-found": NO_PRINT, "lost": LEAVES, "found": ON_A_PHONE}
SEEN["ended"] = ON_A_PHONE

PHONES = {CHROME_ON_ANDROID: "-android", SAFARI_ON_IOS: "-ios"}
ALSO_DARK = {"ready", "fallback-asked", "fallback-not-found", "fallback-in-app-telegram"}
ALSO_DARK |= {"fallback-camera-denied-android", "error-video", "pin", "pin-wrong", "paused"}
ON_DESKS = {"ready", "found", "fallback-asked", "fallback-camera-missing", "pin", "unknown"}


def photograph(studio: Studio) -> None:
    """Photograph all states of the page of the studio's portrait `astronaut`."""
    portrait = studio.portraits["astronaut"]["portrait"]
    studio.portraits |= ruled.add(studio.installation.instance, portrait)
    pictures.prepare([("astronaut", shot) for shot in {*SEEN.values(), ON_A_DESK}])
    with phones() as opened:
        for name, case, size, colours in _views():
            with case.reached(studio, opened, size=size, color_scheme=colours) as page:
                _finish(page, name)
                device = "phone" if size == PHONE else "desk"
                at_work = case.state in SEEN
                shoot(page, f"customer-{name}-{device}-{colours}", whole=not at_work)


def _views() -> Iterator[tuple[str, Case, tuple[int, int], str]]:
    for name, case in _cases().items():
        yield name, case, PHONE, "light"
        if name in ALSO_DARK:
            yield name, case, PHONE, "dark"
        if name in ON_DESKS:
            yield name, _seeing(case, ON_A_DESK) if name == "found" else case, DESK, "light"
            if name != "found":
                yield name, case, DESK, "dark"


def _cases() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for case in (*states.AT_WORK, *states.FALLBACKS):
        name = case.name + PHONES.get(case.agent, "")
        if case.portrait == "video-processing":
            name += "-video"
        cases.setdefault(name, _seeing(case, SEEN.get(case.reason or case.state)))
    cases["scanning-tip"] = cases["scanning"]
    cases |= {case.state: case for case in states.CLOSED}
    cases["pin-wrong"] = dataclasses.replace(cases["pin"], portrait="pin-wrong")
    for app, system in (("telegram", "ios"), ("instagram", "android")):
        cases[f"fallback-in-app-{app}"] = states.IN_APPS[app, system]
    return cases


def _seeing(case: Case, shot: clips.Shot | None) -> Case:
    """The same state, of the astronaut's own page, with another view of its print."""
    if shot is None:
        return case
    portrait = case.portrait if case.state == "ended" else "astronaut"
    return dataclasses.replace(case, portrait=portrait, camera=pictures.clip("astronaut", shot))


def _finish(page: Page, name: str) -> None:
    if name == "scanning-tip":
        page.wait_for_selector("#tip:not([hidden])")
    elif name == "pin-wrong":
        page.fill("#pin", "0000")
        page.click("button[type=submit]")
        page.wait_for_selector("#trouble")
    elif name in ("found", "fallback-asked", "fallback-not-found"):
        page.wait_for_timeout(1200)  # in which the video begins
