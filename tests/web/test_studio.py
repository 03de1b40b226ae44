"""The page of the studio, and what customers' pages have of it."""

import html
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from tests.conftest import add_open_view
from tests.factories import OLGA, make_portrait, make_public_code, make_video
from tests.media import samples
from tests.web.staff import Staff, htmx
from vertex.extensions import db
from vertex.models import Setting
from vertex.runtime import runtime
from vertex.services import pins, studio
from vertex.services.studio import Details, Studio
from vertex.storage import AREAS

FORM = {
    "name": "Ателье «Свет»",
    "accent": "#ffd500",
    "phone": "+7 916 123-45-67",
    "email": "hello@example.com",
    "website": "example.com",
    "address": "Невский пр., 1",
    "version": "0",
}


def logo_file(content: bytes | None = None) -> dict[str, Any]:
    content = content or samples.encoded(samples.photo(300, 300), "PNG")
    return {"logo": (io.BytesIO(content), "logo.png")}


def send_large(staff: Staff, size: int) -> TestResponse:
    """Send so many bytes as a logo; Werkzeug's own way would leave a file of them open."""
    head = 'Content-Disposition: form-data; name="logo"; filename="logo.png"'
    body = f"--x\r\n{head}\r\n\r\n".encode() + bytes(size) + b"\r\n--x--\r\n"
    headers = {"X-CSRFToken": staff.token, **htmx("logo_form")}
    kind = "multipart/form-data; boundary=x"
    return staff.client.post("/settings/logo", data=body, content_type=kind, headers=headers)


def error_at(page: TestResponse, field: str) -> str:
    found = re.search(rf'id="{field}_error">(.*?)</p>', page.text)
    assert found, field
    return found.group(1)


def stored_files() -> list[str]:
    return [file.key for area in AREAS for file in runtime().storage.files(area)]


def change(**given: str) -> Studio:
    return studio.change(Details(**given), version=studio.get().version, actor=OLGA)


