"""Portraits in the list and in the bin: moved there, put back, shown page by page."""

from itertools import chain
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.event import listen, remove

from tests.factories import OLGA, make_client, make_portrait
from vertex.errors import ConflictError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Job, Portrait, PortraitStatus, utcnow, uuid7
from vertex.services import clients, portraits

pytestmark = pytest.mark.usefixtures("vertex_app")


def entries() -> list[AuditAction]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def jobs() -> int:
    return db.session.scalar(select(func.count(Job.id))) or 0


def pages(*, client_id: UUID | None = None, binned: bool = False) -> list[list[UUID]]:
    """The ids of all pages of a list, one after the other."""
    page = portraits.latest(client_id=client_id, binned=binned)
    found = [[portrait.id for portrait in page.portraits]]
    while page.after is not None:
        page = portraits.latest(client_id=client_id, binned=binned, after=page.after)
        found.append([portrait.id for portrait in page.portraits])
    return found


class TestLatest:
    def test_is_empty_where_there_is_nothing(self) -> None:
        page = portraits.latest()

        assert (list(page.portraits), page.after) == ([], None)

    def test_gives_each_once_the_newest_first(self) -> None:
        client = make_client()
        made = [make_portrait(client_id=client.id).id for _ in range(55)]

        found = pages()

        assert [len(page) for page in found] == [24, 24, 7]
        assert list(chain.from_iterable(found)) == made[::-1]

    @pytest.mark.parametrize(("number", "more"), [(24, False), (25, True)])
    def test_leads_on_only_if_there_is_more(self, number: int, more: bool) -> None:
        client = make_client()
        for _ in range(number):
            make_portrait(client_id=client.id)

        page = portraits.latest()

        assert len(page.portraits) == 24
        assert (page.after is not None) is more

    def test_is_of_one_client_if_asked(self) -> None:
        anna, boris = make_client(), make_client()
        annas = [make_portrait(client_id=anna.id).id for _ in range(26)]
        for _ in range(3):
            make_portrait(client_id=boris.id)

        found = pages(client_id=anna.id)

        assert list(chain.from_iterable(found)) == annas[::-1]
        assert pages(client_id=uuid7()) == [[]]

    def test_is_either_of_the_bin_or_of_the_rest(self) -> None:
        client = make_client()
        live = [make_portrait(client_id=client.id).id for _ in range(3)]
        binned = [make_portrait(client_id=client.id, deleted_at=utcnow()).id for _ in range(26)]

        assert pages() == pages(client_id=client.id) == [live[::-1]]
        assert list(chain.from_iterable(pages(binned=True))) == binned[::-1]
        assert portraits.count() == 3

    def test_brings_the_clients_with_it(self) -> None:
        for n in range(5):
            make_portrait(client_id=make_client(name=f"Anna {n}").id)
        db.session.expire_all()
        asked: list[str] = []

        def note(*given: object) -> None:
            asked.append(str(given[2]))

        listen(db.engine, "before_cursor_execute", note)
        names = [portrait.client.name for portrait in portraits.latest().portraits]
        remove(db.engine, "before_cursor_execute", note)

        assert names == [f"Anna {n}" for n in (4, 3, 2, 1, 0)]
        assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


class TestMoveToBin:
    def test_is_recorded_once(self) -> None:
        portrait = make_portrait()

        for _ in range(2):
            portraits.move_to_bin(portrait.id, actor=OLGA)

        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.actor) == (AuditAction.PORTRAIT_BINNED, "user:olga")
        assert entry.subject == f"portrait:{portrait.id}"

    def test_hides_it_where_the_bin_is_not_meant(self) -> None:
        portrait = make_portrait()

        portraits.move_to_bin(portrait.id, actor=OLGA)

        with pytest.raises(NotFoundError):
            portraits.get(portrait.id)
        assert portraits.get_even_binned(portrait.id).deleted_at is not None
        assert (pages(), pages(binned=True)) == ([[]], [[portrait.id]])

    def test_leaves_when_it_was_first_moved(self) -> None:
        portrait = make_portrait()
        first = portraits.move_to_bin(portrait.id, actor=OLGA).deleted_at

        assert portraits.move_to_bin(portrait.id, actor=OLGA).deleted_at == first

    def test_leaves_its_files_and_marker(self) -> None:
        portrait = make_portrait()
        before = (portrait.image_key, portrait.marker_key, portrait.status)

        portraits.move_to_bin(portrait.id, actor=OLGA)

        assert (portrait.image_key, portrait.marker_key, portrait.status) == before

    def test_of_none_is_refused(self) -> None:
        for change in (portraits.move_to_bin, portraits.restore):
            with pytest.raises(NotFoundError):
                change(uuid7(), actor=OLGA)
        with pytest.raises(NotFoundError):
            portraits.get_even_binned(uuid7())


class TestRestore:
    def test_is_recorded_once(self) -> None:
        portrait = make_portrait(deleted_at=utcnow())

        for _ in range(2):
            portraits.restore(portrait.id, actor=OLGA)

        entry = db.session.scalars(select(AuditEntry)).one()
        assert portraits.get(portrait.id).id == portrait.id
        assert (entry.action, entry.actor) == (AuditAction.PORTRAIT_RESTORED, "user:olga")
        assert entry.subject == f"portrait:{portrait.id}"

    def test_of_one_that_is_not_in_the_bin_changes_nothing(self) -> None:
        portrait = make_portrait(status=PortraitStatus.PROCESSING)

        portraits.restore(portrait.id, actor=OLGA)

        assert (entries(), jobs()) == ([], 0)

    @pytest.mark.parametrize("status", [PortraitStatus.READY, PortraitStatus.FAILED])
    def test_of_one_whose_marker_was_judged_makes_no_job(self, status: PortraitStatus) -> None:
        portrait = make_portrait(status=status, deleted_at=utcnow())

        portraits.restore(portrait.id, actor=OLGA)

        assert jobs() == 0

    def test_of_one_without_marker_has_it_made(self) -> None:
        portrait = make_portrait(status=PortraitStatus.PROCESSING, deleted_at=utcnow())

        portraits.restore(portrait.id, actor=OLGA)

        job = db.session.scalars(select(Job)).one()
        assert (job.kind, job.subject) == ("marker.build", f"portrait:{portrait.id}")
        assert job.arguments == {"portrait_id": str(portrait.id)}

    def test_is_refused_while_the_client_is_in_the_bin(self) -> None:
        client = make_client(name="Anna", deleted_at=utcnow())
        portrait = make_portrait(
            client_id=client.id, status=PortraitStatus.PROCESSING, deleted_at=utcnow()
        )

        with pytest.raises(ConflictError) as refusal:
            portraits.restore(portrait.id, actor=OLGA)

        assert (refusal.value.code, refusal.value.params) == ("client_in_bin", {"name": "Anna"})
        assert db.session.get_one(Portrait, portrait.id).deleted_at is not None
        assert (entries(), jobs()) == ([], 0)

    def test_is_done_once_the_client_was_put_back(self) -> None:
        client = make_client()
        portrait = make_portrait(client_id=client.id)
        portraits.move_to_bin(portrait.id, actor=OLGA)
        clients.move_to_bin(client.id, actor=OLGA)

        clients.restore(client.id, actor=OLGA)
        portraits.restore(portrait.id, actor=OLGA)

        assert portraits.get(portrait.id).client.deleted_at is None
        assert entries() == [
            AuditAction.PORTRAIT_BINNED,
            AuditAction.CLIENT_BINNED,
            AuditAction.CLIENT_RESTORED,
            AuditAction.PORTRAIT_RESTORED,
        ]
