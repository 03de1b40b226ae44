"""A made-up studio of any size, the same for the same wish, row by row and id by id."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from random import Random
from typing import Any

from sqlalchemy import Table, insert, select, text
from sqlalchemy.exc import IntegrityError

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import Base, db
from vertex.models import AuditAction, Client, Order, Portrait, Recognisable
from vertex.services import (
    _seed_files,
    _seed_orders,
    _seed_people,
    _seed_portraits,
    _seed_visits,
    search_upkeep,
)
from vertex.services._files import new_files
from vertex.services._seed_chance import Calendar
from vertex.services._seed_people import recorded
from vertex.services._transaction import atomic
from vertex.storage import Storage

DAYS = 2200  # the age of the studio
MOST = 10**8

_BATCH = 5000
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """How large the studio is; `seed` and the `day` that is its last decide everything else."""

    clients: int = 100_000
    orders: int = 200_000
    portraits: int = 200_000
    visits: int = 2_000_000
    seed: int = 1
    day: date = date(2026, 1, 1)

    def check(self) -> None:
        """Raise InvalidError if there can be no such studio."""
        counts = (self.clients, self.orders, self.portraits, self.visits)
        if not all(0 <= count <= MOST for count in counts):
            raise InvalidError("seed_counts", most=MOST)
        if any(more and not less for less, more in pairwise(counts)):
            raise InvalidError("seed_of_nothing")

    def chance(self, about: str) -> Random:
        """Return chance of its own for each kind of row, so that one does not disturb another."""
        return Random(f"{self.seed} {about}")  # noqa: S311 - repeatable on purpose


def fill(
    wish: Wish,
    *,
    storage: Storage,
    in_use: bool = False,
    tell: Callable[[str, int], object] = lambda table, count: None,
) -> None:
    """Store such a studio; ConflictError where there is work already, unless it is `in_use`.

    `tell` is told of each batch: the table, and how many rows of it there are by now.
    """
    wish.check()
    if not in_use and any_work():
        raise ConflictError("seed_in_use")
    with new_files(storage) as files:
        shared = _seed_files.store(files)
        try:
            # beside other work all of it is stored, or nothing
            with atomic() if in_use else nullcontext():
                prefix = f"S{wish.seed}-" if in_use else ""
                _Filling(wish, shared, tell, prefix).run()
            with atomic():
                files.settle()
        except IntegrityError:
            raise ConflictError("seed_again") from None


def any_work() -> bool:
    """Tell whether there are clients, orders or portraits, be they in the bin."""
    kinds = (Client.id, Order.id, Portrait.id)
    return any(db.session.scalar(select(kind).limit(1)) is not None for kind in kinds)


class _Filling:
    def __init__(
        self,
        wish: Wish,
        shared: _seed_files.Shared,
        tell: Callable[[str, int], object],
        prefix: str,
    ) -> None:
        self._prefix = prefix
        self._wish, self._shared, self._tell = wish, shared, tell
        self._calendar = Calendar(wish.day, DAYS)
        self._codes = _seed_portraits.Codes(wish.chance("codes"))
        self._told: dict[str, int] = {}

    def run(self) -> None:
        """Store everything, a batch at a time."""
        wish, calendar = self._wish, self._calendar
        staff = _seed_people.staff(calendar, wish.chance("staff"), wish.seed)
        self._store(users=staff)
        picked = _seed_orders.pick_clients(wish.orders, wish.clients, wish.chance("picked"))
        ordering = {client for _share, client in picked}
        rows = _seed_people.clients(
            wish.clients, calendar, wish.chance("clients"), ordering=ordering
        )
        actors = [f"user:{person['id']}" for person in staff]
        clients = [row["id"] for row in self._clients(rows, actors[0])]
        people = [person["id"] for person in staff]
        chance = wish.chance("orders")
        found = _seed_orders.orders(picked, clients, people, calendar, chance, prefix=self._prefix)
        orders = [
            _seed_portraits.Placed(
                row["id"], row["client_id"], row["created_at"], row["deleted_at"]
            )
            for row in self._orders(found, actors)
        ]
        shown = sorted(self._portraits(orders, actors), key=lambda portrait: portrait.when)
        visits = _seed_visits.visits(
            wish.visits, shown, Calendar(wish.day, _seed_visits.DAYS), wish.chance("visits")
        )
        for batch in _batches(visits):
            self._store(visits=batch)
        with atomic():
            if db.session.get_bind().dialect.name == "postgresql":
                # which knows how to ask a table only by what it has counted in it
                db.session.execute(text("ANALYZE"))
        search_upkeep.tidy(few=1)

    def _clients(self, rows: Iterator[_Row], actor: str) -> Iterator[_Row]:
        for batch in _batches(rows):
            action = AuditAction.CLIENT_CREATED
            record = [recorded(row, action, f"client:{row['id']}", actor) for row in batch]
            self._store(clients=batch, audit_entries=record)
            yield from batch

    def _orders(self, rows: Iterator[_Row], actors: list[str]) -> Iterator[_Row]:
        chance = self._wish.chance("order codes")
        for batch in _batches(rows):
            action = AuditAction.ORDER_CREATED
            record = [
                recorded(row, action, f"order:{row['id']}", chance.choice(actors)) for row in batch
            ]
            codes = [_seed_portraits.code_of(row, self._codes, chance, album=True) for row in batch]
            self._store(orders=batch, public_codes=codes, audit_entries=record)
            yield from batch

    def _portraits(
        self, orders: list[_seed_portraits.Placed], actors: list[str]
    ) -> Iterator[_seed_visits.Shown]:
        wish, chance = self._wish, self._wish.chance("around portraits")
        rows = _seed_portraits.portraits(
            wish.portraits, orders, self._shared, wish.chance("portraits")
        )
        action = AuditAction.PORTRAIT_CREATED
        for batch in _batches(rows):
            codes = [
                _seed_portraits.code_of(row, self._codes, chance, album=False) for row in batch
            ]
            videos = [_seed_portraits.video_of(row, self._shared, chance) for row in batch]
            jobs = [_seed_portraits.job_of(row, self._calendar, chance) for row in batch]
            record = [
                recorded(row, action, f"portrait:{row['id']}", chance.choice(actors))
                for row in batch
            ]
            self._store(
                portraits=batch,
                public_codes=codes,
                videos=[row for row in videos if row is not None],
                jobs=[row for row in jobs if row is not None],
                audit_entries=record,
            )
            yield from map(_shown, batch, codes)

    def _store(self, **rows: list[_Row]) -> None:
        """Store rows by table, in this order, all of them or none."""
        with atomic():
            for name, some in rows.items():
                if some:
                    db.session.execute(insert(_table(name)), some)
        for name, some in rows.items():
            self._told[name] = self._told.get(name, 0) + len(some)
            self._tell(name, self._told[name])


def _shown(portrait: _Row, code: _Row) -> _seed_visits.Shown:
    return _seed_visits.Shown(
        portrait["id"],
        portrait["order_id"],
        code["id"],
        portrait["created_at"],
        portrait["recognisable"] is Recognisable.YES,
    )


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield batch
