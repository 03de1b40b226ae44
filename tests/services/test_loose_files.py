"""Files that no row names: noted before they are stored, and gone if no row comes to name them."""

import io
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.factories import OLGA, make_client, make_portrait, make_video
from tests.services.intake_parts import good_picture
from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.jobs import run_all, tick
from vertex.models import LooseFile, Portrait, utcnow, uuid7
from vertex.runtime import runtime
from vertex.services import captions, loose_files, portraits
from vertex.services._files import NewFiles, new_files
from vertex.services._transaction import UnknownOutcomeError, atomic
from vertex.storage import Storage

pytestmark = pytest.mark.usefixtures("vertex_app")

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"


@pytest.fixture
def storage() -> Storage:
    return runtime().storage


def put(storage: Storage, content: bytes = b"a preview") -> str:
    """The key of a file that is being stored by somebody."""
    return NewFiles(storage).put("previews", uuid7(), io.BytesIO(content), "jpg")


def loose() -> dict[str, bool]:
    """What is noted, and whether it is to be removed."""
    db.session.rollback()
    return {row.key: row.removing for row in db.session.scalars(select(LooseFile))}


def pass_time() -> None:
    """Let all that is held have been held for too long."""
    with atomic():
        db.session.execute(update(LooseFile).values(held_until=utcnow() - timedelta(seconds=1)))


def test_a_file_is_noted_before_it_is_stored(storage: Storage) -> None:
    key = put(storage)

    assert loose() == {key: False}
    assert storage.exists(key)


def test_a_stored_portrait_leaves_nothing_noted(storage: Storage) -> None:
    owner = make_client().id

    found = portraits.create(
        client_id=owner, image=good_picture(), filename="a.jpg", actor=OLGA, storage=storage
    )

    assert loose() == {}
    assert storage.exists(found.image_key)


def test_a_refusal_leaves_neither_file_nor_note(storage: Storage) -> None:
    with pytest.raises(NotFoundError):
        portraits.create(
            client_id=uuid7(), image=good_picture(), filename="a.jpg", actor=OLGA, storage=storage
        )

    assert loose() == {}
    assert list(storage.files("portraits")) == list(storage.files("previews")) == []


def test_what_a_kill_has_left_goes_when_nobody_holds_it_any_more(
    vertex_app: Flask, storage: Storage
) -> None:
    key = put(storage)
    tick(vertex_app)
    run_all(vertex_app)
    assert storage.exists(key)

    pass_time()
    tick(vertex_app)
    run_all(vertex_app)

    assert not storage.exists(key)
    assert loose() == {}


def test_what_a_row_names_stays_whoever_forgot_to_say_so(
    vertex_app: Flask, storage: Storage
) -> None:
    key = put(storage)
    make_portrait(preview_key=key)

    pass_time()
    tick(vertex_app)
    run_all(vertex_app)

    assert storage.exists(key)
    assert loose() == {}


def test_who_comes_too_late_stores_no_row(storage: Storage) -> None:
    with pytest.raises(loose_files.LostFileError), new_files(storage) as files:
        key = files.put("previews", uuid7(), io.BytesIO(b"late"), "jpg")
        pass_time()
        loose_files.drop_due(storage, utcnow())
        with atomic():
            files.settle()
            raise AssertionError("it was not refused")

    assert not storage.exists(key)
    assert loose() == {}


def test_two_runs_of_the_same_work_may_store_the_same_file(storage: Storage) -> None:
    portrait = make_portrait()
    runs = [NewFiles(storage), NewFiles(storage)]
    keys = [run.put("previews", portrait.id, io.BytesIO(b"same"), "jpg") for run in runs]

    for run, key in zip(runs, keys, strict=True):
        with atomic():
            run.settle()
            db.session.get_one(Portrait, portrait.id).small_key = key

    assert loose() == {}
    assert storage.exists(keys[0])


def test_a_removal_under_way_is_waited_for(vertex_app: Flask, storage: Storage) -> None:
    key = put(storage)
    with atomic():
        db.session.execute(update(LooseFile).values(removing=True, held_until=utcnow()))
    held = threading.Event()

    def hold() -> None:
        with vertex_app.app_context():
            loose_files.hold(key)
            held.set()

    thread = threading.Thread(target=hold)
    thread.start()
    early = held.wait(0.3)
    loose_files.drop_due(storage, utcnow())
    thread.join()

    assert not early
    assert held.is_set()
    assert loose() == {key: False}


def test_replaced_captions_go_with_the_change(storage: Storage) -> None:
    video = make_video()
    first = captions.attach(
        video.id, io.BytesIO(CAPTIONS), language="en", actor=OLGA, storage=storage
    ).captions_key
    assert first is not None

    captions.remove(video.id, actor=OLGA, storage=storage)

    assert not storage.exists(first)
    assert loose() == {}


def test_an_unknown_outcome_leaves_the_files_to_the_clock(storage: Storage) -> None:
    with pytest.raises(UnknownOutcomeError), new_files(storage) as files:
        key = files.put("previews", uuid7(), io.BytesIO(b"perhaps"), "jpg")
        raise UnknownOutcomeError

    assert storage.exists(key)
    assert loose() == {key: False}
