"""Portraits: stored whole with code, job and record, or not at all."""

import hashlib
import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests.factories import OLGA, make_client, make_portrait
from tests.media import samples
from tests.media.refusals import IMAGES, Make, cases
from tests.services.intake_parts import files_of, good_picture, rows_of
from vertex.errors import InvalidError, NotFoundError, TooLargeError
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Job, Portrait, PortraitStatus, utcnow, uuid7
from vertex.runtime import Runtime
from vertex.services import portraits, public_codes
from vertex.storage import Storage
from vertex.storage.local import LocalStorage


@pytest.fixture
def storage(vertex_app: Flask) -> Storage:
    runtime: Runtime = vertex_app.extensions["vertex"]
    return runtime.storage


def create(storage: Storage, content: bytes) -> Portrait:
    return portraits.create(
        client_id=make_client().id,
        image=io.BytesIO(content),
        filename="Анна.final.JPG",
        actor=OLGA,
        storage=storage,
    )


class TestCreate:
    def test_keeps_the_original_byte_for_byte(self, storage: Storage) -> None:
        content = samples.telling_jpeg(orientation=6)

        portrait = create(storage, content)

        with storage.open(portrait.image_key) as file:
            assert file.read() == content
        assert portrait.sha256 == hashlib.sha256(content).hexdigest()
        assert portrait.image_key.startswith(f"portraits/{portrait.id}/")

    def test_stores_an_upright_preview_without_metadata(self, storage: Storage) -> None:
        portrait = create(storage, samples.telling_jpeg(orientation=6))

        assert (portrait.width, portrait.height) == (600, 480)
        with storage.open(portrait.preview_key) as file:
            preview = file.read()
        assert samples.SECRET.encode() not in preview
        with Image.open(io.BytesIO(preview)) as image:
            assert image.size == (600, 480)

    def test_brings_code_job_and_record(self, storage: Storage) -> None:
        portrait = create(storage, good_picture().read())

        job = db.session.scalars(select(Job)).one()
        entry = db.session.scalars(select(AuditEntry)).one()
        assert len(public_codes.of_portrait(portrait.id)) == 10
        assert (job.kind, job.arguments) == ("marker.build", {"portrait_id": str(portrait.id)})
        assert job.subject == entry.subject == f"portrait:{portrait.id}"
        assert (entry.action, entry.actor) == (AuditAction.PORTRAIT_CREATED, "user:olga")
        assert portrait.status is PortraitStatus.PROCESSING
        assert portrait.title == "Анна.final"

    def test_may_take_the_same_picture_twice(self, storage: Storage) -> None:
        first = create(storage, good_picture().read())
        second = create(storage, good_picture().read())

        assert first.sha256 == second.sha256
        assert first.image_key != second.image_key

    def test_of_a_client_who_is_not_there_leaves_nothing(
        self, vertex_app: Flask, storage: Storage
    ) -> None:
        with pytest.raises(NotFoundError):
            portraits.create(
                client_id=uuid7(),
                image=good_picture(),
                filename="anna.jpg",
                actor=OLGA,
                storage=storage,
            )

        assert rows_of(vertex_app) == {}
        assert files_of(vertex_app) == []

    def test_leaves_nothing_when_the_disk_fails_at_the_second_file(self, vertex_app: Flask) -> None:
        with pytest.raises(OSError, match="disk"):
            create(
                FullDisk(vertex_app.extensions["vertex"].settings.media_root), good_picture().read()
            )

        assert rows_of(vertex_app) == {"clients": 1}
        assert files_of(vertex_app) == []


class FullDisk(LocalStorage):
    """Has room for one file."""

    def put(self, key: str, source: object, *, content_type: str) -> None:
        """Store a portrait, fail at its preview."""
        if key.startswith("previews"):
            raise OSError("the disk is full")
        super().put(key, source, content_type=content_type)  # type: ignore[arg-type]


@pytest.mark.parametrize(("make", "code"), cases(IMAGES))
def test_refuses_and_leaves_nothing(
    vertex_app: Flask, storage: Storage, make: Make, code: str, tmp_path: Path
) -> None:
    content = make(tmp_path / "portrait.jpg").read_bytes()
    client_id = make_client().id
    rows = rows_of(vertex_app)

    with pytest.raises(InvalidError) as refusal:
        portraits.create(
            client_id=client_id,
            image=io.BytesIO(content),
            filename="portrait.jpg",
            actor=OLGA,
            storage=storage,
        )

    assert (refusal.value.code, refusal.value.field) == (code, "portrait")
    assert "WebP" in str(refusal.value.params["accepted"])
    assert rows_of(vertex_app) == rows
    assert files_of(vertex_app) == []


def test_refuses_too_many_bytes() -> None:
    with pytest.raises(TooLargeError) as refusal:
        portraits.prepare(good_picture(), max_bytes=1000)

    assert refusal.value.code == "image_bytes"


@pytest.mark.usefixtures("vertex_app")
def test_get_does_not_look_into_the_bin() -> None:
    binned = make_portrait(deleted_at=utcnow())

    for portrait_id in (binned.id, uuid7()):
        with pytest.raises(NotFoundError):
            portraits.get(portrait_id)
