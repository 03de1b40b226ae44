"""`flask users`: the people who sign in."""

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from vertex.cli._refusals import refusals_as_sentences
from vertex.models import Role
from vertex.services import accounts, sign_in
from vertex.services.audit import CLI
from vertex.web import first_start

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


@users_cli.command("password")
@click.option("--username", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(username: str, password_stdin: bool) -> None:
    """Set a new password, and sign the user out everywhere."""
    password = _read_password() if password_stdin else _ask_password()
    with refusals_as_sentences():
        user = accounts.get_by_name(username)
        accounts.set_password(user.id, password, actor=CLI)
    click.echo(f"{user.username} has a new password.")


@users_cli.command("unlock")
@click.option("--username", required=True)
def unlock(username: str) -> None:
    """Let somebody sign in again at once after too many wrong passwords."""
    with refusals_as_sentences():
        sign_in.unlock(username, actor=CLI)
    click.echo(f"{username} may sign in again.")


@users_cli.command("setup-link")
def setup_link() -> None:
    """Print where the first admin of an empty installation is made."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    address = first_start.link(app)
    click.echo(address or "There is an account already: sign in, or use `flask users create`.")


def _ask_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
