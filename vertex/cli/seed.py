"""`flask seed`: a made-up studio of any size, for trying and measuring."""

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from vertex.cli._refusals import refusals_as_sentences
from vertex.models import utcnow
from vertex.runtime import runtime
from vertex.services import seed as service

_ORDERS, _PORTRAITS, _VISITS = 2, 2, 20  # for each client


@click.command("seed")
@click.option("--clients", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--orders", type=click.IntRange(min=0), help="Two for each client, if not told.")
@click.option("--portraits", type=click.IntRange(min=0), help="Two for each client.")
@click.option("--visits", type=click.IntRange(min=0), help="Twenty for each client.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number: other rows.")
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The studio's last day; today, if not told. The same day and seed: the same rows.",
)
@click.option("--in-use", is_flag=True, help="Add them to a studio's own work.")
@with_appcontext
def seed(
    clients: int,
    orders: int | None,
    portraits: int | None,
    visits: int | None,
    seed: int,
    day: datetime | None,
    in_use: bool,
) -> None:
    """Fill an empty installation with a made-up studio."""
    wish = service.Wish(
        clients=clients,
        orders=clients * _ORDERS if orders is None else orders,
        portraits=clients * _PORTRAITS if portraits is None else portraits,
        visits=clients * _VISITS if visits is None else visits,
        seed=seed,
        day=day.date() if day else _today(),
    )
    told: dict[str, int] = {}

    def tell(table: str, count: int) -> None:
        told[table] = count
        if table == "visits" and count % 250_000 == 0:
            click.echo(f"{count} visits so far", err=True)

    with refusals_as_sentences():
        service.fill(wish, storage=runtime().storage, in_use=in_use, tell=tell)
    for table, count in told.items():
        click.echo(f"{table.replace('_', ' ')}: {count}")
    click.echo("All portraits share thirteen pictures and one film, stored once.")
    click.echo("Nobody of the staff has a password: flask users password --username seed-olga")


def _today() -> date:
    return utcnow().date()
