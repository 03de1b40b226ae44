"""The pages of clients, as the staff use them."""

import re
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories import make_client, make_portrait
from tests.web.staff import Staff, sign_in
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Client
from vertex.services import clients

ANNA = {"name": "Анна Семёнова", "phone": "+7 916 123-45-67", "email": "", "notes": ""}


def create(staff: Staff, **given: str) -> TestResponse:
    once = staff.once("/clients/new")
    return staff.post("/clients/new", {**ANNA, "once": once, **given}, target="client_form")


def count() -> int:
    return db.session.scalar(select(func.count(Client.id))) or 0


class TestIndex:
    def test_a_browser_gets_the_whole_page(self, pavel: Staff) -> None:
        make_client(name="Anna")

        page = pavel.get("/clients").text

        assert page.startswith("<!doctype html>")
        assert "Anna" in page

    @pytest.mark.parametrize("typed", ["семенова", "СЕМЁНОВА ан", "9161234567", "8 (916) 123"])
    def test_typing_swaps_only_the_rows(self, pavel: Staff, typed: str) -> None:
        make_client(name="Анна Семёнова", phone="+79161234567")
        make_client(name="Boris", phone="+12025550143")

        part = pavel.client.get(
            "/clients",
            query_string={"q": typed},
            headers={"HX-Request": "true", "HX-Target": "client_rows"},
        )

        assert part.text.strip().startswith('<div id="client_rows"')
        assert "Анна Семёнова" in part.text
        assert "Boris" not in part.text
        assert {"HX-Request", "HX-Target"} <= set(part.vary)
        assert part.headers["Cache-Control"] == "no-store"

    def test_a_block_the_view_does_not_offer_is_not_served_alone(self, pavel: Staff) -> None:
        assert pavel.get("/clients", target="content").text.startswith("<!doctype html>")

    def test_history_gets_the_whole_page(self, pavel: Staff) -> None:
        page = pavel.get("/clients", target="client_rows", **{"HX-History-Restore-Request": "true"})

        assert page.text.startswith("<!doctype html>")

    def test_more_adds_the_next_rows_until_there_are_no_more(self, pavel: Staff) -> None:
        names = {f"Anna {n:03}" for n in range(70)}
        for name in names:
            make_client(name=name)

        page, shown = pavel.get("/clients"), []
        while True:
            shown += re.findall(r"Anna \d{3}(?=</a>)", page.text)
            more = re.search(r'hx-get="(/clients\?[^"]*after=[^"]*)"', page.text)
            if not more:
                break
            page = pavel.get(more.group(1).replace("&amp;", "&"), target="client_more")

        assert shown == sorted(names)

    def test_what_was_typed_is_shown_as_text(self, pavel: Staff) -> None:
        page = pavel.get("/clients?q=<b>x</b>").text

        assert "<b>x</b>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page


