"""`flask users create`: an account, or a sentence that says why not."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_user
from vertex.extensions import db
from vertex.models import Role, User

ARGUMENTS = ["users", "create", "--username", "olga", "--email", "olga@example.com"]
PASSWORD = "correct horse battery"


def test_reads_the_password_from_standard_input(vertex_app: Flask) -> None:
    arguments = [*ARGUMENTS, "--role", "admin", "--password-stdin"]

    result = vertex_app.test_cli_runner().invoke(args=arguments, input=f"{PASSWORD}\n")

    assert (result.exit_code, result.stdout) == (0, "Created olga (admin).\n")
    assert db.session.scalars(select(User)).one().role is Role.ADMIN


def test_asks_for_the_password_twice_and_does_not_show_it(vertex_app: Flask) -> None:
    answers = f"{PASSWORD}\n{PASSWORD}\n"

    result = vertex_app.test_cli_runner().invoke(args=ARGUMENTS, input=answers)

    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert db.session.scalars(select(User)).one().role is Role.USER


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "A password has at least 12 characters."),
        ("", "A password has at least 12 characters."),
    ],
)
def test_says_what_is_wrong_with_a_password(
    vertex_app: Flask, password: str, sentence: str
) -> None:
    arguments = [*ARGUMENTS, "--password-stdin"]

    result = vertex_app.test_cli_runner().invoke(args=arguments, input=password)

    assert result.exit_code == 1
    assert result.stderr.endswith(f"Error: {sentence}\n")
    assert db.session.scalars(select(User)).all() == []


def test_refuses_a_taken_name_with_a_sentence(vertex_app: Flask) -> None:
    make_user(username="olga")
    arguments = [*ARGUMENTS, "--password-stdin"]

    result = vertex_app.test_cli_runner().invoke(args=arguments, input=PASSWORD)

    assert result.exit_code == 1
    assert "Error: There is already a user “olga”.\n" in result.stderr
