"""`flask portraits erase` and `flask clients erase`."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests.factories import make_client, make_portrait, make_public_code
from vertex.cli.clients import clients_cli
from vertex.cli.portraits import portraits_cli
from vertex.extensions import db
from vertex.models import AuditEntry, Client, Portrait, utcnow


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    group, *rest = arguments
    cli = {"portraits": portraits_cli, "clients": clients_cli}[group]
    result = app.test_cli_runner().invoke(cli, rest, input=typed)
    db.session.rollback()
    return result


def left() -> list[int]:
    return [len(db.session.scalars(select(model)).all()) for model in (Portrait, Client)]


def test_a_portrait_is_named_by_its_code_and_asked_about(vertex_app: Flask) -> None:
    portrait = make_portrait(client_id=make_client(name="Anna").id)
    code = make_public_code(portrait_id=portrait.id).code

    refused = run(vertex_app, "portraits", "erase", code, typed="n\n")
    kept = left()
    done = run(vertex_app, "portraits", "erase", code.lower(), typed="y\n")
    again = run(vertex_app, "portraits", "erase", code, "--yes")

    assert (refused.exit_code, kept) == (1, [1, 1])
    assert "the portrait of Anna" in refused.output
    assert (done.exit_code, left()) == (0, [0, 1])
    assert again.exit_code == 1
    assert "The studio has removed what this code showed." in again.output


def test_one_in_the_bin_is_named_by_its_id(vertex_app: Flask) -> None:
    portrait = make_portrait(deleted_at=utcnow())

    assert run(vertex_app, "portraits", "erase", str(portrait.id), "--yes").exit_code == 0
    assert left() == [0, 1]


def test_a_client_is_named_by_phone(vertex_app: Flask) -> None:
    client = make_client(name="Anna", phone="+79161234567")
    make_portrait(client_id=client.id)

    refused = run(vertex_app, "clients", "erase", "+7 916 123-45-67", typed="n\n")
    kept = left()
    done = run(vertex_app, "clients", "erase", "+7 916 123-45-67", "--yes")

    assert (refused.exit_code, kept) == (1, [1, 1])
    assert (done.exit_code, left()) == (0, [0, 0])
    assert {entry.actor for entry in db.session.scalars(select(AuditEntry))} == {"cli"}


@pytest.mark.parametrize(
    ("group", "name"),
    [("portraits", "0000000000"), ("portraits", "?"), ("clients", "+79161234567")],
)
def test_what_is_not_there_is_refused_in_a_sentence(
    vertex_app: Flask, group: str, name: str
) -> None:
    result = run(vertex_app, group, "erase", name, "--yes")

    assert result.exit_code == 1
    assert result.output.startswith("Error: There is no")
