"""What comes in from a shell."""

from flask import Flask

from vertex.cli.ar import ar_cli
from vertex.cli.demo import demo
from vertex.cli.doctor import doctor
from vertex.cli.jobs import jobs_cli
from vertex.cli.portraits import portraits_cli
from vertex.cli.users import users_cli


def init_app(app: Flask) -> None:
    """Offer the commands."""
    for command in (ar_cli, demo, doctor, jobs_cli, portraits_cli, users_cli):
        app.cli.add_command(command)
