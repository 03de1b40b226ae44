"""A portrait with its video: both are stored, or nothing is."""

import io
from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import OLGA
from tests.media import samples
from tests.media.refusals import IMAGES, VIDEOS
from tests.media.samples import encoded, photo
from tests.services.intake_parts import files_of, good_picture, rows_of
from vertex.errors import DomainError, InvalidError
from vertex.models import Portrait, PortraitStatus, Recognisable, utcnow
from vertex.runtime import Runtime
from vertex.services import intake, jobs, portraits, videos
from vertex.web.messages import explain_in_english


@pytest.fixture(scope="module")
def good_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return samples.plain_video(tmp_path_factory.mktemp("video") / "v.mp4").read_bytes()


def accept(
    app: Flask,
    picture: bytes,
    video: bytes,
    phone: str = "+79161234567",
    *,
    one_of_many: bool = False,
    at_once: bool = True,
) -> Portrait:
    runtime: Runtime = app.extensions["vertex"]
    delivery = intake.Delivery(
        client="Anna",
        phone=phone,
        portrait=io.BytesIO(picture),
        portrait_name="anna.jpg",
        video=io.BytesIO(video),
        video_name="anna.mp4",
        order="A17",
        one_of_many=one_of_many,
    )
    queue = runtime.queue if at_once else None
    return intake.accept(delivery, actor=OLGA, storage=runtime.storage, queue=queue)


def test_stores_both_and_has_the_marker_made(vertex_app: Flask, good_video: bytes) -> None:
    portrait_id = accept(vertex_app, good_picture().read(), good_video).id

    portrait = portraits.get(portrait_id)
    assert (portrait.status, portrait.recognisable) == (PortraitStatus.READY, Recognisable.YES)
    assert not [path for path in files_of(vertex_app) if ".tmp" in path.parts]
    assert videos.active_for(portrait_id) is not None
    assert portrait.order is not None
    assert portrait.order.client_id == portrait.client_id


@pytest.mark.parametrize(
    ("picture", "video", "phone", "field"),
    [
        (b"", None, "+79161234567", "portrait"),
        (None, b"", "+79161234567", "video"),
        (None, None, "12345", "phone"),
    ],
)
def test_one_part_refused_leaves_nothing_of_the_others(
    vertex_app: Flask,
    good_video: bytes,
    picture: bytes | None,
    video: bytes | None,
    phone: str,
    field: str,
) -> None:
    pictures = encoded(photo()) if picture is None else picture

    with pytest.raises(InvalidError) as refusal:
        accept(vertex_app, pictures, good_video if video is None else video, phone)

    assert refusal.value.field == field
    assert rows_of(vertex_app) == {}
    assert files_of(vertex_app) == []


def test_an_order_of_another_client_leaves_nothing_new(
    vertex_app: Flask, good_video: bytes
) -> None:
    accept(vertex_app, good_picture().read(), good_video)
    rows, files = rows_of(vertex_app), files_of(vertex_app)

    with pytest.raises(DomainError):
        accept(vertex_app, good_picture().read(), good_video, phone="+79167654321")

    assert (rows_of(vertex_app), files_of(vertex_app)) == (rows, files)


@pytest.mark.usefixtures("vertex_app")
@pytest.mark.parametrize("code", sorted({code for _, code in [*IMAGES.values(), *VIDEOS.values()]}))
def test_each_refusal_has_a_sentence(code: str) -> None:
    facts = {"found": "GIF", "accepted": "JPEG", "width": 1, "height": 2, "limit": 3}

    sentence = explain_in_english(InvalidError(code, field=None, **facts))

    assert sentence.endswith(".")
    assert "Accepted: JPEG" in sentence or code.endswith("_bytes")
    assert sentence != explain_in_english(InvalidError())
    assert "%(" not in sentence


def test_whoever_brings_one_portrait_does_not_wait_for_a_batch(
    vertex_app: Flask, good_video: bytes
) -> None:
    picture = good_picture().read()
    for _ in range(20):
        accept(vertex_app, picture, good_video, one_of_many=True, at_once=False)
    single = accept(vertex_app, picture, good_video, at_once=False)

    claims = [jobs.claim(utcnow(), lease=timedelta(minutes=5)) for _ in range(42)]

    order = [(claim.kind, claim.subject) for claim in claims if claim is not None]
    assert order[0] == (portraits.MARKER_JOB, portraits.subject_of(single.id))
    # then all that is recognised, and the films of one before those of many
    assert [kind for kind, _ in order[1:21]] == [portraits.MARKER_JOB] * 20
    assert order[21] == (videos.CONVERT_JOB, portraits.subject_of(single.id))
    assert [kind for kind, _ in order[22:]] == [videos.CONVERT_JOB] * 20
