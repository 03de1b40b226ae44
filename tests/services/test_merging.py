"""Two entries of one client become one, and two again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import OLGA, make_client, make_order, make_portrait
from vertex.errors import ConflictError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Client, ConsentBy, Order, Portrait, utcnow
from vertex.services import client_lists, clients, consents, merging
from vertex.services._transaction import atomic
from vertex.services.clients import Details
from vertex.services.consents import Consent

pytestmark = pytest.mark.usefixtures("vertex_app")


def owner_of(row: Order | Portrait) -> object:
    db.session.expire_all()
    return row.client_id


def fresh(client: Client) -> Client:
    db.session.rollback()
    return db.session.get_one(Client, client.id)


def test_all_orders_and_portraits_pass_to_the_one_that_stays() -> None:
    kept, gone = make_client(), make_client()
    order = make_order(client_id=gone.id)
    portrait = make_portrait(client_id=gone.id, order_id=order.id)
    binned = make_portrait(client_id=gone.id, deleted_at=utcnow())
    own = make_order(client_id=kept.id)

    merging.merge(kept.id, gone.id, actor=OLGA)

    assert {owner_of(row) for row in (order, portrait, binned, own)} == {kept.id}
    with pytest.raises(NotFoundError):
        clients.get(gone.id)
    subjects = db.session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == AuditAction.CLIENTS_MERGED)
    )
    assert set(subjects) == {clients.subject_of(kept.id), clients.subject_of(gone.id)}


def test_what_the_one_that_stays_does_not_say_is_taken_over() -> None:
    kept = make_client(name="Анна", notes="a wedding")
    gone = make_client(
        name="Ms Anna", phone="+79161234567", email="anna@example.com", notes="likes tea",
        consent_by=ConsentBy.SELF, consent_on=date(2026, 1, 2),
    )  # fmt: skip

    merging.merge(kept.id, gone.id, actor=OLGA)

    after = fresh(kept)
    assert after.email == "anna@example.com"
    assert after.notes == "a wedding\nMs Anna +79161234567\nlikes tea"
    assert consents.of_client(after) == Consent(ConsentBy.SELF, date(2026, 1, 2))
    assert [found.id for found in client_lists.search("9161234567").clients] == [kept.id]


def test_what_the_one_that_stays_says_is_kept() -> None:
    kept = make_client(email="own@example.com", consent_by=ConsentBy.SELF,
                       consent_on=date(2025, 1, 1))  # fmt: skip
    gone = make_client(email="other@example.com", consent_by=ConsentBy.SELF,
                       consent_on=date(2026, 1, 2))  # fmt: skip

    merging.merge(kept.id, gone.id, actor=OLGA)

    assert fresh(kept).email == "own@example.com"
    assert fresh(kept).consent_on == date(2025, 1, 1)


def test_undone_each_has_what_was_theirs() -> None:
    kept, gone = make_client(notes="own"), make_client(email="anna@example.com")
    theirs, own = make_order(client_id=gone.id), make_order(client_id=kept.id)

    row = merging.merge(kept.id, gone.id, actor=OLGA)
    later = make_order(client_id=kept.id)
    merging.undo(row.id, actor=OLGA)
    merging.undo(row.id, actor=OLGA)  # twice is once

    assert (owner_of(theirs), owner_of(own), owner_of(later)) == (gone.id, kept.id, kept.id)
    assert clients.get(gone.id).email == "anna@example.com"
    assert (fresh(kept).email, fresh(kept).notes) == (None, "own")


def test_undone_what_somebody_changed_since_stays() -> None:
    kept, gone = make_client(name="Anna"), make_client()
    row = merging.merge(kept.id, gone.id, actor=OLGA)
    details = Details("Anna", fresh(kept).phone, "new@example.com", "new notes")
    clients.edit(kept.id, details, version=fresh(kept).version, actor=OLGA)

    merging.undo(row.id, actor=OLGA)

    assert (fresh(kept).email, fresh(kept).notes) == ("new@example.com", "new notes")


def test_undone_an_order_takes_all_its_portraits_along() -> None:
    kept, gone = make_client(), make_client()
    theirs, own = make_order(client_id=gone.id), make_order(client_id=kept.id)
    moved_on = make_portrait(client_id=gone.id)
    alone = make_portrait(client_id=gone.id)
    row = merging.merge(kept.id, gone.id, actor=OLGA)
    added = make_portrait(client_id=kept.id, order_id=theirs.id)
    with atomic():
        db.session.get_one(Portrait, moved_on.id).order_id = own.id

    merging.undo(row.id, actor=OLGA)

    assert {owner_of(one) for one in (theirs, added, alone)} == {gone.id}
    assert {owner_of(one) for one in (own, moved_on)} == {kept.id}


def test_what_was_merged_on_is_parted_from_the_last_backwards() -> None:
    first, second, third = make_client(), make_client(), make_client()
    order = make_order(client_id=first.id)
    row = merging.merge(second.id, first.id, actor=OLGA)
    later = merging.merge(third.id, second.id, actor=OLGA)

    with pytest.raises(NotFoundError):
        merging.undo(row.id, actor=OLGA)
    assert owner_of(order) == third.id
    merging.undo(later.id, actor=OLGA)
    merging.undo(row.id, actor=OLGA)

    assert owner_of(order) == first.id


def test_notes_that_are_too_long_for_one_are_not_cut() -> None:
    kept, gone = make_client(notes="a" * 3000), make_client(notes="b" * 3000)

    with pytest.raises(InvalidError, match="notes_long"):
        merging.merge(kept.id, gone.id, actor=OLGA)

    assert clients.get(gone.id).notes == "b" * 3000


def test_undo_is_refused_whole_when_the_phone_is_anothers_meanwhile() -> None:
    kept, gone = make_client(), make_client(phone="+79161234567")
    order = make_order(client_id=gone.id)
    row = merging.merge(kept.id, gone.id, actor=OLGA)
    make_client(name="Boris", phone="+79161234567")

    with pytest.raises(ConflictError) as refused:
        merging.undo(row.id, actor=OLGA)

    assert refused.value.params == {"phone": "+79161234567", "name": "Boris"}
    assert owner_of(order) == kept.id


def test_nobody_is_merged_with_themselves_or_with_the_bin() -> None:
    client, binned = make_client(), make_client(deleted_at=utcnow())

    with pytest.raises(InvalidError, match="merge_with_oneself"):
        merging.merge(client.id, client.id, actor=OLGA)
    with pytest.raises(NotFoundError):
        merging.merge(client.id, binned.id, actor=OLGA)

    assert db.session.scalars(select(AuditEntry)).all() == []


def test_of_two_who_merge_the_same_pair_both_ways_one_succeeds(vertex_app: Flask) -> None:
    one, other = make_client().id, make_client().id

    def merge(pair: tuple[object, object]) -> bool:
        with vertex_app.app_context():
            try:
                merging.merge(*pair, actor=OLGA)  # type: ignore[arg-type]
            except NotFoundError:
                return False
            return True

    with ThreadPoolExecutor(2) as people:
        done = list(people.map(merge, [(one, other), (other, one)]))

    assert sorted(done) == [False, True]
    db.session.rollback()
    assert len(client_lists.search().clients) == 1


def test_namesakes_are_found_and_listed() -> None:
    anna, also = make_client(name="Анна Семёнова"), make_client(name="анна  семенова")
    make_client(name="Boris")
    make_client(name="Анна Семёнова", deleted_at=utcnow())

    assert [other.id for other in merging.namesakes(anna)] == [also.id]
    assert {found.id for found in client_lists.search(doubled=True).clients} == {anna.id, also.id}