class TestPage:
    def test_is_for_admins_alone(self, olga: Staff, pavel: Staff) -> None:
        for path in ("/settings", "/settings/logo", "/settings/logo/delete"):
            assert pavel.post(path, FORM).status_code == 403
        assert pavel.get("/settings").status_code == 403
        assert 'href="/settings"' not in pavel.get("/").text + pavel.get("/account").text
        assert 'href="/settings"' in olga.get("/").text
        assert 'href="/settings"' in olga.get("/account").text
        assert studio.get() == Studio()

    def test_a_stranger_signs_in_first(self, browser: FlaskClient, olga: Staff) -> None:
        assert browser.get("/settings").headers["Location"] == "/login?next=/settings"
        assert browser.post("/settings", data=FORM).status_code == 401
        assert browser.post("/settings/logo", data=logo_file()).status_code == 401
        assert studio.get() == Studio()

    def test_a_form_of_elsewhere_changes_nothing(self, olga: Staff) -> None:
        reply = olga.client.post("/settings", data=FORM)

        assert reply.status_code == 400
        assert studio.get() == Studio()

    def test_saves_says_so_and_shows_it(self, olga: Staff) -> None:
        reply = olga.post("/settings", FORM)
        page = olga.get("/settings").text

        assert (reply.status_code, reply.headers["Location"]) == (303, "/settings")
        assert "Saved." in page
        assert 'value="Ателье «Свет»"' in page
        assert '<a href="tel:+79161234567">+7 916 123-45-67</a>' in page
        assert '<a href="https://example.com" rel="noopener noreferrer">example.com</a>' in page

    def test_by_htmx_the_browser_is_sent_on(self, olga: Staff) -> None:
        reply = olga.post("/settings", FORM, target="studio_form")

        assert (reply.status_code, reply.headers["HX-Redirect"]) == (200, "/settings")

    def test_all_that_is_wrong_is_told_at_its_field(self, olga: Staff) -> None:
        wrong = {**FORM, "accent": "red", "phone": "12", "email": "x", "website": "x", "name": "n"}

        reply = olga.post("/settings", wrong, target="studio_form")

        assert reply.status_code == 422
        assert reply.text.strip().startswith('<form id="studio_form"')
        assert error_at(reply, "accent") == "“red” is not a colour. Write it like #a8401f."
        assert error_at(reply, "phone").startswith("“12” is not a phone number.")
        assert error_at(reply, "email") == "“x” is not an e-mail address."
        assert error_at(reply, "website").startswith("“x” is not the address of a website.")
        assert error_at(reply, "name") == ""
        assert 'value="red"' in reply.text
        assert studio.get() == Studio()

    def test_without_scripts_the_whole_page_comes_back(self, olga: Staff) -> None:
        change(name="Old", accent="#2b6cb0")

        reply = olga.post("/settings", {**FORM, "accent": "red", "version": "1"})

        assert (reply.status_code, reply.text[:15]) == (422, "<!doctype html>")
        assert "Ателье «Свет»</span>" in reply.text  # the preview shows what can be shown
        assert 'type="color" data-colour-of="accent" value="#2b6cb0"' in reply.text

    def test_what_is_typed_is_shown_as_text(self, olga: Staff) -> None:
        olga.post("/settings", {**FORM, "name": "<b>x</b>", "address": "<i>y</i>"})

        page = olga.get("/settings").text

        assert "<b>x</b>" not in page
        assert "<i>y</i>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;</span>" in page

    def test_who_comes_second_is_shown_both_and_may_insist(self, olga: Staff) -> None:
        change(name="Theirs", phone="+12025550143")

        refused = olga.post("/settings", FORM, target="studio_form")
        kept = studio.get().name
        again = {**FORM, "version": _version(refused)}

        assert (refused.status_code, kept) == (409, "Theirs")
        assert 'id="both_texts"' in refused.text
        assert "<dd>Theirs</dd>" in refused.text
        assert 'value="Ателье «Свет»"' in refused.text
        assert olga.post("/settings", again, target="studio_form").status_code == 200
        assert studio.get().name == FORM["name"]


class TestPreview:
    def test_shows_what_is_being_typed_and_stores_nothing(self, olga: Staff) -> None:
        typed = {"name": "New", "accent": "#ffd500", "phone": "+7 916"}

        part = olga.client.get("/settings", query_string=typed, headers=htmx("studio_preview"))

        assert part.text.strip().startswith('<div id="studio_preview"')
        assert part.text.count("New</span>") == 2
        assert re.findall(r'fill="(#\w+)"', part.text)[1] == "#ffd500"
        assert "on-black" in part.text
        assert "+7" not in part.text
        assert studio.get() == Studio()

    def test_keeps_what_cannot_be_accepted_yet(self, olga: Staff) -> None:
        change(name="Old", accent="#2b6cb0")

        part = olga.get("/settings?accent=%23ff&name=New", target="studio_preview").text

        assert re.findall(r'fill="(#\w+)"', part)[0] == "#2b6cb0"
        assert "New</span>" in part

    def test_without_a_colour_it_is_that_of_the_design(self, olga: Staff) -> None:
        change(accent="#2b6cb0")

        assert "fill=" not in olga.get("/settings?accent=", target="studio_preview").text

    def test_a_part_it_does_not_offer_is_not_served_alone(self, olga: Staff) -> None:
        assert olga.get("/settings", target="content").text.startswith("<!doctype html>")


