"""Clients: one per phone."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import OLGA, make_client
from vertex.errors import InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditEntry, Client, utcnow, uuid7
from vertex.services import clients

pytestmark = pytest.mark.usefixtures("vertex_app")

PHONE = "+79161234567"


def count(table: type[Client | AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


class TestFindOrCreate:
    def test_creates_one_who_is_new(self) -> None:
        client = clients.find_or_create(name="  Anna   K. ", phone=PHONE, actor=OLGA)

        assert (client.name, client.phone) == ("Anna K.", PHONE)
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.subject) == ("user:olga", f"client:{client.id}")

    @pytest.mark.parametrize("phone", [PHONE, "+7 916 123-45-67", "+7 (916) 1234567"])
    def test_finds_one_who_is_known(self, phone: str) -> None:
        known = clients.find_or_create(name="Anna", phone=PHONE, actor=OLGA)

        found = clients.find_or_create(name="Anya", phone=phone, actor=OLGA)

        assert (found.id, found.name) == (known.id, "Anna")
        assert (count(Client), count(AuditEntry)) == (1, 1)

    def test_one_in_the_bin_does_not_count(self) -> None:
        binned = make_client(phone=PHONE, deleted_at=utcnow())

        assert clients.find_or_create(name="Anna", phone=PHONE, actor=OLGA).id != binned.id

    @pytest.mark.parametrize(
        "phone", ["", "phone", "12345", "89161234567", "+7123", "+70000000000", "+7916123456789"]
    )
    def test_refuses_what_is_no_phone_and_leaves_no_trace(self, phone: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            clients.find_or_create(name="Anna", phone=phone, actor=OLGA)

        assert (refusal.value.code, refusal.value.field) == ("phone_invalid", "phone")
        assert (count(Client), count(AuditEntry)) == (0, 0)

    @pytest.mark.parametrize(("name", "code"), [(" \t", "name_missing"), ("A" * 121, "name_long")])
    def test_refuses_what_is_no_name(self, name: str, code: str) -> None:
        with pytest.raises(InvalidError) as refusal:
            clients.find_or_create(name=name, phone=PHONE, actor=OLGA)

        assert refusal.value.code == code
        assert count(Client) == 0

    def test_many_at_once_make_one(self, vertex_app: Flask) -> None:
        found: list[object] = []

        def ask() -> None:
            with vertex_app.app_context():
                found.append(clients.find_or_create(name="Anna", phone=PHONE, actor=OLGA).id)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (len(found), len(set(found))) == (6, 1)
        assert (count(Client), count(AuditEntry)) == (1, 1)


def test_get_does_not_look_into_the_bin() -> None:
    binned = make_client(deleted_at=utcnow())

    for client_id in (binned.id, uuid7()):
        with pytest.raises(NotFoundError):
            clients.get(client_id)


def test_finds_by_phone() -> None:
    client = make_client(phone=PHONE)

    found = clients.find_by_phone("+7 916 1234567")

    assert found is not None
    assert found.id == client.id
