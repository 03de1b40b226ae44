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

    search_upkeep.tidy(few=1)

    if is_sqlite():
        assert pieces() == 1
    found = client_lists.search("anna")
    assert sorted(client.name for client in found.clients) == sorted(
        f"Anna {number}" for number in range(12)
    )
    search_upkeep.tidy(few=1)  # of one piece there is nothing to merge


def test_a_few_pieces_are_left_as_they_are() -> None:
    for number in range(3):
        make_client(name=f"Anna {number}")
        db.session.commit()

    before = pieces() if is_sqlite() else 0
    search_upkeep.tidy()

    if is_sqlite():
        assert 1 < before <= 3 and pieces() == before
    assert len(client_lists.search("anna").clients) == 3
