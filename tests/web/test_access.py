"""Who may ask for what: whatever is not listed here wants a sign-in."""

import pytest
from flask import Flask

from tests.factories import make_client, make_order, make_portrait, make_public_code, make_video
from tests.web.staff import Staff
from vertex.services import accounts

# what a stranger may ask for; a rule that is missing here must refuse them
OPEN = {
    ("GET", "/health"),
    ("GET", "/health/db"),
    ("GET", "/health/storage"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/setup"),
    ("GET", "/static/<path:filename>"),
    ("GET", "/static/r/<release>/<path:filename>"),
    ("GET", "/v/<code>"),
    ("GET", "/v/<code>/marker"),
    ("GET", "/v/<code>/captions/<uuid:video_id>"),
    ("GET", "/v/<code>/photo"),
    ("GET", "/v/<code>/photo/<uuid:portrait_id>"),
    ("POST", "/v/<code>/events"),
    ("POST", "/v/<code>/pin"),
    ("GET", "/v/<code>/order"),
    ("POST", "/v/<code>/order"),
    ("GET", "/v/<code>/qr.png"),
    ("GET", "/v/<code>/qr.svg"),
    ("GET", "/v/<code>/standing"),
    ("GET", "/v/<code>/video/<uuid:video_id>"),
    ("GET", "/v/check"),
    ("GET", "/v/r/<release>/worker.js"),
    ("GET", "/v/service-worker.js"),
    ("GET", "/v/check/marker"),
    ("GET", "/v/check/portrait"),
    ("GET", "/v/check/print"),
    ("GET", "/v/studio/colours.css"),
    ("GET", "/v/studio/logo"),
}
# what staff who are no admins may not ask for
FOR_ADMINS = {"/jobs", "/settings", "/settings/texts"}
REFUSED = {401, 403, 302, 303}
NOTHING = "00000000-0000-7000-8000-000000000000"


def test_a_stranger_gets_what_is_open_and_nothing_else(vertex_app: Flask, olga: Staff) -> None:
    browser = vertex_app.test_client()
    urls = vertex_app.url_map.bind("localhost")
    open_to_strangers = set()

    for rule in vertex_app.url_map.iter_rules():
        url = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, NOTHING))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if browser.open(url, method=method).status_code not in REFUSED:
                open_to_strangers.add((method, rule.rule))

    assert open_to_strangers == OPEN


@pytest.mark.parametrize("who", ["olga", "pavel"])
def test_staff_may_open_every_page(
    vertex_app: Flask, who: str, request: pytest.FixtureRequest
) -> None:
    staff: Staff = request.getfixturevalue(who)
    portrait = make_portrait()
    things = {
        "client_id": make_client().id,
        "order_id": make_order().id,
        "portrait_id": portrait.id,
        "video_id": make_video(portrait_id=portrait.id).id,
        "code": make_public_code(portrait_id=portrait.id).code,
        "filename": "icon.svg",
        "release": "0123456789ab",
        "name": "counts",
        "batch_id": NOTHING,
        "import_id": NOTHING,
    }
    urls = vertex_app.url_map.bind("localhost")

    for rule in vertex_app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            url = urls.build(rule.endpoint, {name: things[name] for name in rule.arguments})
            status = staff.get(url).status_code
            if who == "pavel" and rule.rule in FOR_ADMINS:
                assert status == 403, url
                continue
            # the files of a made-up portrait are names only; set-up is over, /dev/ui switched off
            # nothing is printed here, as the codes would lead nowhere
            refused = rule.rule in ("/setup", "/batches/sheet")
            assert status in (200, 302, 404) or refused, (url, status)


def test_a_page_leads_a_stranger_to_the_sign_in_and_back(vertex_app: Flask, olga: Staff) -> None:
    reply = vertex_app.test_client().get("/clients?q=anna")

    assert (reply.status_code, reply.headers["Location"]) == (302, "/login?next=/clients?q%3Danna")


def test_htmx_leads_a_stranger_to_the_sign_in(vertex_app: Flask, olga: Staff) -> None:
    headers = {
        "HX-Request": "true",
        "HX-Target": "client_rows",
        "HX-Current-URL": "http://localhost/clients?q=anna",
    }

    reply = vertex_app.test_client().get("/clients?q=annas", headers=headers)

    assert (reply.status_code, reply.data) == (401, b"")
    assert reply.headers["HX-Redirect"] == "/login?next=/clients?q%3Danna"


def test_an_account_that_is_closed_is_out_at_once(vertex_app: Flask, pavel: Staff) -> None:
    from vertex.services._transaction import atomic

    with atomic():
        accounts.get(pavel.user.id).active = False

    assert pavel.get("/clients").status_code == 302


def test_what_is_for_admins_is_changed_by_them_alone(vertex_app: Flask, pavel: Staff) -> None:
    urls = vertex_app.url_map.bind("localhost")

    for rule in vertex_app.url_map.iter_rules():
        if rule.rule.startswith(tuple(FOR_ADMINS)) and "POST" in (rule.methods or set()):
            url = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, NOTHING), method="POST")
            assert pavel.post(url).status_code == 403, url


def test_nothing_is_changed_by_looking(vertex_app: Flask) -> None:
    changing = {"POST", "PUT", "PATCH", "DELETE"}

    for rule in vertex_app.url_map.iter_rules():
        methods = rule.methods or set()
        assert not (methods & changing and "GET" in methods) or rule.endpoint.endswith(
            ("create", "edit")
        ), rule.rule
