"""The record: what it tells of a subject, in which order, and who did it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.event import listen, remove

from tests.factories import OLGA, make_user
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, utcnow, uuid7
from vertex.services import audit
from vertex.services._transaction import atomic
from vertex.services.audit import CLI, SYSTEM, Actor

pytestmark = pytest.mark.usefixtures("vertex_app")

CREATED, EDITED, BINNED = (
    AuditAction.CLIENT_CREATED,
    AuditAction.CLIENT_EDITED,
    AuditAction.CLIENT_BINNED,
)


def record(
    action: AuditAction = EDITED, subject: str = "client:anna", actor: Actor = OLGA
) -> AuditEntry:
    return audit.record(actor, action, subject)


class TestRecord:
    def test_keeps_who_acted_and_from_where(self) -> None:
        entry = audit.record(OLGA, CREATED, "client:anna", {"fields": ["phone"]})

        assert (entry.actor, entry.ip, entry.request_id) == (
            "user:olga",
            "192.0.2.7",
            "olgas-request",
        )
        assert (entry.subject, entry.details) == ("client:anna", {"fields": ["phone"]})

    def test_is_gone_with_the_change_that_failed(self) -> None:
        with pytest.raises(ZeroDivisionError), atomic():
            record()
            raise ZeroDivisionError

        assert audit.timeline("client:anna") == []


class TestTimeline:
    def test_is_empty_where_nothing_happened(self) -> None:
        record()

        assert audit.timeline("client:boris") == audit.timeline() == []

    def test_tells_the_newest_first(self) -> None:
        for action in (CREATED, EDITED, BINNED):
            record(action)

        events = audit.timeline("client:anna")

        assert [event.entry.action for event in events] == [BINNED, EDITED, CREATED]

    def test_tells_of_the_subjects_asked_for_together(self) -> None:
        first = record(subject="client:anna")
        record(subject="client:an")
        record(subject="client:anna2")
        second = record(subject="portrait:1")

        events = audit.timeline("client:anna", "portrait:1")

        assert [event.entry.id for event in events] == [second.id, first.id]

    def test_tells_no_more_than_asked_for(self) -> None:
        entries = [record() for _ in range(60)]

        assert len(audit.timeline("client:anna")) == 50
        newest = audit.timeline("client:anna", limit=2)
        assert [event.entry.id for event in newest] == [entries[59].id, entries[58].id]

    def test_names_people_as_they_are_called(self) -> None:
        olga = make_user(username="olga", full_name="Ольга Романова")
        pavel = make_user(username="pavel", full_name="")
        for user in (olga, pavel):
            record(actor=Actor(audit.actor_of(user.id)))

        names = [event.who for event in audit.timeline("client:anna")]

        assert names == ["pavel", "Ольга Романова"]

    def test_names_people_who_are_gone(self) -> None:
        gone = make_user(full_name="Olga", active=False, deleted_at=utcnow())
        record(actor=Actor(audit.actor_of(gone.id)))

        assert [event.who for event in audit.timeline("client:anna")] == ["Olga"]

    @pytest.mark.parametrize(
        "actor",
        [
            CLI,
            SYSTEM,
            Actor("setup"),
            Actor("user:"),
            Actor("user:olga"),
            Actor(audit.actor_of(uuid7())),
            Actor(f"robot:{uuid7()}"),
        ],
        ids=lambda actor: actor.name[:12],
    )
    def test_has_no_name_for_what_is_no_person(self, actor: Actor) -> None:
        record(actor=actor)

        assert [event.who for event in audit.timeline("client:anna")] == [None]

    def test_asks_the_database_as_often_for_many_people_as_for_one(self) -> None:
        for _ in range(5):
            record(actor=Actor(audit.actor_of(make_user().id)))
        asked: list[str] = []

        def note(*given: object) -> None:
            asked.append(str(given[2]))

        listen(db.engine, "before_cursor_execute", note)
        events = audit.timeline("client:anna")
        remove(db.engine, "before_cursor_execute", note)

        assert len({event.who for event in events}) == 5
        assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1

    def test_tells_when(self) -> None:
        record()

        happened = audit.timeline("client:anna")[0].entry.created_at

        assert happened.tzinfo is UTC
        assert abs((datetime.now(UTC) - happened).total_seconds()) < 60
