"""Forms are taken only from the session they were shown in."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.web.staff import Staff, sign_in
from vertex.extensions import db
from vertex.models import Client

FORM = {"name": "Anna", "phone": "+79161234567"}


def tokens(app: Flask, pavel: Staff, olga: Staff) -> dict[str, str | None]:
    earlier = sign_in(app, pavel.user).token
    return {"missing": None, "mangled": pavel.token[:-2] + "xx", "earlier": earlier,
            "of another": olga.token}  # fmt: skip


@pytest.mark.parametrize("which", ["missing", "mangled", "earlier", "of another"])
@pytest.mark.parametrize("target", [None, "client_form"])
def test_a_form_of_another_session_is_refused_in_words(
    vertex_app: Flask, pavel: Staff, olga: Staff, which: str, target: str | None
) -> None:
    form = {**FORM, "once": pavel.once("/clients/new")}
    pavel.token = tokens(vertex_app, pavel, olga)[which] or ""

    reply = pavel.post("/clients/new", form, target=target)

    assert reply.status_code == 400
    assert "This form can no longer be sent" in reply.text
    if target:
        assert reply.headers["HX-Retarget"] == "#toasts"
    assert db.session.scalar(select(func.count(Client.id))) == 0


# strangers' forms, by which nobody can be made to change anything
EXEMPT = {"ar.answer", "ar.enter_pin", "ar.events"}


def test_no_changing_view_is_exempt(vertex_app: Flask, olga: Staff) -> None:
    urls = vertex_app.url_map.bind("localhost")
    nothing = "00000000-0000-7000-8000-000000000000"

    for rule in vertex_app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and rule.endpoint not in EXEMPT:
            url = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, nothing), method="POST")
            assert olga.client.post(url).status_code == 400, url
