"""On PostgreSQL, who changes videos and who erases them take what they need in one order."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask

from tests.conftest import migrate
from tests.factories import OLGA, make_portrait, make_video
from tests.servers.postgres import Postgres
from vertex import create_app
from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.runtime import runtime
from vertex.services import erasure, video_order, videos
from vertex.settings import Settings

ROUNDS = 30
VIDEOS = 6


@pytest.fixture
def app(postgres: Postgres, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database of its own."""
    address = postgres.url(postgres.new_database())
    settings = Settings(instance=tmp_path, testing=True, database_url=address)
    migrate(settings)
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def at_once(app: Flask, *tasks: Callable[[], object]) -> None:
    """Do these in threads of their own that begin together; what is gone by then is no matter."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                task()
            except NotFoundError:
                db.session.rollback()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for done in [pool.submit(run, task) for task in tasks]:
            done.result()


def portrait_with_videos() -> tuple[UUID, list[UUID]]:
    portrait = make_portrait()
    return portrait.id, [
        make_video(portrait_id=portrait.id, active=n == 0).id for n in range(VIDEOS)
    ]


def test_those_who_erase_and_those_who_change(app: Flask) -> None:
    for _ in range(ROUNDS):
        with app.app_context():
            portrait_id, ids = portrait_with_videos()
            storage = runtime().storage
        at_once(
            app,
            partial(video_order.move, ids[-1], -1, actor=OLGA),
            partial(erasure.erase_portrait, portrait_id, actor=OLGA, storage=storage),
        )


def test_those_who_move_two_videos_to_the_bin(app: Flask) -> None:
    for _ in range(ROUNDS):
        with app.app_context():
            portrait_id, ids = portrait_with_videos()
        at_once(app, *(partial(videos.move_to_bin, one, actor=OLGA) for one in ids))
        with app.app_context():
            assert video_order.all_of(portrait_id) == []