class TestCreate:
    def test_stores_the_client_and_says_so(self, pavel: Staff) -> None:
        reply = create(pavel)

        client = db.session.scalars(select(Client)).one()
        assert (client.name, client.phone) == ("Анна Семёнова", "+79161234567")
        assert reply.headers["HX-Redirect"] == f"/clients/{client.id}"
        assert "Анна Семёнова is saved." in pavel.get(f"/clients/{client.id}").text

    def test_works_without_scripts(self, pavel: Staff) -> None:
        once = pavel.once("/clients/new")

        reply = pavel.post("/clients/new", {**ANNA, "once": once})

        assert reply.status_code == 303
        assert count() == 1

    def test_records_who_and_from_where(self, pavel: Staff) -> None:
        create(pavel)

        query = select(AuditEntry).where(AuditEntry.action == AuditAction.CLIENT_CREATED)
        entry = db.session.scalars(query).one()
        assert (entry.actor, entry.ip) == (f"user:{pavel.user.id}", "127.0.0.1")
        assert entry.request_id

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name", "", "Please enter the client"),
            ("name", "  \t ", "Please enter the client"),
            ("name", "я" * 121, "at most 120 characters"),
            ("phone", "", "Please enter a phone number."),
            ("phone", "12", "“12” is not a phone number"),
            ("phone", "8 916 123-45-67", "Write it like +7"),
            ("phone", "<b>1</b>", "&lt;b&gt;1&lt;/b&gt;"),
            ("email", "anna@", "is not an e-mail address"),
            ("notes", "x" * 5001, "at most 5000 characters"),
        ],
    )
    def test_says_what_is_wrong_at_the_field_and_leaves_nothing(
        self, pavel: Staff, field: str, value: str, sentence: str
    ) -> None:
        reply = create(pavel, **{field: value})

        assert reply.status_code == 422
        assert sentence in error_of(reply, field)
        assert 'aria-invalid="true"' in reply.text
        assert count() == 0

    def test_a_phone_of_another_client_is_told_with_their_name(self, pavel: Staff) -> None:
        make_client(name="Olga", phone="+79161234567")

        reply = create(pavel)

        assert reply.status_code == 409
        assert "belongs to Olga already" in error_of(reply, "phone")
        assert count() == 1

    def test_a_phone_of_another_country_is_fine(self, pavel: Staff) -> None:
        create(pavel, phone="+49 30 901820")

        assert db.session.scalars(select(Client.phone)).one() == "+4930901820"

    def test_a_name_with_markup_is_shown_as_text(self, pavel: Staff) -> None:
        create(pavel, name="<script>alert(1)</script>")

        page = pavel.get("/clients").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_the_same_form_is_carried_out_once(self, pavel: Staff) -> None:
        form = {**ANNA, "once": pavel.once("/clients/new")}
        pavel.post("/clients/new", form)

        again = pavel.post("/clients/new", {**form, "phone": "+7 916 123-45-68"})

        assert again.status_code == 409
        assert "Nothing was saved twice" in again.text
        assert f"/clients/{db.session.scalars(select(Client.id)).one()}" in again.text

    def test_the_same_form_sent_at_once_is_carried_out_once(
        self, vertex_app: Flask, pavel: Staff
    ) -> None:
        form = {**ANNA, "once": pavel.once("/clients/new")}
        statuses: list[int] = []
        others = [sign_in(vertex_app, pavel.user) for _ in range(2)]

        def send(staff: Staff, phone: str) -> None:
            statuses.append(staff.post("/clients/new", {**form, "phone": phone}).status_code)

        threads = [
            threading.Thread(target=send, args=(staff, f"+7 916 123-45-6{n}"))
            for n, staff in enumerate([pavel, *others])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        db.session.rollback()
        assert sorted(statuses) == [303, 409, 409]
        assert count() == 1

    def test_a_form_without_its_token_is_refused(self, pavel: Staff) -> None:
        reply = pavel.post("/clients/new", ANNA, target="client_form")

        assert reply.status_code == 422
        assert "This form is incomplete" in reply.text
        assert count() == 0

    def test_those_who_may_be_meant_are_shown_while_typing(self, pavel: Staff) -> None:
        make_client(name="Анна Семёнова", phone="+79161234567")

        part = pavel.get("/clients/new?name=семен&phone=", target="similar_clients").text

        assert part.strip().startswith('<div id="similar_clients"')
        assert "Already a client?" in part
        assert "Анна Семёнова" in part

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [("phone", "12", "is not a phone number"), ("phone", "+79161234567", "belongs to Olga"),
         ("name", "", "Please enter"), ("email", "x", "is not an e-mail address"),
         ("email", "", ""), ("notes", "fine", "")],
    )  # fmt: skip
    def test_a_field_is_judged_when_it_is_left(
        self, pavel: Staff, field: str, value: str, sentence: str
    ) -> None:
        make_client(name="Olga", phone="+79161234567")

        reply = pavel.post(
            "/clients/check", {"field": field, field: value}, target=f"{field}_error"
        )

        assert reply.status_code == 200
        assert sentence in error_of(reply, field)
        assert bool(error_of(reply, field)) == bool(sentence)


