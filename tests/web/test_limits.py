"""How often somebody may ask."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Timer
from typing import cast

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import make_portrait, make_public_code, make_user
from tests.web.staff import make_staff, token_of
from vertex.extensions import limiter
from vertex.web.limits import CountsInMemory


def test_answers_tell_how_often_one_may_still_ask(make_app: MakeApp) -> None:
    app = make_app(staff_limit="30 per minute")
    with app.app_context():
        pavel = make_staff(app)

        first, second = pavel.get("/clients"), pavel.get("/portraits")

    assert first.headers["RateLimit-Limit"] == "30"
    assert 0 < int(first.headers["RateLimit-Reset"]) <= 60
    left = [int(reply.headers["RateLimit-Remaining"]) for reply in (first, second)]
    assert left[0] - left[1] == 1


def test_a_user_who_asks_too_often_waits_and_others_do_not(make_app: MakeApp) -> None:
    app = make_app(staff_limit="12 per minute")
    with app.app_context():
        olga, pavel = make_staff(app, "olga"), make_staff(app, "pavel")
        replies = [pavel.get("/clients") for _ in range(12)]

        assert replies[-1].status_code == 429
        assert int(replies[-1].headers["Retry-After"]) >= 1
        assert "Too many requests" in replies[-1].text
        assert olga.get("/clients").status_code == 200


def test_another_browser_of_the_same_user_counts_with_it(make_app: MakeApp) -> None:
    app = make_app(staff_limit="10 per minute", sign_in_limit="100 per minute")
    with app.app_context():
        pavel = make_staff(app)
        for _ in range(9):
            pavel.get("/clients")

        other = app.test_client()
        with pavel.client.session_transaction() as here, other.session_transaction() as there:
            there.update(here)

        assert other.get("/clients").status_code == 429


def test_pictures_do_not_count_as_pages(make_app: MakeApp) -> None:
    app = make_app(staff_limit="10 per minute", file_limit="3 per minute")
    with app.app_context():
        pavel = make_staff(app)
        url = f"/portraits/{make_portrait().id}/preview"

        statuses = [pavel.get(url).status_code for _ in range(4)]

        assert statuses == [404, 404, 404, 429]  # the picture of a made-up portrait is a name only
        assert pavel.get("/clients").status_code == 200


def test_uploads_are_counted_for_themselves(make_app: MakeApp) -> None:
    app = make_app(upload_limit="2 per minute")
    with app.app_context():
        pavel = make_staff(app)

        statuses = [pavel.post("/portraits/new").status_code for _ in range(3)]

        assert statuses == [422, 422, 429]
        assert pavel.get("/portraits/new").status_code == 200


def test_customers_are_counted_by_code_and_address(make_app: MakeApp) -> None:
    app = make_app(customer_limit="3 per minute")
    with app.app_context():
        one, other = make_public_code().code, make_public_code().code
        phone, next_table = app.test_client(), app.test_client()
        next_table.environ_base["REMOTE_ADDR"] = "192.0.2.2"

        statuses = [phone.get(f"/v/{one}").status_code for _ in range(4)]

        assert statuses == [200, 200, 200, 429]
        assert phone.get(f"/v/{other}").status_code == 200
        assert next_table.get(f"/v/{one}").status_code == 200


@pytest.mark.parametrize(("proxies", "second"), [(0, 429), (1, 422)])
def test_the_address_a_proxy_tells_is_believed_only_if_it_is_trusted(
    make_app: MakeApp, proxies: int, second: int
) -> None:
    app = make_app(sign_in_limit="1 per minute", trusted_proxies=proxies)
    with app.app_context():
        make_user()
        browser = app.test_client()
        token = token_of(browser.get("/login"))

        def attempt(address: str) -> int:
            headers = {"X-Forwarded-For": address}
            form = {"username": "olga", "password": "x", "csrf_token": token}
            return browser.post("/login", data=form, headers=headers).status_code

        assert [attempt("192.0.2.1"), attempt("192.0.2.2")] == [422, second]


def test_health_and_static_files_are_not_counted(vertex_app: Flask) -> None:
    browser = vertex_app.test_client()

    for url in ("/health", "/static/icon.svg"):
        assert "RateLimit-Limit" not in browser.get(url).headers


def test_threads_that_count_at_the_same_moment_do_not_fail(
    vertex_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = limiter.storage
    assert isinstance(storage, CountsInMemory)

    def look(store: CountsInMemory) -> Timer:
        time.sleep(0.02)  # in which another thread may change it
        return cast(Timer, vars(store)["timer"])

    def change(store: CountsInMemory, timer: Timer) -> None:
        vars(store)["timer"] = timer

    monkeypatch.setattr(CountsInMemory, "timer", property(look, change), raising=False)
    storage.timer.join()

    with ThreadPoolExecutor(2) as threads:
        counts = list(threads.map(lambda key: storage.incr(key, 60), ("a", "b")))

    assert counts == [1, 1]