class TestLogo:
    def test_is_shown_and_removed(self, olga: Staff, browser: FlaskClient) -> None:
        reply = olga.post("/settings/logo", logo_file())
        page = olga.get("/settings").text
        url = re.search(r'<img class="studio-logo" src="([^"]+)" alt="" width="300"', page)

        assert reply.headers["Location"] == "/settings"
        assert url
        assert browser.get(url.group(1)).status_code == 200

        removed = olga.post("/settings/logo/delete")
        page = olga.get("/settings").text
        assert removed.headers["Location"] == "/settings"
        assert "The logo is removed." in page
        assert "studio-logo" not in page
        assert "Remove the logo" not in page
        assert stored_files() == []

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"GIF89a" + bytes(50), "A picture in GIF cannot be used. Accepted: JPEG,"),
            (b"\x89PNG\r\n\x1a\n" + bytes(50), "The picture file is damaged."),
        ],
    )
    def test_a_refused_one_is_told_and_leaves_nothing(
        self, olga: Staff, content: bytes, sentence: str
    ) -> None:
        reply = olga.post("/settings/logo", logo_file(content), target="logo_form")

        assert reply.status_code == 422
        assert reply.text.strip().startswith('<form id="logo_form"')
        assert error_at(reply, "logo").startswith(sentence)
        assert stored_files() == []
        assert db.session.scalar(select(Setting)) is None
        temporary = runtime().settings.temporary_files
        assert not temporary.exists() or not list(temporary.iterdir())

    def test_none_is_asked_for(self, olga: Staff) -> None:
        reply = olga.post("/settings/logo", {"logo": (io.BytesIO(), "")}, target="logo_form")

        assert (reply.status_code, error_at(reply, "logo")) == (422, "Please choose a picture.")

    def test_one_that_is_too_large_is_told(self, olga: Staff) -> None:
        reply = send_large(olga, 6 * 1024**2)

        assert reply.status_code == 413
        assert error_at(reply, "logo") == ("The picture file has 6 MB. At most 5 MB are accepted.")
        assert stored_files() == []

    def test_what_is_far_too_large_is_not_read(self, olga: Staff) -> None:
        reply = send_large(olga, 21 * 1024**2)

        assert reply.status_code == 413
        assert reply.headers["HX-Retarget"] == "#toasts"
        assert stored_files() == []


class TestForCustomers:
    def test_the_logo_is_kept_for_good_by_its_name(self, olga: Staff, browser: FlaskClient) -> None:
        olga.post("/settings/logo", logo_file())
        key = studio.get().logo_key or ""
        version = key.rpartition("/")[2][:12]

        named = browser.get(f"/v/studio/logo?v={version}")
        unnamed = browser.get("/v/studio/logo?v=another")
        again = browser.get(
            f"/v/studio/logo?v={version}", headers={"If-None-Match": named.headers["ETag"]}
        )

        assert (named.status_code, named.content_type) == (200, "image/webp")
        assert named.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert unnamed.headers["Cache-Control"] == "private, no-cache"
        assert again.status_code == 304
        assert "Set-Cookie" not in named.headers

    def test_without_a_logo_there_is_none(self, browser: FlaskClient) -> None:
        assert browser.get("/v/studio/logo").status_code == 404

    def test_the_colours_are_a_stylesheet_for_day_and_night(self, browser: FlaskClient) -> None:
        change(accent="#ffd500")
        url = studio_url(browser, "colours_url")

        sheet = browser.get(url)

        assert (sheet.status_code, sheet.content_type) == (200, "text/css; charset=utf-8")
        assert sheet.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        light, dark = re.findall(r"--accent: (#\w+); --on-accent: (#\w+);", sheet.text)
        assert dark == ("#ffd500", "#000000")
        assert light != dark
        assert sheet.text.count("@media (prefers-color-scheme: dark) { :root {") == 1
        assert len(sheet.data) < 200

    def test_other_colours_have_another_address(self, browser: FlaskClient) -> None:
        change(accent="#ffd500")
        before = studio_url(browser, "colours_url")
        change(accent="#2b6cb0")

        old = browser.get(before)
        again = browser.get(before, headers={"If-None-Match": old.headers["ETag"]})

        assert studio_url(browser, "colours_url") != before
        assert old.headers["Cache-Control"] == "private, no-cache"
        assert (again.status_code, again.data) == (304, b"")

    def test_without_a_colour_the_stylesheet_is_empty(self, browser: FlaskClient) -> None:
        sheet = browser.get("/v/studio/colours.css")

        assert (sheet.status_code, sheet.data) == (200, b"")