class TestEdit:
    def edit(self, staff: Staff, client: Client, **given: object) -> TestResponse:
        form = {**ANNA, "version": str(client.version), **given}
        return staff.post(f"/clients/{client.id}/edit", form, target="client_form")

    def test_changes_the_client(self, pavel: Staff) -> None:
        client = make_client()

        reply = self.edit(pavel, client, notes="Wedding in June")

        assert reply.headers["HX-Redirect"] == f"/clients/{client.id}"
        assert db.session.get_one(Client, client.id).notes == "Wedding in June"
        assert "Changed" in pavel.get(f"/clients/{client.id}").text

    def test_who_comes_second_sees_both_texts(self, olga: Staff, pavel: Staff) -> None:
        client = make_client()
        self.edit(olga, client, notes="Words of Olga", version="1")

        reply = self.edit(pavel, client, notes="Words of Pavel", version="1")

        assert reply.status_code == 409
        assert "Somebody else has changed" in reply.text
        assert "Words of Olga" in reply.text
        assert "Words of Pavel" in reply.text
        assert db.session.get_one(Client, client.id).notes == "Words of Olga"

    def test_who_comes_second_may_then_decide(self, olga: Staff, pavel: Staff) -> None:
        client = make_client()
        self.edit(olga, client, notes="Words of Olga", version="1")
        both = self.edit(pavel, client, notes="Words of Pavel", version="1")
        version = re.search(r'name="version"[^>]*value="(\d+)"', both.text)
        assert version

        reply = self.edit(pavel, client, notes="Both words", version=version.group(1))

        assert reply.status_code == 200
        assert db.session.get_one(Client, client.id).notes == "Both words"

    def test_a_client_in_the_bin_is_not_found(self, pavel: Staff) -> None:
        client = make_client()
        pavel.post(f"/clients/{client.id}/delete")

        assert pavel.get(f"/clients/{client.id}/edit").status_code == 404


class TestBin:
    def test_a_row_goes_and_a_notice_offers_the_way_back(self, pavel: Staff) -> None:
        client = make_client(name="Anna")

        reply = pavel.post(f"/clients/{client.id}/delete", target=f"client_{client.id}")

        assert reply.status_code == 200
        assert 'hx-swap-oob="beforeend"' in reply.text
        assert f"/clients/{client.id}/restore" in reply.text
        assert "clients-changed" in reply.headers["HX-Trigger"]
        assert "Anna" not in pavel.get("/clients", target="client_rows").text
        assert "Anna" in pavel.get("/clients?bin=1").text

    def test_undo_brings_the_client_back(self, pavel: Staff) -> None:
        client = make_client(name="Anna")
        pavel.post(f"/clients/{client.id}/delete")

        reply = pavel.post(f"/clients/{client.id}/restore", target="toasts")

        assert "clients-changed" in reply.headers["HX-Trigger"]
        assert "Anna" in pavel.get("/clients").text

    def test_works_without_scripts(self, pavel: Staff) -> None:
        client = make_client(name="Anna")

        gone = pavel.post(f"/clients/{client.id}/delete")
        page = pavel.get("/clients").text
        back = pavel.post(f"/clients/{client.id}/restore")

        assert (gone.status_code, back.status_code) == (303, 303)
        assert "Anna is in the bin." in page
        assert clients.get(client.id)

    def test_a_client_with_portraits_stays(self, pavel: Staff) -> None:
        portrait = make_portrait()

        reply = pavel.post(f"/clients/{portrait.client_id}/delete")

        assert reply.status_code == 409
        assert "has portraits: 1" in reply.text
        assert clients.get(portrait.client_id)

    def test_a_phone_given_to_another_meanwhile_keeps_one_in_the_bin(self, pavel: Staff) -> None:
        client = make_client(phone="+79161234567")
        pavel.post(f"/clients/{client.id}/delete")
        create(pavel)

        reply = pavel.post(f"/clients/{client.id}/restore")

        assert reply.status_code == 409
        assert "belongs to Анна Семёнова already" in reply.text


@pytest.mark.parametrize("path", ["", "/edit"])
def test_a_client_who_is_not_there_is_not_found(pavel: Staff, path: str) -> None:
    url = f"/clients/00000000-0000-7000-8000-000000000000{path}"

    assert pavel.get(url).status_code == 404


