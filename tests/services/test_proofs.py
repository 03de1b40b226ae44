"""Proofs: made by the job with the real recogniser, of the marker a portrait has now."""

import io
from uuid import UUID

import pytest
import skimage.data
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from tests.factories import OLGA, make_client, make_order
from tests.media.samples import encoded
from tests.services.intake_parts import astronaut, files_of, good_picture, soft_picture
from vertex.extensions import db
from vertex.jobs import run_all, run_until_done
from vertex.models import (
    AuditAction,
    AuditEntry,
    Job,
    JobState,
    LookAlike,
    Notification,
    Portrait,
    Proof,
    utcnow,
)
from vertex.runtime import runtime_of
from vertex.services import (
    erasure,
    look_alikes,
    loose_files,
    markers,
    portrait_changes,
    portraits,
    proofs,
)
from vertex.services._files import DamagedFileError
from vertex.services._transaction import atomic
from vertex.services.proofs import PROOF_JOB
from vertex.storage import Storage


@pytest.fixture
def storage(vertex_app: Flask) -> Storage:
    return runtime_of(vertex_app).storage


def marked(storage: Storage, picture: io.BytesIO, **given: UUID | None) -> Portrait:
    """A portrait with its marker, not proved."""
    owner = {"client_id": make_client().id, **given}
    portrait = portraits.create(
        image=picture,
        filename="a.jpg",
        actor=OLGA,
        storage=storage,
        **owner,  # type: ignore[arg-type]
    )
    markers.build_for(portrait_id=portrait.id, storage=storage)
    return portraits.get(portrait.id)


def prove(storage: Storage, portrait: Portrait) -> list[float]:
    """Prove a portrait; how far it was told to be."""
    told: list[float] = []
    proofs.make(portrait_id=portrait.id, storage=storage, progress=told.append)
    return told


def proof_of(portrait: Portrait) -> Proof:
    proof = proofs.of_portrait(portrait.id)
    assert proof is not None
    return proof


def good() -> io.BytesIO:
    return io.BytesIO(good_picture().read())


