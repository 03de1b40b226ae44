"""Films: made from the source as wished, anew where that needs it, and never by half."""

import io
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import OLGA, make_portrait, make_user
from tests.media import samples
from tests.services.intake_parts import files_of
from vertex.errors import InvalidError
from vertex.extensions import db
from vertex.media.facts import read_facts
from vertex.models import AuditAction, AuditEntry, Fit, Job, Role, Transparency, Video, VideoStatus
from vertex.runtime import runtime
from vertex.services import conversions, jobs, notifications, video_changes, videos
from vertex.services._transaction import atomic

pytestmark = pytest.mark.usefixtures("vertex_app")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return samples.plain_video(tmp_path_factory.mktemp("film") / "v.mp4").read_bytes()


def attach(film: bytes, portrait_id: UUID | None = None) -> Video:
    return videos.attach(
        portrait_id=portrait_id or make_portrait().id,
        video=io.BytesIO(film),
        filename="anna.mp4",
        actor=OLGA,
        storage=runtime().storage,
        queue=runtime().queue,
    )


def waiting(film: bytes) -> Video:
    """A video whose job nobody has run yet."""
    return videos.attach(
        portrait_id=make_portrait().id,
        video=io.BytesIO(film),
        filename="anna.mp4",
        actor=OLGA,
        storage=runtime().storage,
    )


def convert(video: Video, revision: int | None = None) -> None:
    conversions.convert(
        video_id=video.id,
        revision=revision or video.revision,
        storage=runtime().storage,
        progress=lambda share: None,
    )


def change(video: Video, **wishes: object) -> Video:
    given = video_changes.Wishes(**wishes)  # type: ignore[arg-type]
    return video_changes.change(video.id, given, actor=OLGA, queue=runtime().queue)


def names(app: Flask) -> set[str]:
    return {path.name for path in files_of(app)}


def key_names(video: Video) -> set[str]:
    keys = (
        *(video.source_key, video.file_key, video.small_key, video.flat_key),
        video.poster_key,
    )
    return {key.rpartition("/")[2] for key in keys if key}


def test_twice_is_once(vertex_app: Flask, film: bytes) -> None:
    video = waiting(film)

    convert(video)
    convert(video)

    made = AuditEntry.action == AuditAction.VIDEO_CONVERTED
    assert len(db.session.scalars(select(AuditEntry).where(made)).all()) == 1
    assert names(vertex_app) == key_names(video)


def test_new_wishes_make_new_films_and_leave_none_of_the_old(
    vertex_app: Flask, film: bytes
) -> None:
    video = attach(film)
    before = video.file_key

    change(video, muted=True)

    assert video.file_key != before
    assert not video.has_sound
    assert (video.revision, video.made_revision) == (2, 2)
    assert names(vertex_app) == key_names(video)


