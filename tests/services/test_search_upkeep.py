"""SQLite's full-text index in one piece, whatever was written since."""

import pytest
from sqlalchemy import text

from tests.factories import make_client
from vertex.extensions import db
from vertex.services import client_lists, search_upkeep

pytestmark = pytest.mark.usefixtures("vertex_app")


def is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def pieces() -> int:
    query = text("SELECT count(DISTINCT segid) FROM client_search_idx")
    return int(db.session.execute(query).scalar_one())


def test_what_was_written_one_by_one_is_merged_and_found() -> None:
    for number in range(12):
        make_client(name=f"Anna {number}", notes="word " * number)
        db.session.commit()
    if is_sqlite():
        assert pieces() > 1

    search_upkeep.tidy()

    if is_sqlite():
        assert pieces() == 1
    found = client_lists.search("anna")
    assert sorted(client.name for client in found.clients) == sorted(
        f"Anna {number}" for number in range(12)
    )
    search_upkeep.tidy()  # of one piece there is nothing to merge


def test_postgresql_has_no_list_beside_its_index_that_every_search_reads() -> None:
    if is_sqlite():
        query = text("SELECT name FROM sqlite_master WHERE name LIKE '%_search'")
        assert len(db.session.scalars(query).all()) == 3
        return
    options = text("SELECT reloptions FROM pg_class WHERE relname LIKE 'ix_%_search'")
    assert db.session.scalars(options).all() == [["fastupdate=off"]] * 3
