"""`flask users`: the people who sign in."""

import sys

import click
from flask.cli import AppGroup

from vertex.cli._refusals import refusals_as_sentences
from vertex.models import Role
from vertex.services import accounts
from vertex.services.audit import CLI

users_cli = AppGroup("users", help="Manage the people who sign in.")


@users_cli.command("create")
@click.option("--username", required=True)
@click.option("--email", required=True)
@click.option("--full-name", default="")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.USER.value)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(username: str, email: str, full_name: str, role: str, password_stdin: bool) -> None:
    """Create an account; asks for its password."""
    password = _read_password() if password_stdin else _ask_password()
    with refusals_as_sentences():
        user = accounts.create(
            username=username,
            email=email,
            full_name=full_name,
            password=password,
            role=Role(role),
            actor=CLI,
        )
    click.echo(f"Created {user.username} ({user.role}).")


def _ask_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
