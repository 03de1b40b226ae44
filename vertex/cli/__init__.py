"""What comes in from a shell."""

from flask import Flask

from vertex.cli.ar import ar_cli
from vertex.cli.backups import backups_cli
from vertex.cli.clients import clients_cli
from vertex.cli.demo import demo
from vertex.cli.doctor import doctor
from vertex.cli.jobs import jobs_cli
from vertex.cli.mail import mail_cli
from vertex.cli.media import media_cli
from vertex.cli.orders import orders_cli
from vertex.cli.portraits import portraits_cli
from vertex.cli.seed import seed
from vertex.cli.static import static_cli
from vertex.cli.users import users_cli


def init_app(app: Flask) -> None:
    """Offer the commands."""
    groups = (
        ar_cli, backups_cli, clients_cli, jobs_cli, mail_cli, media_cli, orders_cli, portraits_cli,
        static_cli, users_cli,
    )  # fmt: skip
    for command in (demo, doctor, seed, *groups):
        app.cli.add_command(command)
