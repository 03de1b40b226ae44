"""Visits: what pages tell of themselves, and what of it is believed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.browser.states import APPS
from tests.factories import make_order, make_portrait, make_public_code, make_user
from vertex.extensions import db
from vertex.models import Notification, Portrait, PublicCode, Role, Visit, VisitHour, utcnow
from vertex.services import visits
from vertex.services._transaction import atomic

pytestmark = pytest.mark.usefixtures("vertex_app")

TOKEN = "0123456789abcdef" * 2


def row() -> Visit:
    db.session.expire_all()
    return db.session.scalars(select(Visit)).one()


def tell(code: PublicCode, number: int = 0, **told: Any) -> bool:
    return visits.note(code.code, {"visit": f"{number:032x}", **told})


def test_a_visit_goes_on_and_takes_nothing_back() -> None:
    code = make_public_code()

    assert tell(code, device="tablet")
    assert tell(code, camera=True, found=1234, watched=2000, sound=True)
    assert tell(code, camera=False, found=99, watched=10, sound=False, fallback="asked")

    visit = row()
    assert (visit.camera, visit.sound, visit.device) == (True, True, "tablet")
    assert (visit.found_ms, visit.watched_ms, visit.fallback) == (1234, 2000, "asked")
    assert visit.portrait_id == code.portrait_id


@pytest.mark.parametrize(
    "told",
    [
        {}, {"visit": "x"}, {"visit": 7}, {"visit": TOKEN.upper()}, {"visit": TOKEN + "\n"},
        {"visit": None}, {"visit": [TOKEN]},
    ],
)  # fmt: skip
def test_without_a_token_there_is_no_visit(told: dict[str, Any]) -> None:
    assert not visits.note(make_public_code().code, told)
    assert db.session.scalars(select(Visit)).all() == []


@pytest.mark.parametrize(
    "told",
    [
        {"found": -1}, {"found": 10**12}, {"found": "1"}, {"found": True}, {"found": 1.5},
        {"watched": 10**9}, {"watched": None}, {"camera": "yes"}, {"sound": 1},
        {"fallback": "<b>"}, {"fallback": "x" * 99}, {"device": "fridge"}, {"portrait": "x"},
    ],
)  # fmt: skip
def test_nonsense_is_ignored(told: dict[str, Any]) -> None:
    tell(make_public_code(), **told)

    visit = row()
    assert (visit.camera, visit.sound, visit.found_ms) == (False, False, None)
    assert (visit.watched_ms, visit.fallback, visit.device) == (0, None, "phone")


def test_of_an_unknown_code_nothing_is_noted() -> None:
    assert not visits.note("0000000000", {"visit": TOKEN})


def test_the_token_of_one_page_changes_nothing_at_another() -> None:
    mine, other = make_public_code(), make_public_code()
    tell(mine)

    assert not tell(other, found=5)
    assert row().found_ms is None


def test_an_album_counts_for_the_order_and_for_what_was_found() -> None:
    order = make_order()
    inside, stranger = make_portrait(order_id=order.id), make_portrait()
    code = make_public_code(order_id=order.id)

    tell(code, 1, camera=True, found=10, portrait=str(stranger.id))
    tell(code, 2, camera=True, found=20, portrait=str(inside.id))
    tell(make_public_code(portrait_id=inside.id), 3)

    assert visits.of_order(order.id).opened == 3
    assert visits.of_portrait(inside.id).opened == 2
    assert visits.of_portrait(stranger.id).opened == 0


def test_the_funnel() -> None:
    code = make_public_code()
    tell(code, 1)
    tell(code, 2, camera=True, fallback="not-found", watched=3000)
    tell(code, 3, camera=True, found=1000, watched=4000, sound=True)
    tell(code, 4, camera=True, found=3000)
    tell(code, 5, camera=True, found=2000)
    assert code.portrait_id is not None

    funnel = visits.of_portrait(code.portrait_id)

    assert funnel == visits.Funnel(5, 4, 3, 2, 1, 1, 2000, camera_lately=4, found_lately=3)
    assert visits.of_portrait(make_portrait().id) == visits.Funnel()


def test_a_print_that_nobody_finds_is_told_once() -> None:
    make_user(role=Role.ADMIN)
    code = make_public_code()
    assert code.portrait_id is not None
    for n in range(2):
        tell(code, n, camera=True)
    assert not visits.of_portrait(code.portrait_id).nothing_found

    for n in range(2, 6):
        tell(code, n, camera=True)

    assert visits.of_portrait(code.portrait_id).nothing_found
    told = db.session.scalars(select(Notification)).all()
    assert [one.subject for one in told] == [f"portrait:{code.portrait_id}"]


def test_each_visit_is_a_turn() -> None:
    code = make_public_code()

    for n in (1, 1, 2):
        tell(code, n)

    db.session.expire_all()
    assert db.session.get_one(Portrait, code.portrait_id).turn == 2


def test_the_hour_counts_a_visit_once_however_far_it_comes() -> None:
    code = make_public_code()
    tell(code, 1)
    tell(code, 1, camera=True)
    tell(code, 1, camera=True, found=900, watched=2000)
    tell(code, 2)

    hours = db.session.scalars(select(VisitHour)).all()  # two, if one ended meanwhile
    counts = [(hour.opened, hour.camera, hour.found) for hour in hours]
    assert [sum(column) for column in zip(*counts, strict=True)] == [2, 1, 1]
    assert {(hour.hour.minute, hour.hour.second, hour.hour.microsecond) for hour in hours} == {
        (0, 0, 0)
    }


def test_old_ones_are_forgotten() -> None:
    tell(make_public_code())
    long_ago = utcnow() - visits.KEPT - timedelta(days=1)
    with atomic():
        db.session.execute(update(Visit).values(created_at=long_ago))
    tell(make_public_code(), 2)

    visits.forget_old()

    assert row().token == f"{2:032x}"
    [hour] = db.session.scalars(select(VisitHour)).all()
    assert hour.opened == 1


@pytest.mark.parametrize(
    ("agent", "bot"),
    [
        ("TelegramBot (like TwitterBot)", True),
        ("WhatsApp/2.23.20.0", True),
        ("WhatsApp/2.24.13.77 i", True),
        ("Viber/13.3.0.1 CFNetwork/974.2.1 Darwin/18.0.0", True),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", True),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", True),
        ("python-requests/2.32.3", True),
        ("curl/8.5.0", True),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", True),
        ("Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", True),
        ("Mozilla/5.0 (Linux; Android 12; SM-A515F) AppleWebKit/537.36 Chrome/120 Mobile", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) Version/16.5 Safari/604.1", False),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120", False),
        ("Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 Chrome/120 Mobile", False),
        ("Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/120 Mobile", False),
        ("Mozilla/5.0 (Linux; Android 9; wv; Build/CUBOT) Chrome/120 Mobile Viber/23.1", False),
    ],
)
def test_bots_say_that_they_are(agent: str, bot: bool) -> None:
    assert visits.is_bot(agent) is bot


@pytest.mark.parametrize(("app", "system"), APPS, ids=lambda word: word)
def test_people_in_the_browser_of_an_app_are_no_bots(app: str, system: str) -> None:
    assert not visits.is_bot(APPS[app, system])