class TestInTemplates:
    def test_nothing_is_shown_of_a_studio_that_says_nothing(self, browser: FlaskClient) -> None:
        page = shown(
            browser, "{% set s = studio() %}{{ [s.name, s.logo_url, s.colours_url, s.contact] }}"
        )

        assert page == "[&#39;&#39;, None, None, None]"

    def test_everything_is_there_by_one_query(self, browser: FlaskClient) -> None:
        change(name="Свет", accent="#2b6cb0", website="https://www.example.com/")
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        page = shown(
            browser,
            "{{ studio().name }} {{ studio().contact.website_name }} {{ studio().contact.phone }}"
            "{{ studio().logo_url }} {{ studio().colours_url }}",
        )
        event.remove(db.engine, "before_cursor_execute", note)

        assert page.startswith("Свет example.com None /v/studio/colours.css?v=")
        assert len([statement for statement in asked if "FROM settings" in statement]) == 1

    def test_macros_show_the_mark_and_the_contact(self, browser: FlaskClient) -> None:
        change(name="Свет & тень", email="hello@example.com")

        page = shown(
            browser,
            '{% from "macros/studio.html" import studio_contact, studio_mark %}'
            "{{ studio_mark(studio()) }}{{ studio_contact(studio()) }}",
        )

        assert '<span class="studio-name">Свет &amp; тень</span>' in page
        assert '<a href="mailto:hello@example.com">hello@example.com</a>' in page
        assert "tel:" not in page


@pytest.fixture(autouse=True)
def templates(vertex_app: Flask) -> Iterator[list[str]]:
    """A page strangers may ask for, which shows the template that was put here last."""
    waiting: list[str] = []
    add_open_view(vertex_app, "/shown", lambda: render_template_string(waiting[-1]))
    vertex_app.extensions["shown"] = waiting
    yield waiting


def shown(browser: FlaskClient, template: str) -> str:
    """What a customer's page makes of this."""
    browser.application.extensions["shown"].append(template)
    return browser.get("/shown").text.strip()


def studio_url(browser: FlaskClient, name: str) -> str:
    return shown(browser, "{{ studio()." + name + " }}").replace("&amp;", "&")


def _version(page: TestResponse) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert found
    return found.group(1)


def test_a_code_is_never_taken_for_the_studio(vertex_app: Flask) -> None:
    urls = vertex_app.url_map.bind("localhost")

    assert urls.match("/v/studio/logo")[0] == "ar.studio_logo"
    assert urls.match("/v/studio")[0] == "ar.show"
    assert vertex_app.test_client().get("/v/studio").status_code == 404


class TestCustomersPage:
    @pytest.mark.parametrize("pin", [None, "2468"])
    def test_shows_whose_work_it_is(
        self, olga: Staff, browser: FlaskClient, pin: str | None
    ) -> None:
        olga.post("/settings", FORM)
        olga.post("/settings/logo", logo_file())
        portrait = make_portrait(pin_hash=pins.hash_of(pin) if pin else None)
        make_video(portrait_id=portrait.id)
        code = make_public_code(portrait_id=portrait.id).code

        page = browser.get(f"/v/{code}")

        assert page.status_code == (403 if pin else 200)
        assert '<span class="studio-name">Ателье «Свет»</span>' in page.text
        assert '<a href="tel:+79161234567">' in page.text and "Невский пр., 1" in page.text
        for part in (r'class="studio-logo" src="([^"]+)"', r'href="([^"]+/colours\.css[^"]*)"'):
            found = re.search(part, page.text)
            assert found and browser.get(html.unescape(found[1])).status_code == 200
