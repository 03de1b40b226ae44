"""A database that is lost at the COMMIT: no row names what is gone, no file stays for none."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import MakeApp
from tests.factories import OLGA, make_client
from tests.servers.cutting import breaking_line
from tests.servers.postgres import Postgres
from tests.services.intake_parts import files_of, good_picture
from vertex.extensions import db
from vertex.models import Portrait, utcnow
from vertex.runtime import runtime
from vertex.services import loose_files, media_files, portraits
from vertex.services._transaction import UnknownOutcomeError


@pytest.mark.parametrize("arrives", [True, False], ids=["stored", "not-stored"])
def test_files_go_with_their_row(
    arrives: bool, make_app: MakeApp, postgres: Postgres, migrated_postgresql: str
) -> None:
    name = postgres.new_database(migrated_postgresql)
    with breaking_line(postgres.port, word=b"INSERT INTO portraits", passing_on=arrives) as line:
        url = postgres.url(name).replace(str(postgres.port), str(line.port))
        app = make_app(database_url=url)
        with app.app_context():
            lose_the_answer(app)
            assert line.cut.is_set()

            rows = db.session.scalars(select(Portrait)).all()
            kept = files_of(app)
            troubles = list(media_files.verify(runtime().storage))
            db.session.rollback()
            loose_files.drop_due(runtime().storage, utcnow() + loose_files.HELD * 2)
            left = files_of(app)

    assert len(rows) == arrives
    assert len(kept) == 2  # nobody knew: nothing was removed at once
    assert troubles == []
    assert left == (kept if arrives else [])


def lose_the_answer(app: Flask) -> None:
    """Upload a portrait whose row is stored, or not, without anybody being told."""
    owner = make_client().id
    with pytest.raises(UnknownOutcomeError):
        portraits.create(
            client_id=owner,
            image=good_picture(),
            filename="a.jpg",
            actor=OLGA,
            storage=runtime().storage,
        )