@pytest.fixture(scope="module")
def see_through(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("film")
    return samples.half_transparent(folder / "v", "libvpx-vp9").read_bytes()


def sizes(video: Video) -> tuple[tuple[int, int], tuple[int, int]]:
    """How large the video is shown, and how large its film is."""
    assert video.file_key is not None
    with runtime().storage.local_path(video.file_key) as path:
        picture = read_facts(path).picture
    assert picture is not None
    return (video.width, video.height), picture.shown_size


def test_transparency_is_a_setting_that_is_changed_there_and_back(see_through: bytes) -> None:
    video = attach(see_through)
    assert video.transparency is Transparency.ALPHA  # seen in the source
    with_it = sizes(video)

    change(video, transparency=Transparency.NONE)
    without = sizes(video)
    change(video, transparency=Transparency.ALPHA)

    (width, height), packed = with_it
    assert packed == (2 * width, height)
    assert without == ((width, height), (width, height))
    assert sizes(video) == with_it
    assert video.made_revision == video.revision == 3


def test_transparency_that_came_beside_the_picture_stays_there(film: bytes) -> None:
    video = attach(film)
    (width, height), _ = sizes(video)

    change(video, transparency=Transparency.SIDE_BY_SIDE)

    assert video.status is VideoStatus.READY
    assert sizes(video) == ((width // 2, height), (width, height))


def test_wishes_that_need_no_new_film_take_none(film: bytes) -> None:
    video = attach(film)

    change(video, loop=False, fit=Fit.CONTAIN)

    assert (video.loop, video.fit, video.revision) == (False, Fit.CONTAIN, 1)
    kinds = db.session.scalars(select(Job.kind)).all()
    assert kinds.count(videos.CONVERT_JOB) == 1


def test_what_was_wished_meanwhile_decides(vertex_app: Flask, film: bytes) -> None:
    video = waiting(film)
    change(video, muted=True)

    convert(video, revision=1)  # the older job, begun late

    assert video.made_revision == 2
    assert not video.has_sound
    assert names(vertex_app) == key_names(video)


@pytest.mark.parametrize(
    ("wishes", "code", "field"),
    [
        ({"start_s": 5.0}, "trim_outside", "start_s"),
        ({"end_s": 5.0}, "trim_outside", "end_s"),
        ({"start_s": 0.5, "end_s": 0.4}, "trim_short", "end_s"),
        ({"transparency": Transparency.ALPHA}, "no_alpha", "transparency"),
    ],
)
def test_impossible_wishes_change_nothing(
    film: bytes, wishes: dict[str, object], code: str, field: str
) -> None:
    video = attach(film)

    with pytest.raises(InvalidError) as refusal:
        change(video, **wishes)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    db.session.refresh(video)
    assert (video.revision, video.start_s, video.end_s) == (1, None, None)


def test_a_newer_video_stays_the_one_that_plays(film: bytes) -> None:
    portrait = make_portrait().id
    older = videos.attach(
        portrait_id=portrait,
        video=io.BytesIO(film),
        filename="a.mp4",
        actor=OLGA,
        storage=runtime().storage,
    )
    with atomic():
        db.session.delete(db.session.scalars(select(Job)).one())  # its worker is slow
    newer = attach(film, portrait)

    convert(older)

    assert (older.status, older.active) == (VideoStatus.READY, False)
    assert newer.active


class TestFailure:
    def test_of_a_damaged_source_is_told_and_mended_by_another_try(
        self, vertex_app: Flask, film: bytes
    ) -> None:
        admin = make_user(role=Role.ADMIN).id
        video = waiting(film)
        source = runtime().settings.media_root / video.source_key
        source.write_bytes(b"damaged")

        convert(video)

        assert (video.status, video.reason) == (VideoStatus.FAILED, "source_damaged")
        assert videos.active_for(video.portrait_id) is None
        assert notifications.unread_count(admin) == 1
        assert names(vertex_app) == key_names(video)

        source.write_bytes(film)
        conversions.try_again(video.id, queue=runtime().queue)

        assert (video.status, video.reason, video.active) == (VideoStatus.READY, None, True)

    def test_keeps_the_films_there_are(self, film: bytes) -> None:
        video = attach(film)
        playing = video.file_key
        source = runtime().settings.media_root / video.source_key
        source.write_bytes(b"damaged")

        change(video, muted=True)

        assert (video.status, video.reason) == (VideoStatus.READY, "source_damaged")
        assert (video.file_key, video.active) == (playing, True)

    def test_after_all_attempts_is_told(self, film: bytes) -> None:
        video = waiting(film)

        conversions.give_up_on(video.id, video.revision)

        assert (video.status, video.reason) == (VideoStatus.FAILED, conversions.NOT_MADE)

    def test_what_is_cancelled_leaves_nothing(self, vertex_app: Flask, film: bytes) -> None:
        video = waiting(film)

        def refuse(_share: float) -> None:
            raise jobs.CancelledJobError

        with pytest.raises(jobs.CancelledJobError):
            conversions.convert(
                video_id=video.id, revision=1, storage=runtime().storage, progress=refuse
            )

        assert names(vertex_app) == key_names(video)
        assert video.status is VideoStatus.PROCESSING


def test_the_source_stays_as_it_came(film: bytes, tmp_path: Path) -> None:
    video = attach(film)

    change(video, start_s=0.2, end_s=0.8, muted=True)

    with runtime().storage.open(video.source_key) as source:
        assert source.read() == film
    assert video.duration_s == pytest.approx(0.6, abs=0.1)
