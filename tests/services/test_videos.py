"""Videos: stored clean, one active a portrait, or not at all."""

import io
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from tests.factories import OLGA, make_portrait, make_video
from tests.media import samples
from tests.media.refusals import VIDEOS, Make, cases
from tests.services.intake_parts import files_of, rows_of
from vertex.errors import InvalidError, NotFoundError, TooLargeError
from vertex.models import Video, VideoStatus, utcnow, uuid7
from vertex.runtime import Runtime, runtime
from vertex.services import videos
from vertex.storage import Storage


@pytest.fixture
def storage(vertex_app: Flask) -> Storage:
    runtime: Runtime = vertex_app.extensions["vertex"]
    return runtime.storage


@pytest.fixture(scope="module")
def good_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return samples.plain_video(tmp_path_factory.mktemp("video") / "v.mp4").read_bytes()


def attach(storage: Storage, portrait_id: UUID, content: bytes) -> Video:
    return videos.attach(
        portrait_id=portrait_id,
        video=io.BytesIO(content),
        filename="anna.mp4",
        actor=OLGA,
        storage=storage,
        queue=runtime().queue,
    )


def test_attach_keeps_the_source_and_makes_clean_films(storage: Storage, good_video: bytes) -> None:
    video = attach(storage, make_portrait().id, good_video)

    assert (video.width, video.height, video.has_sound) == (320, 240, True)
    assert (video.status, video.active) == (VideoStatus.READY, True)
    assert video.facts["picture"]["codec"] == "h264"
    with storage.open(video.source_key) as source:
        assert source.read() == good_video
    with storage.open(str(video.file_key)) as file, storage.open(str(video.poster_key)) as poster:
        assert samples.SECRET.encode() not in file.read()
        assert poster.read(3) == b"\xff\xd8\xff"


def test_the_last_one_attached_plays(storage: Storage, good_video: bytes) -> None:
    portrait_id = make_portrait().id
    other = make_video()
    first = attach(storage, portrait_id, good_video)

    second = attach(storage, portrait_id, good_video)

    active = videos.active_for(portrait_id)
    assert active is not None
    assert active.id == second.id
    assert not videos.get(first.id).active
    assert videos.get(other.id).active


@pytest.mark.usefixtures("vertex_app")
def test_nothing_plays_on_a_portrait_without_video() -> None:
    assert videos.active_for(make_portrait().id) is None


def test_leaves_no_work_behind(vertex_app: Flask, storage: Storage, good_video: bytes) -> None:
    video = attach(storage, make_portrait().id, good_video)

    keys = (video.source_key, video.file_key, video.poster_key)
    assert {path.name for path in files_of(vertex_app)} == {
        str(key).rpartition("/")[2] for key in keys
    }


def test_of_a_portrait_that_is_not_there_leaves_nothing(
    vertex_app: Flask, storage: Storage, good_video: bytes
) -> None:
    with pytest.raises(NotFoundError):
        attach(storage, uuid7(), good_video)

    assert rows_of(vertex_app) == {}
    assert files_of(vertex_app) == []


@pytest.mark.parametrize(("make", "code"), cases(VIDEOS))
def test_refuses_and_leaves_nothing(
    vertex_app: Flask, storage: Storage, make: Make, code: str, tmp_path: Path
) -> None:
    content = make(tmp_path / "video.mp4").read_bytes()
    portrait_id = make_portrait().id
    rows = rows_of(vertex_app)

    with pytest.raises(InvalidError) as refusal:
        attach(storage, portrait_id, content)

    assert (refusal.value.code, refusal.value.field) == (code, "video")
    assert rows_of(vertex_app) == rows
    assert files_of(vertex_app) == []


def test_refuses_too_many_bytes(tmp_path: Path, good_video: bytes) -> None:
    with pytest.raises(TooLargeError) as refusal:
        videos.prepare(io.BytesIO(good_video), tmp_path, max_bytes=1000)

    assert refusal.value.code == "video_bytes"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("vertex_app")
def test_get_does_not_look_into_the_bin() -> None:
    binned = make_video(deleted_at=utcnow())

    for video_id in (binned.id, uuid7()):
        with pytest.raises(NotFoundError):
            videos.get(video_id)