class TestMake:
    def test_tells_how_well_the_print_will_be_recognised(self, storage: Storage) -> None:
        portrait = marked(storage, good())

        told = prove(storage, portrait)

        proof = proof_of(portrait)
        assert proof.looks == 100
        assert 30 <= proof.recognised <= 100
        assert proof.smallest_size is not None
        assert 0 < proof.smallest_size < 1
        assert proof.largest_angle is not None
        assert portraits.get(portrait.id).rating in range(2, 6)
        assert told == sorted(told)
        assert len(told) == 100
        with storage.open(str(proof.picture_key)) as file, Image.open(file) as picture:
            assert picture.format == "JPEG"
            assert picture.width / picture.height == pytest.approx(0.75, abs=0.01)
        assert str(proof.picture_key).startswith(f"previews/{portrait.id}/")

    def test_what_is_stored_is_named_by_a_row(self, vertex_app: Flask, storage: Storage) -> None:
        prove(storage, marked(storage, good()))

        named = {key.rpartition("/")[2] for key in loose_files.named_keys()}
        assert {path.name for path in files_of(vertex_app)} == named

    def test_may_run_twice(self, vertex_app: Flask, storage: Storage) -> None:
        portrait = marked(storage, good())
        prove(storage, portrait)
        files, row = files_of(vertex_app), proof_of(portrait).id

        assert prove(storage, portrait) == []

        assert proof_of(portrait).id == row
        assert files_of(vertex_app) == files
        made = select(AuditEntry).where(AuditEntry.action == AuditAction.PROOF_MADE)
        assert len(db.session.scalars(made).all()) == 1

    def test_a_picture_without_a_marker_gets_advice_alone(self, storage: Storage) -> None:
        portrait = marked(storage, io.BytesIO(soft_picture().read()))

        prove(storage, portrait)

        proof = proof_of(portrait)
        assert (proof.looks, proof.picture_key) == (0, None)
        assert portraits.get(portrait.id).rating is None
        assert "sharper" in {one["code"] for one in proof.advice}

    def test_what_waits_for_its_marker_is_left_alone(self, storage: Storage) -> None:
        portrait = portraits.create(
            client_id=make_client().id, image=good(), filename="a", actor=OLGA, storage=storage
        )

        prove(storage, portrait)

        assert proofs.of_portrait(portrait.id) is None

    def test_what_is_erased_while_its_job_waits_ends_quietly(self, storage: Storage) -> None:
        portrait = marked(storage, good())
        gone = portrait.id
        erasure.erase_portrait(gone, actor=OLGA, storage=storage)

        proofs.make(portrait_id=gone, storage=storage, progress=lambda _fraction: None)
        look_alikes.compare(portrait_id=gone, storage=storage, progress=lambda _done, _of: None)

        assert proofs.of_portrait(gone) is None

    def test_a_damaged_marker_is_not_proved(self, storage: Storage) -> None:
        portrait = marked(storage, good())
        key = str(portrait.marker_key)
        storage.put(key, io.BytesIO(b"rot"), content_type="application/octet-stream")

        with pytest.raises(DamagedFileError):
            prove(storage, portrait)

        assert proofs.of_portrait(portrait.id) is None

    def test_another_marker_meanwhile_leaves_nothing(
        self, vertex_app: Flask, storage: Storage
    ) -> None:
        portrait = marked(storage, good())
        files = files_of(vertex_app)

        def change(_fraction: float) -> None:
            with atomic():
                other = {"marker_key": "markers/x/y.vxm"}
                db.session.execute(update(Portrait).values(**other))

        proofs.make(portrait_id=portrait.id, storage=storage, progress=change)

        assert proofs.of_portrait(portrait.id) is None
        assert portraits.get(portrait.id).rating is None
        assert files_of(vertex_app) == files


class TestJobs:
    def test_a_marker_brings_its_proof_after_a_while(
        self, vertex_app: Flask, storage: Storage
    ) -> None:
        portrait = marked(storage, good())

        job = db.session.scalars(select(Job).where(Job.kind == PROOF_JOB)).one()
        assert job.state is JobState.QUEUED
        assert job.run_at > utcnow()
        marker = db.session.scalars(select(Job).where(Job.kind == portraits.MARKER_JOB)).one()
        assert job.priority > marker.priority
        run_until_done(vertex_app, job.subject, but=(PROOF_JOB,))
        assert portraits.get(portrait.id).rating is None, "nobody waits for a proof"

        due = {"run_at": utcnow()}
        with atomic():
            db.session.execute(update(Job).where(Job.kind == PROOF_JOB).values(**due))
        run_all(vertex_app)

        db.session.rollback()
        assert portraits.get(portrait.id).rating is not None
        assert proofs.job_of(portrait.id).state is JobState.DONE  # type: ignore[union-attr]

    def test_another_marker_asks_for_another_proof(self, storage: Storage) -> None:
        portrait = marked(storage, good())
        prove(storage, portrait)
        with atomic():
            db.session.execute(update(Proof).values(proved="markers/old/old.vxm"))

        markers.remake(portrait_id=portrait.id, storage=storage)

        assert portraits.get(portrait.id).rating is None
        assert list(proofs.missing()) == [portrait.id]

    def test_the_same_marker_keeps_its_proof(self, storage: Storage) -> None:
        portrait = marked(storage, good())
        prove(storage, portrait)
        rating = portraits.get(portrait.id).rating

        markers.remake(portrait_id=portrait.id, storage=storage)

        assert portraits.get(portrait.id).rating == rating
        assert list(proofs.missing()) == []

    def test_asking_again_proves_again(self, storage: Storage) -> None:
        portrait = marked(storage, good())
        prove(storage, portrait)

        proofs.ask_again(portrait.id, actor=OLGA)

        assert list(proofs.missing()) == [portrait.id]
        assert len(prove(storage, portrait)) == 100
        assert list(proofs.missing()) == []

    def test_giving_up_is_recorded(self, storage: Storage) -> None:
        portrait = marked(storage, good())

        proofs.give_up_on(portrait.id)

        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == AuditAction.PROOF_FAILED)
        ).one()
        assert entry.subject == f"portrait:{portrait.id}"


