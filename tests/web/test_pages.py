"""Every page in every state: what it links to resolves, what it targets is there."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask, template_rendered
from jinja2.nodes import Const, Include
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

import vertex
from tests.conftest import MakeApp
from tests.factories import (
    OLGA,
    make_client,
    make_job,
    make_notification,
    make_order,
    make_portrait,
    make_proof,
    make_public_code,
    make_video,
)
from tests.media import samples
from tests.test_architecture import fragments
from tests.web.staff import Staff, make_staff
from vertex.blueprints.dev.samples import SAMPLES
from vertex.models import (
    JobState,
    LetterKind,
    OrderStatus,
    PortraitStatus,
    Recognisable,
    Role,
    utcnow,
)
from vertex.services import approvals, passwords

TEMPLATES = Path(vertex.__file__).parent / "templates"
ADDRESSES = {"href": "GET", "src": "GET", "hx-get": "GET", "hx-post": "POST"}
REFERENCES = (
    "for",
    "aria-describedby",
    "aria-labelledby",
    "data-open",
    "data-ask",
    "data-copy",
    "data-error",
)
NEAR = ("closest", "find", "this")


@dataclass
class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.found if name in attributes]


def elements(reply: TestResponse) -> Elements:
    parsed = Elements()
    parsed.feed(reply.text)
    return parsed


def empty_pages(staff: Staff) -> Iterator[TestResponse]:
    for url in ("/", "/clients", "/clients?q=x", "/clients?bin=1", "/clients/new", "/portraits",
                "/portraits?bin=1", "/portraits/new", "/account", "/dev/ui", "/jobs",
                "/jobs?state=failed", "/notifications", "/settings"):  # fmt: skip
        yield staff.get(url)


def sample_pages(staff: Staff) -> Iterator[TestResponse]:
    for name in SAMPLES:
        yield staff.get(f"/dev/ui/{name}")


def full_pages(staff: Staff) -> Iterator[TestResponse]:
    for _ in range(35):
        make_client()
    states: list[dict[str, Any]] = [
        {},
        {"status": PortraitStatus.PROCESSING, "marker_key": None},
        {"status": PortraitStatus.FAILED, "marker_key": None},
        {"recognisable": Recognisable.NO, "marker_key": None},
        {"marker_preview_key": "previews/00000000-0000-7000-8000-000000000001/" + "0" * 32},
    ]
    for state in states:
        portrait = make_portrait(**state)
        make_public_code(portrait_id=portrait.id)
        yield staff.get(f"/portraits/{portrait.id}")
    make_video(portrait_id=portrait.id)
    another = make_video(portrait_id=portrait.id, active=False)
    yield staff.get(f"/portraits/{portrait.id}")
    rules = f"/portraits/{portrait.id}/rules"
    yield staff.post(rules, {"pin": "x", "playing": "chosen"}, target="rules_form")
    yield staff.post(f"/portraits/{portrait.id}/videos/{another.id}/schedule", {"plays_from": "x"})
    yield from pages_of_proofs(staff)
    yield from pages_of_orders(staff, portrait.client_id)
    client = make_client(email="anna@example.com", notes="words")
    for url in (f"/portraits/{portrait.id}", "/", "/clients", "/portraits", "/account",
                f"/clients/{client.id}", f"/clients/{portrait.client_id}", "/clients?q=client",
                f"/clients/{client.id}/edit", f"/portraits/new?client_of={client.id}",
                "/portraits/new?client=client&phone=", "/clients/new?name=client"):  # fmt: skip
        yield staff.get(url)
    yield staff.get("/clients?twice=1")
    yield staff.get(f"/clients/{client.id}/merge")
    yield staff.get(f"/clients/{client.id}/merge?other={portrait.client_id}")
    yield staff.post(f"/clients/{client.id}/consent", {"consent_by": "self"})
    staff.post(f"/clients/{client.id}/delete")
    yield staff.get("/clients?bin=1")  # with the notice
    yield staff.post(f"/clients/{client.id}/restore", target="toasts")
    binned = make_portrait()
    studio = {"name": "Studio", "accent": "#ffd500", "phone": "+7 916 123-45-67",
              "email": "studio@example.com", "website": "example.com", "version": "0"}  # fmt: skip
    staff.post(f"/portraits/{binned.id}/delete")
    yield staff.get("/portraits?bin=1")
    staff.post("/settings", studio)
    logo = (io.BytesIO(samples.encoded(samples.photo(), "PNG")), "logo.png")
    staff.post("/settings/logo", {"logo": logo})
    yield staff.get("/settings")
    yield staff.get("/settings?name=Other", target="studio_preview")
    yield staff.post("/settings", studio | {"name": "Other"})  # somebody was quicker
    yield from pages_of_work(staff, f"portrait:{portrait.id}")
    yield from pages_of_telling(staff, portrait.id)


def pages_of_proofs(staff: Staff) -> Iterator[TestResponse]:
    order = make_order()
    owner = {"client_id": order.client_id, "order_id": order.id}
    portrait, twin = make_portrait(rating=2, **owner), make_portrait(rating=5, **owner)
    make_public_code(portrait_id=portrait.id)
    make_proof(portrait, alike=twin, advice=[{"code": "sharper"}])
    make_video(portrait_id=portrait.id)
    other = make_video(portrait_id=portrait.id, active=False)
    make_video(portrait_id=portrait.id, active=False, deleted_at=utcnow())
    for url in (f"/portraits/{portrait.id}?video_id={other.id}", "/portraits?view=table&only=poor",
                "/portraits?q=nothing&view=table", "/portraits?only=processing"):  # fmt: skip
        yield staff.get(url)
    yield staff.post(f"/portraits/{portrait.id}/details", {"title": "T", "version": "7"})


def pages_of_orders(staff: Staff, client_id: UUID) -> Iterator[TestResponse]:
    for _ in range(35):
        make_order(client_id=client_id, due_on=utcnow().date())
    for status in OrderStatus:
        agreed = {"price": 100, "deposit": 10, "assignee_id": staff.user.id, "product": "Album"}
        order = make_order(client_id=client_id, status=status, **agreed)
        make_portrait(client_id=client_id, order_id=order.id, recognisable=Recognisable.NO)
        yield staff.get(f"/orders/{order.id}")
    for url in ("/orders", "/orders?all=1&q=a", "/orders?q=nothing", "/orders?due=overdue",
                "/orders?bin=1", "/orders/board", f"/orders/{order.id}/edit",
                f"/orders/new?client_of={client_id}", f"/orders/new?copy_of={order.id}",
                f"/orders/{order.id}/move?to=delivered", "/orders/new?client=client&phone=",
                f"/portraits/new?order_of={order.id}"):  # fmt: skip
        yield staff.get(url)
    yield staff.post(f"/orders/{order.id}/rules", {"pin": "x"}, target="rules_form")
    yield staff.post("/orders/new", {"price": "x"})
    yield staff.post(f"/orders/{order.id}/edit", {"number": "A", "version": "7"})
    staff.post(f"/orders/{order.id}/delete")
    yield staff.get("/orders?bin=1")
    yield staff.get("/orders/views/new?status=ready")
    yield staff.post("/orders/views/new?status=ready", {"name": ""})
    yield from pages_of_many(staff, client_id)
    staff.post("/orders/views/new?status=ready", {"name": "Ready"})
    yield staff.get("/orders?status=ready")


def pages_of_telling(staff: Staff, portrait_id: UUID) -> Iterator[TestResponse]:
    order = make_order(pin_hash=passwords.hash_of("4711"))
    make_portrait(order_id=order.id)
    tell = f"/orders/{order.id}/tell"
    for url in (tell, f"{tell}?kind=approve&language=ru", f"/portraits/{portrait_id}/tell"):
        yield staff.get(url)
    yield staff.post(tell, {"subject": "", "pin": "1"}, target="tell_form")
    yield staff.get("/settings/texts")
    yield staff.get("/settings/texts?language=ru&share_text=x", target="texts_preview")
    words = {f"{kind}_{part}": "{link}" for kind in LetterKind for part in ("subject", "text")}
    yield staff.post("/settings/texts", {**words, "share_text": "{what}"})
    staff.post("/settings/texts", {**words, "version": "0"})
    yield staff.get("/settings/texts")
    yield staff.post("/settings/texts", {**words, "version": "7"})  # somebody was quicker
    staff.post(f"/orders/{order.id}/approval/ask")
    yield staff.get(f"/orders/{order.id}")
    yield staff.get(f"/orders/{order.id}/move?to=delivered")


def pages_of_an_order(app: Flask) -> Iterator[TestResponse]:
    browser, order = app.test_client(), make_order()
    code = make_public_code(order_id=order.id).code
    yield browser.get(f"/v/{code}/order")
    make_portrait(order_id=order.id, title="", rating=3)
    approvals.ask(order.id, actor=OLGA)
    yield browser.get(f"/v/{code}/order?lang=ru")
    yield browser.post(f"/v/{code}/order", data={"answer": "change"})
    yield browser.post(f"/v/{code}/order", data={"answer": "approve", "seen": "others"})


def pages_of_many(staff: Staff, client_id: UUID) -> Iterator[TestResponse]:
    order = make_order(client_id=client_id, status=OrderStatus.PRINTED, price=100)
    portrait = make_portrait(client_id=client_id, order_id=order.id, recognisable=Recognisable.NO)
    make_public_code(portrait_id=portrait.id)
    printed, stale = f"{order.id}.printed", f"{order.id}.new"
    yield staff.get(f"/batches/sheet?order={order.id}&back=/orders")
    yield staff.post("/batches/orders", {"id": printed, "do": "move", "to": "delivered"})
    refused = staff.post("/batches/orders", {"id": stale, "do": "move", "to": "ready"})
    yield staff.get(refused.headers["Location"])
    staff.post("/batches/orders", {"id": printed, "do": "pause"})
    yield staff.get("/orders")  # with the notice
    begun = staff.post("/batches/portraits", {"id": str(portrait.id), "do": "export"})
    yield staff.get(begun.headers["Location"])
    yield staff.post("/batches/portraits", {"do": "bin"})
    yield from pages_of_imports(staff)


def pages_of_imports(staff: Staff) -> Iterator[TestResponse]:
    table = "name;phone\nAnna;+7 916 765-43-21\nBoris;12\n" + "".join(
        f"Client {n};+7916{n:07}\n" for n in range(120)
    )
    sent = {"table": (io.BytesIO(table.encode()), "clients.csv")}
    reply = staff.post("/imports/tables/new?kind=clients", sent)
    page = reply.headers["Location"]
    for url in (page, f"{page}?wrong=1", f"{page}?after=100"):
        yield staff.get(url)
    staff.post(f"{page}/start")
    yield staff.get(page)
    for url in ("/imports", "/imports/portraits/new", "/imports/tables/new?kind=orders"):
        yield staff.get(url)
    yield staff.post("/imports/portraits/new")
    yield staff.post("/imports/tables/new?kind=clients")


def pages_of_work(staff: Staff, subject: str) -> Iterator[TestResponse]:
    for state in JobState:
        job = make_job(kind="marker.build", state=state, subject=subject, progress=0.5)
        make_notification(user_id=staff.user.id, subject=subject)
    for _ in range(31):
        make_job()
        make_notification(user_id=staff.user.id)
    yield staff.get("/jobs")
    yield staff.get(f"/jobs?state={job.state}")
    yield staff.get("/notifications")


def refused_pages(staff: Staff) -> Iterator[TestResponse]:
    client, portrait = make_client(), make_portrait()
    make_public_code(portrait_id=portrait.id)
    for url in ("/clients/new", f"/clients/{client.id}/edit", "/portraits/new", "/account/password",
                f"/portraits/{portrait.id}/video", "/settings/logo"):  # fmt: skip
        yield staff.post(url)
    yield staff.post(f"/clients/{client.id}/edit", {"name": "A", "phone": "+12025550143",
                                                    "version": "7"})  # fmt: skip
    yield staff.post("/settings", {"accent": "red", "phone": "1", "email": "x", "website": "x"})
    yield staff.post("/clients/check", {"field": "phone", "phone": "1"}, target="phone_error")
    yield staff.get("/nowhere")
    yield staff.get("/nowhere", target="content")
    yield staff.client.post("/clients/new")


def strangers_pages(app: Flask) -> Iterator[TestResponse]:
    browser = app.test_client()
    yield browser.get("/login")
    yield browser.get("/setup")
    yield browser.post("/login")
    yield browser.post("/clients/new")
    yield browser.get(f"/v/{make_public_code().code}")
    yield browser.get(f"/v/{make_public_code().code}/standing")
    yield browser.get("/v/0000000000")
    seen = make_portrait()
    make_video(portrait_id=seen.id)
    yield browser.get(f"/v/{make_public_code(portrait_id=seen.id).code}")
    yield browser.get("/v/check")
    yield browser.get("/v/check/print")


@contextmanager
def rendered(app: Flask) -> Iterator[set[str]]:
    names: set[str] = set()

    def note(_app: Flask, template: Any, **_: object) -> None:
        names.add(template.name)

    with template_rendered.connected_to(note, app):
        yield names


@pytest.fixture
def studio(make_app: MakeApp) -> Iterator[Flask]:
    app = make_app(
        public_url="https://studio.example",
        debug_pages=True,
        staff_limit="1000 per minute",
        upload_limit="100 per minute",
    )
    with app.app_context():
        yield app


@pytest.fixture
def walked(studio: Flask) -> tuple[Flask, list[TestResponse], set[str]]:
    with rendered(studio) as names:
        first = studio.test_client().get("/setup")
        staff = make_staff(studio, role=Role.ADMIN)
        pages = [
            first,
            *empty_pages(staff),
            *sample_pages(staff),
            *full_pages(staff),
            *refused_pages(staff),
        ]
        pages += strangers_pages(studio)
        pages += pages_of_an_order(studio)
    return studio, pages, names


def test_the_walk_meets_every_template(walked: tuple[Flask, list[TestResponse], set[str]]) -> None:
    app, _, names = walked

    pages = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    bases = {"base.html", "layout.html", "ar/base.html"}
    parts = {  # of other pages: the signal is sent for whole ones
        node.template.value
        for name in pages
        for node in app.jinja_env.parse((TEMPLATES / name).read_text()).find_all(Include)
        if isinstance(node.template, Const)
    } | {"ar/_icons.html"}
    assert {name for name in pages - bases - parts if not name.startswith("macros/")} == names


def test_every_address_resolves(walked: tuple[Flask, list[TestResponse], set[str]]) -> None:
    app, pages, _ = walked
    urls = app.url_map.bind("localhost")

    for page in pages:
        for _, attributes in elements(page).found:
            methods = dict(ADDRESSES, action=attributes.get("method", "get").upper())
            for name, method in methods.items():
                address = urlsplit(attributes.get(name, ""))
                if address.scheme or address.netloc or not address.path:
                    continue
                try:
                    urls.match(address.path, method=method)
                except (NotFound, MethodNotAllowed, RequestRedirect) as error:
                    raise AssertionError((page.request.path, attributes)) from error


def test_every_target_is_there(walked: tuple[Flask, list[TestResponse], set[str]]) -> None:
    _, pages, _ = walked

    for page in pages:
        if not page.text.startswith("<!doctype"):
            continue
        found = elements(page)
        ids = found.values("id")
        assert len(ids) == len(set(ids)), (page.request.path, sorted(ids))
        for target in found.values("hx-target"):
            assert target.startswith(NEAR) or target.removeprefix("#") in ids, target
        for name in REFERENCES:
            for value in found.values(name):
                assert set(value.split()) <= set(ids), (page.request.path, name, value)


def test_what_htmx_asks_for_works_without_it(
    walked: tuple[Flask, list[TestResponse], set[str]],
) -> None:
    _, pages, _ = walked

    for page in pages:
        for tag, attributes in elements(page).found:
            if tag == "form" and "hx-post" in attributes:
                assert attributes["action"] == attributes["hx-post"], page.request.path
                assert "hx-disabled-elt" in attributes, page.request.path
            if tag == "a" and "hx-get" in attributes:
                assert attributes["href"] == attributes["hx-get"], page.request.path
            if "hx-get" in attributes or "hx-post" in attributes:
                assert "hx-target" in attributes, page.request.path


def test_every_changing_form_has_its_token(
    walked: tuple[Flask, list[TestResponse], set[str]],
) -> None:
    _, pages, _ = walked

    for page in pages:
        forms = page.text.split("<form ")[1:]
        for form in forms:
            tag = form.split(">")[0]
            # strangers on customers' pages have no session that could be misused
            if 'method="post"' in tag and 'action="/v/' not in tag:
                assert 'name="csrf_token"' in form.split("</form>")[0], page.request.path


def test_pages_are_as_expected(walked: tuple[Flask, list[TestResponse], set[str]]) -> None:
    _, pages, _ = walked

    assert len(pages) > 45
    assert {page.status_code for page in pages} <= {200, 302, 400, 401, 403, 404, 409, 422}


def test_every_fragment_is_shown_alone() -> None:
    offered = {block for _, block in fragments()}

    more = {block for block in offered if block.endswith("_more")}
    assert offered - more == {sample.block for sample in SAMPLES.values()}
