"""Markers: made once, by whoever runs the job, with the real recogniser."""

import io
import threading
from typing import BinaryIO

import cv2
import numpy as np
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests.factories import OLGA, make_client
from tests.media import samples
from tests.services.intake_parts import files_of, good_picture, soft_picture
from vertex.extensions import db
from vertex.models import AuditAction, AuditEntry, Portrait, PortraitStatus, Recognisable, utcnow
from vertex.recogniser import Recogniser
from vertex.runtime import Runtime
from vertex.services import markers, portraits
from vertex.services._transaction import atomic
from vertex.storage import MissingFileError, Storage


@pytest.fixture
def storage(vertex_app: Flask) -> Storage:
    runtime: Runtime = vertex_app.extensions["vertex"]
    return runtime.storage


def make_portrait(storage: Storage, picture: BinaryIO) -> Portrait:
    """A portrait that waits for its marker."""
    return portraits.create(
        client_id=make_client().id, image=picture, filename="a.jpg", actor=OLGA, storage=storage
    )


def built(storage: Storage, picture: BinaryIO) -> Portrait:
    """A portrait after its job."""
    portrait = make_portrait(storage, picture)
    markers.build_for(portrait_id=portrait.id, storage=storage)
    return portraits.get(portrait.id)


def read(storage: Storage, key: str | None) -> bytes:
    assert key is not None
    with storage.open(key) as file:
        return file.read()


class TestBuildFor:
    def test_a_photograph_can_be_recognised(self, storage: Storage) -> None:
        portrait = built(storage, good_picture())

        marker = read(storage, portrait.marker_key)
        assert (portrait.status, portrait.recognisable) == (
            PortraitStatus.READY,
            Recognisable.YES,
        )
        assert portrait.reason is None
        assert portrait.marker_bytes == len(marker) <= 90_000
        assert portrait.marker_ms is not None
        assert 0 <= portrait.marker_ms < 60_000

    def test_the_marker_finds_the_original_in_a_frame(self, storage: Storage) -> None:
        portrait = built(storage, good_picture())
        frame = _frame_with(read(storage, portrait.image_key))

        found = Recogniser(read(storage, portrait.marker_key)).find(frame)

        assert len(found) == 1
        corners = np.array([[0, 0], [portrait.width, portrait.height]], np.float32).reshape(
            -1, 1, 2
        )
        seen = cv2.perspectiveTransform(corners, found[0].homography).reshape(-1, 2)
        assert np.abs(seen - np.array([[200, 60], [470, 420]])).max() < 2

    def test_makes_a_grey_picture_of_what_is_recognised(self, storage: Storage) -> None:
        portrait = built(storage, good_picture())

        with Image.open(io.BytesIO(read(storage, portrait.marker_preview_key))) as image:
            assert image.mode == "L"

    def test_is_recorded(self, storage: Storage) -> None:
        portrait = built(storage, good_picture())

        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == AuditAction.MARKER_BUILT)
        ).one()
        assert (entry.actor, entry.subject) == ("system", f"portrait:{portrait.id}")

    @pytest.mark.parametrize("picture", [soft_picture, lambda: io.BytesIO(samples.flat())])
    def test_a_picture_without_detail_is_stored_as_not_recognisable(
        self, storage: Storage, picture: type
    ) -> None:
        portrait = built(storage, picture())

        assert (portrait.status, portrait.recognisable) == (PortraitStatus.READY, Recognisable.NO)
        assert portrait.reason in {"flat", "too_few_features", "not_found_again"}
        assert (portrait.marker_key, portrait.marker_bytes) == (None, None)

    def test_may_run_twice(self, vertex_app: Flask, storage: Storage) -> None:
        portrait = built(storage, good_picture())
        files, key = files_of(vertex_app), portrait.marker_key

        markers.build_for(portrait_id=portrait.id, storage=storage)

        assert portraits.get(portrait.id).marker_key == key
        assert files_of(vertex_app) == files

    def test_may_run_twice_at_once(self, vertex_app: Flask, storage: Storage) -> None:
        portrait_id = make_portrait(storage, good_picture()).id

        def work() -> None:
            with vertex_app.app_context():
                markers.build_for(portrait_id=portrait_id, storage=storage)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        db.session.rollback()  # a new look at the database
        query = select(AuditEntry).where(AuditEntry.action == AuditAction.MARKER_BUILT)
        assert len(db.session.scalars(query).all()) == 1
        assert portraits.get(portrait_id).status is PortraitStatus.READY
        assert storage.exists(portraits.get(portrait_id).marker_key or "")

    def test_same_picture_same_marker(self, storage: Storage) -> None:
        first, second = (built(storage, good_picture()) for _ in range(2))

        assert read(storage, first.marker_key) == read(storage, second.marker_key)

    def test_leaves_a_portrait_in_the_bin_alone(self, storage: Storage) -> None:
        portrait = make_portrait(storage, good_picture())
        with atomic():
            portraits.get(portrait.id).deleted_at = utcnow()

        markers.build_for(portrait_id=portrait.id, storage=storage)

        assert portrait.status is PortraitStatus.PROCESSING

    def test_fails_when_the_preview_is_gone(self, storage: Storage) -> None:
        portrait = make_portrait(storage, good_picture())
        storage.delete(portrait.preview_key)

        with pytest.raises(MissingFileError):
            markers.build_for(portrait_id=portrait.id, storage=storage)

        assert portraits.get(portrait.id).status is PortraitStatus.PROCESSING

    def test_a_preview_that_is_no_picture_any_more_fails_for_good(self, storage: Storage) -> None:
        portrait = make_portrait(storage, good_picture())
        key = portrait.preview_key
        storage.put(key, io.BytesIO(b"rot"), content_type="image/jpeg")

        markers.build_for(portrait_id=portrait.id, storage=storage)

        assert portraits.get(portrait.id).status is PortraitStatus.FAILED
        assert portraits.get(portrait.id).reason == "undecodable"


def test_giving_up_marks_the_portrait_as_failed(storage: Storage) -> None:
    portrait = make_portrait(storage, good_picture())

    markers.give_up_on(portrait.id)

    assert portraits.get(portrait.id).status is PortraitStatus.FAILED


def test_giving_up_leaves_a_portrait_that_is_ready(storage: Storage) -> None:
    portrait = built(storage, good_picture())

    markers.give_up_on(portrait.id)

    assert portraits.get(portrait.id).status is PortraitStatus.READY


def _frame_with(picture: bytes) -> np.ndarray:
    """A camera's grey frame in which the print stands upright, from (200, 60) to (470, 420)."""
    frame = np.full((480, 640), 90, np.uint8)
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    frame[60:420, 200:470] = cv2.resize(grey, (270, 360), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(frame, (0, 0), 0.7)


def test_a_preview_that_is_another_picture_by_now_makes_no_marker(
    vertex_app: Flask, storage: Storage
) -> None:
    portrait = make_portrait(storage, good_picture())
    runtime: Runtime = vertex_app.extensions["vertex"]
    place = runtime.settings.media_root / portrait.preview_key
    place.write_bytes(samples.telling_jpeg())

    markers.build_for(portrait_id=portrait.id, storage=storage)

    found = portraits.get(portrait.id)
    assert (found.status, found.reason) == (PortraitStatus.FAILED, "undecodable")
    assert found.marker_key is None
    assert list(storage.files("markers")) == []