class TestLookAlikes:
    @pytest.fixture
    def album(self, storage: Storage) -> list[Portrait]:
        """Two of an order that look alike, one that does not, and a copy in another order."""
        order = make_order()
        owner = {"client_id": order.client_id, "order_id": order.id}
        other = make_order(client_id=order.client_id)
        crop = io.BytesIO(encoded(astronaut().crop((10, 10, 290, 380)), quality=95))
        cup = io.BytesIO(coffee())
        return [
            marked(storage, good(), **owner),
            marked(storage, crop, **owner),
            marked(storage, cup, **owner),
            marked(storage, good(), client_id=order.client_id, order_id=other.id),
        ]

    def compare(self, storage: Storage, portrait: Portrait) -> None:
        look_alikes.compare(
            portrait_id=portrait.id, storage=storage, progress=lambda _done, _of: None
        )

    def alike(self, portrait: Portrait) -> list[UUID]:
        found = look_alikes.of_portrait(portraits.get(portrait.id))
        return [one.other_id for one in found]

    def test_are_told_of_both_and_once(self, storage: Storage, album: list[Portrait]) -> None:
        first, crop, cup, copy = album

        for portrait in (first, crop, cup, copy, first):
            self.compare(storage, portrait)

        assert self.alike(first) == [crop.id]
        assert self.alike(crop) == [first.id]
        assert self.alike(cup) == []
        assert self.alike(copy) == []
        assert len(db.session.scalars(select(LookAlike)).all()) == 2

    def test_of_a_portrait_that_comes_later(self, storage: Storage, album: list[Portrait]) -> None:
        first, _, _, copy = album
        self.compare(storage, first)

        portrait_changes.edit(copy.id, title="Copy", order_id=first.order_id, version=1, actor=OLGA)
        self.compare(storage, copy)

        assert copy.id in self.alike(first)

    def test_end_with_the_order_and_in_the_bin(
        self, storage: Storage, album: list[Portrait]
    ) -> None:
        first, crop, _, copy = album
        self.compare(storage, first)

        portraits.move_to_bin(crop.id, actor=OLGA)
        assert self.alike(first) == []
        portraits.restore(crop.id, actor=OLGA)
        assert self.alike(first) == [crop.id]
        portrait_changes.edit(crop.id, title="Crop", order_id=copy.order_id, version=1, actor=OLGA)
        assert self.alike(first) == []
        self.compare(storage, crop)
        assert self.alike(crop) == [copy.id]
        assert self.alike(first) == []

    def test_a_missing_file_of_another_one_is_passed_over(
        self, storage: Storage, album: list[Portrait]
    ) -> None:
        first, crop, cup, _ = album
        storage.delete(cup.preview_key)

        self.compare(storage, first)

        assert self.alike(first) == [crop.id]


@pytest.mark.usefixtures("olga")
def test_admins_are_told_of_look_alikes(storage: Storage) -> None:
    order = make_order()
    owner = {"client_id": order.client_id, "order_id": order.id}
    first, second = marked(storage, good(), **owner), marked(storage, good(), **owner)

    for portrait in (first, second, first):
        TestLookAlikes().compare(storage, portrait)

    told = db.session.scalars(select(Notification)).all()
    assert [one.subject for one in told] == [f"portrait:{first.id}"]


def coffee() -> bytes:
    """A cup of coffee."""
    return encoded(Image.fromarray(skimage.data.coffee()), quality=95)
