"""Changes of clients: stored whole and recorded, or refused without a trace."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import OLGA, make_client, make_portrait
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Client, utcnow, uuid7
from vertex.services import (
    client_lists,
    clients,
    portraits,
)
from vertex.services._transaction import atomic
from vertex.services.clients import Details

pytestmark = pytest.mark.usefixtures("vertex_app")

PHONE = "+79161234567"
ANNA = Details("Anna", PHONE, "anna@example.com", "a wedding")

UNACCEPTABLE = [
    ({"name": " \t"}, "name_missing", "name"),
    ({"name": "A" * 121}, "name_long", "name"),
    ({"phone": ""}, "phone_invalid", "phone"),
    ({"phone": "89161234567"}, "phone_invalid", "phone"),
    ({"phone": "+7123"}, "phone_invalid", "phone"),
    ({"email": "anna"}, "email_malformed", "email"),
    ({"email": "anna@"}, "email_malformed", "email"),
    ({"notes": "x" * 5001}, "notes_long", "notes"),
]


def stored(client_id: UUID) -> Details:
    """What the database holds, whatever the session remembers."""
    db.session.rollback()
    client = db.session.get_one(Client, client_id)
    return Details(client.name, client.phone, client.email or "", client.notes)


def entries() -> list[AuditAction]:
    db.session.rollback()  # what other threads have stored is newer than what was read
    query = select(AuditEntry.action).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def count() -> int:
    return db.session.scalar(select(func.count(Client.id))) or 0


class TestCreate:
    def test_stores_what_was_typed_in_one_form_and_records_it(self) -> None:
        typed = Details("  Anna   K. ", "+7 (916) 123-45-67", " Anna@Example.com ", "  a wedding\n")

        client = clients.create(typed, actor=OLGA)

        assert stored(client.id) == Details("Anna K.", PHONE, "anna@example.com", "a wedding")
        assert client.version == 1
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == (AuditAction.CLIENT_CREATED, "user:olga")
        assert entry.subject == f"client:{client.id}"

    def test_needs_neither_address_nor_notes(self) -> None:
        client = clients.create(Details("Anna", PHONE, " ", " "), actor=OLGA)

        assert (client.email, client.notes) == (None, "")

    @pytest.mark.parametrize("phone", [PHONE, "+7 916 123-45-67"])
    def test_with_a_taken_phone_is_refused_and_leaves_no_trace(self, phone: str) -> None:
        make_client(name="Boris", phone=PHONE)

        with pytest.raises(ConflictError) as refusal:
            clients.create(Details("Anna", phone), actor=OLGA)

        assert refusal.value.code == "phone_taken"
        assert refusal.value.params == {"phone": PHONE, "name": "Boris"}
        assert (count(), entries()) == (1, [])

    def test_with_the_phone_of_one_in_the_bin_is_accepted(self) -> None:
        make_client(phone=PHONE, deleted_at=utcnow())

        assert clients.create(ANNA, actor=OLGA).phone == PHONE

    @pytest.mark.parametrize(("wrong", "code", "field"), UNACCEPTABLE)
    def test_with_what_nobody_can_have_is_refused(
        self, wrong: dict[str, str], code: str, field: str
    ) -> None:
        with pytest.raises(InvalidError) as refusal:
            clients.create(replace(ANNA, **wrong), actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert (count(), entries()) == (0, [])

    @pytest.mark.parametrize("field", ["name", "notes"])
    @pytest.mark.parametrize(
        "typed",
        ["…" * 100, "½ № ™ ﬁ", "ﷺ" * 120, "İ" * 120, "😀" * 120],
        ids=["dots", "ligatures", "a sentence in one sign", "dotted capitals", "faces"],
    )
    def test_stores_any_signs(self, field: str, typed: str) -> None:
        client = clients.create(replace(ANNA, **{field: typed}), actor=OLGA)

        assert getattr(stored(client.id), field) == typed
        assert [found.id for found in client_lists.search(typed).clients] == [client.id]

    @pytest.mark.parametrize("field", ["name", "notes"])
    def test_with_a_nul_is_refused_or_stored_without(self, field: str) -> None:
        try:
            client = clients.create(replace(ANNA, **{field: "An\x00na"}), actor=OLGA)
        except InvalidError as error:
            assert error.field == field
        else:
            assert "\x00" not in getattr(stored(client.id), field)

    def test_of_the_same_phone_at_once_makes_one(self, vertex_app: Flask) -> None:
        codes = at_once(vertex_app, [lambda: clients.create(ANNA, actor=OLGA)] * 6)

        assert codes == ["", *["phone_taken"] * 5]
        assert (count(), entries()) == (1, [AuditAction.CLIENT_CREATED])


class TestEdit:
    def test_stores_what_was_typed_and_counts_the_version(self) -> None:
        client = make_client()

        edited = clients.edit(client.id, ANNA, version=1, actor=OLGA)

        assert stored(client.id) == ANNA
        assert edited.version == 2

    def test_records_which_fields_have_changed(self) -> None:
        client = clients.create(ANNA, actor=OLGA)

        changed = replace(ANNA, phone="+79161234568", notes="")
        clients.edit(client.id, changed, version=1, actor=OLGA)

        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]
        assert (entry.action, entry.actor) == (AuditAction.CLIENT_EDITED, "user:olga")
        assert entry.subject == f"client:{client.id}"
        assert entry.details == {"fields": ["phone", "notes"]}

    def test_that_changes_nothing_is_not_recorded(self) -> None:
        client = clients.create(ANNA, actor=OLGA)

        typed = replace(ANNA, name=" Anna ", phone="+7 916 123-45-67")
        edited = clients.edit(client.id, typed, version=1, actor=OLGA)

        assert edited.version == 1
        assert entries() == [AuditAction.CLIENT_CREATED]

    @pytest.mark.parametrize("version", [0, 1, 3, -1])
    def test_of_another_version_is_refused_and_changes_nothing(self, version: int) -> None:
        client = clients.create(ANNA, actor=OLGA)
        pavels = replace(ANNA, notes="Pavel was here")
        clients.edit(client.id, pavels, version=1, actor=OLGA)

        with pytest.raises(ConflictError) as refusal:
            clients.edit(client.id, replace(ANNA, name="Anya"), version=version, actor=OLGA)

        assert refusal.value.code == "changed_meanwhile"
        assert stored(client.id) == pavels
        assert clients.get(client.id).version == 2
        assert entries() == [AuditAction.CLIENT_CREATED, AuditAction.CLIENT_EDITED]

    def test_with_a_taken_phone_is_refused_and_changes_nothing(self) -> None:
        make_client(name="Boris", phone="+79161234568")
        client = clients.create(ANNA, actor=OLGA)

        with pytest.raises(ConflictError) as refusal:
            clients.edit(client.id, Details("Anya", "+7 916 123-45-68"), version=1, actor=OLGA)

        assert refusal.value.code == "phone_taken"
        assert refusal.value.params == {"phone": "+79161234568", "name": "Boris"}
        assert stored(client.id) == ANNA
        assert clients.get(client.id).version == 1
        assert entries() == [AuditAction.CLIENT_CREATED]

    @pytest.mark.parametrize(("wrong", "code", "field"), UNACCEPTABLE)
    def test_to_what_nobody_can_have_is_refused(
        self, wrong: dict[str, str], code: str, field: str
    ) -> None:
        client = clients.create(ANNA, actor=OLGA)

        with pytest.raises(InvalidError) as refusal:
            clients.edit(client.id, replace(ANNA, **wrong), version=1, actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == (code, field)
        assert stored(client.id) == ANNA

    def test_of_one_in_the_bin_is_refused(self) -> None:
        binned = make_client(deleted_at=utcnow())

        for client_id in (binned.id, uuid7()):
            with pytest.raises(NotFoundError):
                clients.edit(client_id, ANNA, version=1, actor=OLGA)
        assert entries() == []

    def test_at_once_is_done_once(self, vertex_app: Flask) -> None:
        client_id = clients.create(ANNA, actor=OLGA).id

        def edit(n: int) -> Client:
            return clients.edit(client_id, replace(ANNA, notes=f"{n}"), version=1, actor=OLGA)

        codes = at_once(vertex_app, [partial(edit, n) for n in range(6)])

        assert codes == ["", *["changed_meanwhile"] * 5]
        assert entries() == [AuditAction.CLIENT_CREATED, AuditAction.CLIENT_EDITED]


class TestJudge:
    @pytest.mark.parametrize(("wrong", "code", "field"), UNACCEPTABLE)
    def test_raises_what_saving_would(self, wrong: dict[str, str], code: str, field: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            clients.judge(replace(ANNA, **wrong), field)

        assert (refusal.value.code, refusal.value.field) == (code, field)

    @pytest.mark.parametrize("field", ["name", "phone", "email", "notes"])
    def test_looks_at_one_field_alone(self, field: str) -> None:
        wrong = Details("", "", "anna", "x" * 5001)

        clients.judge(replace(wrong, **{field: getattr(ANNA, field)}), field)

    def test_names_who_has_the_phone(self) -> None:
        make_client(name="Boris", phone=PHONE)

        with pytest.raises(ConflictError) as refusal:
            clients.judge(Details("", "+7 916 123-45-67"), "phone")

        assert refusal.value.code == "phone_taken"
        assert refusal.value.params == {"phone": PHONE, "name": "Boris"}

    def test_lets_clients_keep_their_own_phone(self) -> None:
        client = make_client(phone=PHONE)

        clients.judge(ANNA, "phone", known=client.id)

    def test_lets_the_phone_of_one_in_the_bin_be_taken(self) -> None:
        make_client(phone=PHONE, deleted_at=utcnow())

        clients.judge(ANNA, "phone")

    def test_changes_nothing(self) -> None:
        clients.judge(ANNA, "phone")

        assert (count(), entries()) == (0, [])


class TestMoveToBin:
    def test_is_recorded_once(self) -> None:
        client = make_client()

        for _ in range(2):
            clients.move_to_bin(client.id, actor=OLGA)

        assert client.deleted_at is not None
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == (AuditAction.CLIENT_BINNED, "user:olga")
        assert entry.subject == f"client:{client.id}"

    def test_of_one_with_portraits_is_refused_and_leaves_no_trace(self) -> None:
        client = make_client(name="Anna")
        for _ in range(2):
            make_portrait(client_id=client.id)
        make_portrait(client_id=client.id, deleted_at=utcnow())

        with pytest.raises(ConflictError) as refusal:
            clients.move_to_bin(client.id, actor=OLGA)

        assert refusal.value.code == "client_has_portraits"
        assert refusal.value.params == {"name": "Anna", "count": 2}
        assert clients.get(client.id).deleted_at is None
        assert entries() == []

    def test_of_one_whose_portraits_are_in_the_bin_is_done(self) -> None:
        client = make_client()
        make_portrait(client_id=client.id, deleted_at=utcnow())
        make_portrait()

        assert clients.move_to_bin(client.id, actor=OLGA).deleted_at is not None

    def test_of_nobody_is_refused(self) -> None:
        with pytest.raises(NotFoundError):
            clients.move_to_bin(uuid7(), actor=OLGA)

    def test_waits_for_a_portrait_that_is_being_put_back(self, vertex_app: Flask) -> None:
        client_id = make_client().id
        portrait_id = make_portrait(client_id=client_id, deleted_at=utcnow()).id

        def move() -> None:
            with vertex_app.app_context():
                try:
                    clients.move_to_bin(client_id, actor=OLGA)
                except ConflictError as error:
                    codes.append(error.code)

        codes: list[str] = []
        other = threading.Thread(target=move)
        with atomic():
            portraits.restore(portrait_id, actor=OLGA)
            other.start()
            other.join(timeout=0.5)
        other.join()

        assert codes == ["client_has_portraits"]
        assert clients.get(client_id).deleted_at is None


class TestRestore:
    def test_is_recorded_once(self) -> None:
        client = make_client(deleted_at=utcnow())

        for _ in range(2):
            clients.restore(client.id, actor=OLGA)

        assert clients.get(client.id).deleted_at is None
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == (AuditAction.CLIENT_RESTORED, "user:olga")
        assert entry.subject == f"client:{client.id}"

    def test_of_one_whose_phone_is_anothers_is_refused_and_leaves_no_trace(self) -> None:
        binned = make_client(phone=PHONE, deleted_at=utcnow())
        make_client(name="Boris", phone=PHONE)

        with pytest.raises(ConflictError) as refusal:
            clients.restore(binned.id, actor=OLGA)

        assert refusal.value.code == "phone_taken"
        assert refusal.value.params == {"phone": PHONE, "name": "Boris"}
        db.session.rollback()
        assert db.session.get_one(Client, binned.id).deleted_at is not None
        assert entries() == []

    def test_leaves_everything_else_as_it_was(self) -> None:
        client = clients.create(ANNA, actor=OLGA)
        clients.move_to_bin(client.id, actor=OLGA)

        clients.restore(client.id, actor=OLGA)

        assert stored(client.id) == ANNA
        assert client.version == 1

    def test_of_nobody_is_refused(self) -> None:
        with pytest.raises(NotFoundError):
            clients.restore(uuid7(), actor=OLGA)


def at_once(app: Flask, changes: Sequence[Callable[[], object]]) -> list[str]:
    """What becomes of changes in as many threads: the code of the refusal, or nothing."""
    codes: list[str] = []
    gate = threading.Barrier(len(changes))

    def run(change: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                change()
            except ConflictError as error:
                codes.append(error.code)
            else:
                codes.append("")

    threads = [threading.Thread(target=run, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)