@pytest.mark.parametrize("after", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_place_in_the_list_that_is_not_there_is_no_breakdown(pavel: Staff, after: str) -> None:
    assert pavel.get(f"/clients?after={after}").status_code in (200, 404)


def error_of(reply: TestResponse, field: str) -> str:
    found = re.search(rf'<p class="wrong" id="{field}_error">(.*?)</p>', reply.text, re.DOTALL)
    assert found, reply.text
    return found.group(1)


class TestConsent:
    def test_is_noted_on_the_clients_page(self, pavel: Staff) -> None:
        client = make_client()
        form = {"consent_by": "parent", "consent_on": "2026-11-12", "version": "1"}

        refused = pavel.post(f"/clients/{client.id}/consent", form, target="consent_form")
        saved = pavel.post(f"/clients/{client.id}/consent", form | {"consent_name": "Мария"})

        assert refused.status_code == 422
        assert "Please enter the name of the parent who agreed." in refused.text
        assert saved.status_code == 303
        assert "Мария" in pavel.get(f"/clients/{client.id}").text

    @pytest.mark.parametrize(
        "wrong", [{"consent_by": "aunt"}, {"consent_by": "self", "consent_on": "soon"}]
    )
    def test_nonsense_is_refused(self, pavel: Staff, wrong: dict[str, str]) -> None:
        client = make_client()

        reply = pavel.post(f"/clients/{client.id}/consent", {"version": "1", **wrong})

        assert reply.status_code == 422
        assert "Nobody has agreed yet" in pavel.get(f"/clients/{client.id}").text

    def test_who_comes_second_sees_theirs_and_may_send_again(self, pavel: Staff) -> None:
        client = make_client()
        url = f"/clients/{client.id}/consent"
        first = {"consent_by": "self", "consent_on": "2026-11-12", "version": "1"}
        pavel.post(url, first)

        second = pavel.post(url, first | {"consent_on": "2026-11-13"}, target="consent_form")

        assert second.status_code == 409
        assert "Somebody else has changed this meanwhile." in second.text
        assert 'value="2"' in second.text
        assert pavel.post(url, first | {"version": "2"}).status_code == 303


class TestMerge:
    def test_finds_compares_merges_and_parts(self, pavel: Staff) -> None:
        anna = make_client(name="Анна Семёнова", phone="+79161234567")
        also = make_client(name="Анна Семёнова", phone="+79167654321")
        portrait = make_portrait(client_id=also.id)
        assert f"/clients/{anna.id}/merge?other={also.id}" in pavel.get(f"/clients/{anna.id}").text
        found = pavel.get(f"/clients/{anna.id}/merge?q=7654321", target="merge_candidates")
        assert str(also.id) in found.text
        page = pavel.get(f"/clients/{anna.id}/merge?other={also.id}").text
        assert "Which entry stays?" in page

        reply = pavel.post(f"/clients/{anna.id}/merge", {"other": str(also.id), "keep": "this"})

        assert reply.headers["Location"] == f"/clients/{anna.id}"
        merged = pavel.get(f"/clients/{anna.id}").text
        assert str(portrait.id) in merged
        assert pavel.get(f"/clients/{also.id}").status_code == 404
        undo = re.search(r'action="(/clients/merges/[^"]+/undo)"', merged)
        assert undo
        assert pavel.post(undo.group(1)).status_code == 303
        assert str(portrait.id) in pavel.get(f"/clients/{also.id}").text

    def test_the_other_entry_may_be_the_one_that_stays(self, pavel: Staff) -> None:
        anna, also = make_client(), make_client()

        reply = pavel.post(f"/clients/{anna.id}/merge", {"other": str(also.id), "keep": "other"})

        assert reply.headers["Location"] == f"/clients/{also.id}"
        assert pavel.get(f"/clients/{anna.id}").status_code == 404

    @pytest.mark.parametrize("other", ["", "nobody", "00000000-0000-7000-8000-000000000000"])
    def test_with_nobody_there_is_no_merging(self, pavel: Staff, other: str) -> None:
        anna = make_client()

        assert pavel.post(f"/clients/{anna.id}/merge", {"other": other}).status_code == 404
        assert pavel.get(f"/clients/{anna.id}").status_code == 200

    def test_names_that_are_there_twice_are_a_list_of_their_own(self, pavel: Staff) -> None:
        make_client(name="Anna")
        make_client(name="ANNA")
        make_client(name="Boris")

        page = pavel.get("/clients?twice=1").text

        assert page.count('id="client_0') == 2
        assert "Boris" not in page
