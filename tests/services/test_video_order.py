"""The order of a portrait's videos, and their bin."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import OLGA, make_portrait, make_video
from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import Job, Playing, Portrait, Video, VideoStatus, utcnow
from vertex.services import portraits, programmes, video_order, videos
from vertex.services.videos import CONVERT_JOB

pytestmark = pytest.mark.usefixtures("vertex_app")


@pytest.fixture
def three(vertex_app: Flask) -> list[UUID]:
    """Three videos that take turns, as old installations have them: all of one position."""
    portrait = make_portrait(playing=Playing.TURN)
    return [make_video(portrait_id=portrait.id, active=n == 0).id for n in range(3)]


def order_of(video_id: UUID) -> list[UUID]:
    return [one.id for one in video_order.all_of(videos.get(video_id).portrait_id)]


def portrait_of(video_id: UUID) -> Portrait:
    return portraits.get(videos.get(video_id).portrait_id)


def test_videos_begin_in_the_order_of_their_age(three: list[UUID]) -> None:
    assert order_of(three[0]) == three


def test_a_video_is_moved_up_and_down(three: list[UUID]) -> None:
    first, second, third = three

    assert video_order.move(third, -1, actor=OLGA)
    assert order_of(first) == [first, third, second]
    assert video_order.move(first, 1, actor=OLGA)
    assert order_of(first) == [third, first, second]


def test_at_its_end_nothing_moves(three: list[UUID]) -> None:
    assert not video_order.move(three[0], -1, actor=OLGA)
    assert not video_order.move(three[2], 1, actor=OLGA)
    assert order_of(three[0]) == three


def test_turns_follow_the_order(three: list[UUID]) -> None:
    video_order.move(three[2], -2, actor=OLGA)

    seen = []
    for _ in range(3):
        playing = programmes.now_playing(portrait_of(three[0]))
        assert playing is not None
        seen.append(playing.id)
        programmes.take_turn(playing.portrait_id)
        db.session.rollback()
    assert seen == [three[2], three[0], three[1]]


def test_a_new_video_comes_last(three: list[UUID]) -> None:
    video_order.move(three[2], -2, actor=OLGA)
    new = Video(
        portrait_id=videos.get(three[0]).portrait_id, source_key="videos/a/b.mp4", duration_s=1.0,
        width=10, height=10, has_sound=False, revision=1,
    )  # fmt: skip

    videos.add(new, filename="new.mp4", actor=OLGA, queue=None)

    assert order_of(three[0]) == [three[2], three[0], three[1], new.id]


def test_a_binned_video_comes_back_to_its_place(three: list[UUID]) -> None:
    portrait_id = videos.get(three[0]).portrait_id
    video_order.move(three[2], -1, actor=OLGA)

    videos.move_to_bin(three[2], actor=OLGA)
    assert order_of(three[0]) == [three[0], three[1]]
    assert [one.id for one in video_order.with_bin(portrait_id)[1]] == [three[2]]
    videos.restore(three[2], of=portrait_id, actor=OLGA)

    assert order_of(three[0]) == [three[0], three[2], three[1]]
    assert video_order.with_bin(portrait_id)[1] == []


def test_a_video_comes_back_to_its_own_portrait_alone(three: list[UUID]) -> None:
    videos.move_to_bin(three[0], actor=OLGA)

    with pytest.raises(NotFoundError):
        videos.restore(three[0], of=make_portrait().id, actor=OLGA)


def test_films_not_made_in_the_bin_are_made_when_it_is_back() -> None:
    video = make_video(
        file_key=None, made_revision=None, status=VideoStatus.PROCESSING, active=False,
        deleted_at=utcnow(),
    )  # fmt: skip

    videos.restore(video.id, of=video.portrait_id, actor=OLGA)

    job = db.session.scalars(select(Job)).one()
    assert (job.kind, job.arguments["video_id"]) == (CONVERT_JOB, str(video.id))
