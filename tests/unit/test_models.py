"""What every row relies on: ids in order of time, and times in UTC."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from tests.factories import make_client, make_job, make_portrait, make_video
from vertex.extensions import db
from vertex.models import Client, JobState, Portrait, Row, Video, utcnow, uuid7
from vertex.services._transaction import atomic


class TestIds:
    def test_are_of_version_7_and_of_our_variant(self) -> None:
        made = uuid7()

        assert (made.version, made.variant) == (7, "specified in RFC 4122")

    def test_say_when_they_were_made(self) -> None:
        before = time.time_ns() // 1_000_000

        assert before <= uuid7().int >> 80 <= time.time_ns() // 1_000_000

    def test_sort_by_time_even_within_a_millisecond(self) -> None:
        ids = []
        for _ in range(50):
            ids.append(uuid7())
            time.sleep(1e-5)

        assert ids == sorted(ids)
        assert len(set(ids)) == len(ids)


@pytest.mark.usefixtures("vertex_app")
class TestTimes:
    def test_come_back_aware_and_in_utc(self) -> None:
        moscow = datetime(2026, 11, 22, 15, tzinfo=timezone(timedelta(hours=3)))
        video = make_video(plays_from=moscow)
        db.session.expire_all()

        assert video.plays_from == moscow
        assert video.plays_from.tzinfo is UTC

    def test_without_a_zone_are_refused(self) -> None:
        with pytest.raises(StatementError, match="without its zone"):
            make_video(plays_from=datetime(2026, 11, 22, 15))
        db.session.rollback()

    def test_of_a_change_are_kept(self) -> None:
        client = make_client()
        made = client.updated_at

        client.name = "Anna"
        db.session.commit()

        assert client.created_at <= made < client.updated_at <= utcnow()


@pytest.mark.usefixtures("vertex_app")
class TestTables:
    def test_each_has_an_id_and_its_times(self) -> None:
        wanted = {"id", "created_at", "updated_at"}

        without = {
            t.name for t in Row.metadata.sorted_tables if not wanted <= set(t.columns.keys())
        }

        assert without == {"visit_hours"}  # sums, kept by triggers

    def test_a_choice_is_stored_as_its_value(self) -> None:
        make_job(state=JobState.RUNNING)

        assert db.session.scalar(text("SELECT state FROM jobs")) == "running"

    def test_a_phone_is_unique_among_the_live(self) -> None:
        make_client(phone="+79990000001", deleted_at=utcnow())
        make_client(phone="+79990000001")

        with pytest.raises(IntegrityError):
            make_client(phone="+79990000001")
        db.session.rollback()

    def test_a_portrait_has_one_active_video_at_most(self) -> None:
        portrait = make_portrait()
        make_video(portrait_id=portrait.id, deleted_at=utcnow())
        make_video(portrait_id=portrait.id, active=False)
        make_video(portrait_id=portrait.id)

        with pytest.raises(IntegrityError):
            make_video(portrait_id=portrait.id)
        db.session.rollback()

    def test_a_portrait_counts_its_videos_but_for_those_in_the_bin(self) -> None:
        one, other = make_portrait(), make_portrait()
        first = make_video(portrait_id=one.id, active=False)
        binned = make_video(portrait_id=one.id, active=False, deleted_at=utcnow())
        gone, back = {"deleted_at": utcnow()}, {"deleted_at": None}
        changed = update(Video).where(Video.id == first.id)

        counts = []
        for change in (
            changed.values(width=7),
            changed.values(gone),
            changed.values(gone),
            changed.values(back),
            changed.values(portrait_id=other.id),
            changed.values(portrait_id=one.id, **gone),
            changed.values(portrait_id=other.id, **back),
            delete(Video).where(Video.id == binned.id),
            delete(Video),
        ):
            with atomic():
                db.session.execute(change)
            numbers = select(Portrait.video_count).order_by(Portrait.id)
            counts.append(tuple(db.session.scalars(numbers)))

        assert counts == [
            (1, 0), (0, 0), (0, 0), (1, 0), (0, 1), (0, 0), (0, 1), (0, 1), (0, 0),
        ]  # fmt: skip

    def test_a_row_cannot_lose_the_one_it_belongs_to(self) -> None:
        portrait = make_portrait()

        with pytest.raises(IntegrityError):
            db.session.execute(
                Client.__table__.delete().where(Client.id == portrait.client_id)  # type: ignore[attr-defined]
            )
        db.session.rollback()


def test_sqlite_is_set_up_to_survive_and_to_wait(vertex_app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return

    pragmas = {
        name: db.session.scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }
