"""Erasing for good: nothing is left of a portrait or a client but a code that says so."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.conftest import MakeApp
from tests.factories import (
    OLGA,
    make_client,
    make_notification,
    make_order,
    make_portrait,
    make_public_code,
    make_user,
    make_video,
)
from tests.servers.ceph import Ceph
from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.jobs import run_all, tick
from vertex.models import (
    AuditAction,
    AuditEntry,
    Client,
    ClientMerge,
    ImportKind,
    ImportRow,
    LooseFile,
    Notification,
    Order,
    Portrait,
    PublicCode,
    Row,
    Video,
    Visit,
    utcnow,
    uuid7,
)
from vertex.runtime import runtime
from vertex.services import (
    client_lists,
    erasure,
    imports,
    jobs,
    loose_files,
    merging,
    orders,
    portraits,
)
from vertex.services._transaction import atomic
from vertex.services.imports import Plan, Planned
from vertex.storage import AREAS, content_type_of, file_key
from vertex.storage.local import LocalStorage

pytestmark = pytest.mark.xdist_group("ceph")

LONG_AGO = utcnow() - timedelta(days=31)


@pytest.fixture(params=["local", "s3"])
def app(request: pytest.FixtureRequest, make_app: MakeApp) -> Iterator[Flask]:
    given: dict[str, Any] = {}
    if request.param == "s3":
        ceph: Ceph = request.getfixturevalue("ceph")
        given = ceph.settings()
    app = make_app(**given)
    with app.app_context():
        runtime().storage.initialise("http://localhost")
        yield app


def put(area: str, owner: UUID, extension: str) -> str:
    """The key of a file that was stored, deleted and stored again, so that it has versions."""
    storage, content = runtime().storage, io.BytesIO(f"{area} {owner} {extension}".encode())
    key = file_key(area, owner, content, extension)
    for turn in range(2):
        storage.put(key, content, content_type=content_type_of(key))
        if not turn:
            storage.delete(key)
    return key


def stock(**given: Any) -> Portrait:
    """A portrait with a video, a code and all their files."""
    portrait_id, video_id = uuid7(), uuid7()
    names = {"image": "portraits", "preview": "previews", "small": "previews"}
    keys = {f"{n}_key": put(area, portrait_id, "jpg") for n, area in names.items()}
    keys |= {"marker_key": put("markers", portrait_id, "vxm")}
    portrait = make_portrait(id=portrait_id, **keys, **given)
    films = {
        f"{n}_key": put("videos", video_id, e) for n, e in (("source", "mov"), ("file", "mp4"))
    }
    films |= {"poster_key": put("previews", video_id, "jpg")}
    films |= {"captions_key": put("previews", video_id, "vtt")}
    make_video(id=video_id, portrait_id=portrait_id, **films)
    make_public_code(portrait_id=portrait_id)
    return portrait


def remains() -> list[str]:
    """Every file of the store; of a bucket every version and every mark of a deletion."""
    storage = runtime().storage
    if isinstance(storage, LocalStorage):
        return [file.key for area in AREAS for file in storage.files(area)]
    found: list[str] = []
    pages = storage._client.get_paginator("list_object_versions")  # type: ignore[attr-defined]
    for page in pages.paginate(Bucket=runtime().settings.s3_bucket):
        for kind in ("Versions", "DeleteMarkers"):
            found += [f"{kind} {version['Key']}" for version in page.get(kind, [])]
    return found


def count(model: type[Row]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def actions() -> list[AuditAction]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_erased_portrait_leaves_no_row_and_no_version_of_a_file(app: Flask) -> None:
    portrait = stock()
    make_notification(subject=portraits.subject_of(portrait.id))
    assert len(remains()) >= 7

    erasure.erase_portrait(portrait.id, actor=OLGA, storage=runtime().storage)

    assert remains() == []
    assert [count(model) for model in (Portrait, Video, LooseFile, Notification)] == [0] * 4
    assert actions() == [AuditAction.VIDEO_ERASED, AuditAction.PORTRAIT_ERASED]


def test_others_keep_all_they_have(app: Flask) -> None:
    other, portrait = stock(), stock()
    kept = {key for key in remains() if str(other.id) in key}

    erasure.erase_portrait(portrait.id, actor=OLGA, storage=runtime().storage)

    assert kept <= set(remains())
    assert (count(Portrait), count(Video)) == (1, 1)


def test_an_erased_client_leaves_nothing_but_what_was_recorded(app: Flask) -> None:
    client = make_client()
    order = make_order(client_id=client.id)
    album = make_public_code(order_id=order.id)
    stock(client_id=client.id, order_id=order.id)
    stock(client_id=client.id, deleted_at=utcnow())

    erasure.erase_client(client.id, actor=OLGA, storage=runtime().storage)

    assert remains() == []
    assert [count(model) for model in (Client, Order, Portrait, Video)] == [0] * 4
    assert count(PublicCode) == 3
    assert actions()[-2:] == [AuditAction.ORDER_ERASED, AuditAction.CLIENT_ERASED]
    assert album.order_id is None
    assert client_lists.search("Client").clients == []


class TestTwins:
    @pytest.fixture(autouse=True)
    def only_here(self, vertex_app: Flask) -> None:
        """A folder will do."""

    def test_who_was_merged_into_an_erased_client_is_erased_too(self) -> None:
        kept, gone, before = make_client(), make_client(), make_client()
        merging.merge(gone.id, before.id, actor=OLGA)
        merging.merge(kept.id, gone.id, actor=OLGA)
        other = make_client()

        erasure.erase_client(kept.id, actor=OLGA, storage=runtime().storage)

        db.session.rollback()
        assert db.session.scalars(select(Client.id)).all() == [other.id]
        assert count(ClientMerge) == 0
        assert actions().count(AuditAction.CLIENT_ERASED) == 3

    def test_who_was_parted_again_stays(self) -> None:
        kept, gone = make_client(), make_client()
        merging.undo(merging.merge(kept.id, gone.id, actor=OLGA).id, actor=OLGA)

        erasure.erase_client(kept.id, actor=OLGA, storage=runtime().storage)

        db.session.rollback()
        assert db.session.scalars(select(Client.id)).all() == [gone.id]

    def test_rows_of_imports_that_name_them_are_forgotten(self) -> None:
        client, other = make_client(phone="+79161234567"), make_client()
        portrait = make_portrait(client_id=client.id)
        rows = [
            Planned({"name": "Anna", "phone": client.phone}),
            Planned({"name": "Boris", "phone": other.phone}),
            Planned({"portrait": "a.jpg"}),
        ]
        import_id = uuid7()
        imports.keep(
            Plan(rows), ImportKind.CLIENTS, import_id=import_id, filename="a.csv",
            user_id=make_user().id,
        )  # fmt: skip
        with atomic():
            row = db.session.scalars(select(ImportRow).where(ImportRow.position == 3)).one()
            row.subject = portraits.subject_of(portrait.id)

        erasure.erase_client(client.id, actor=OLGA, storage=runtime().storage)

        db.session.rollback()
        left = db.session.scalars(select(ImportRow)).all()
        assert [row.content["name"] for row in left] == ["Boris"]


class TestTheCode:
    @pytest.fixture(autouse=True)
    def only_here(self, vertex_app: Flask) -> None:
        """A folder will do."""

    def test_says_that_it_is_gone(self, browser: FlaskClient) -> None:
        portrait = stock()
        code = make_public_code(portrait_id=portrait.id)
        with atomic():
            db.session.add(Visit(token="t", code_id=code.id, portrait_id=portrait.id))
        printed = code.code

        erasure.erase_portrait(portrait.id, actor=OLGA, storage=runtime().storage)

        assert browser.get(f"/v/{printed}").status_code == 410
        assert (count(PublicCode), count(Visit)) == (2, 1)

    def test_what_never_was_cannot_be_erased(self) -> None:
        with pytest.raises(NotFoundError):
            erasure.erase_portrait(uuid7(), actor=OLGA, storage=runtime().storage)
        with pytest.raises(NotFoundError):
            erasure.erase_client(uuid7(), actor=OLGA, storage=runtime().storage)

    def test_a_store_that_does_not_answer_is_asked_again(
        self, vertex_app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        portrait = stock()
        folder = runtime().settings.media_root / "previews"
        away = folder.rename(folder.with_name("away"))
        folder.touch()  # a folder that is none: nothing of it can be removed
        erasure.erase_portrait(portrait.id, actor=OLGA, storage=runtime().storage)
        left = count(LooseFile)
        folder.unlink()
        away.rename(folder)

        loose_files.drop_due(runtime().storage, utcnow())
        assert count(LooseFile) == left  # not before its time
        with atomic():
            for row in db.session.scalars(select(LooseFile)):
                row.held_until = utcnow()
        tick(vertex_app)
        run_all(vertex_app)

        assert left > 0
        assert count(LooseFile) == 0
        assert remains() == []


class TestTheBin:
    @pytest.fixture(autouse=True)
    def only_here(self, vertex_app: Flask) -> None:
        """A folder will do."""

    def empty(self, app: Flask) -> None:
        """Let the clock do it."""
        jobs.add("bin.empty", subject="schedule:bin.empty", arguments={})
        run_all(app)

    def test_keeps_what_is_young_and_what_is_not_in_it(self, vertex_app: Flask) -> None:
        client = make_client()
        stock(client_id=client.id, deleted_at=utcnow() - timedelta(days=29))
        stock(client_id=client.id)

        self.empty(vertex_app)

        assert (count(Portrait), count(Video)) == (2, 2)

    def test_is_emptied_of_what_is_old(self, vertex_app: Flask) -> None:
        client = make_client(deleted_at=LONG_AGO)
        order = make_order(client_id=client.id, deleted_at=LONG_AGO)
        stock(client_id=client.id, order_id=order.id, deleted_at=LONG_AGO)

        self.empty(vertex_app)

        assert [count(model) for model in (Client, Order, Portrait, Video)] == [0] * 4
        assert remains() == []

    def test_of_a_portrait_in_use_only_the_old_video_goes(self, vertex_app: Flask) -> None:
        portrait = stock()
        make_video(portrait_id=portrait.id, active=False, deleted_at=LONG_AGO)

        self.empty(vertex_app)

        assert (count(Portrait), count(Video)) == (1, 1)
        assert len(remains()) == 7

    def test_an_order_whose_rules_hold_for_a_portrait_stays(self, vertex_app: Flask) -> None:
        order = make_order(deleted_at=LONG_AGO, pin_hash="a hash")
        stock(client_id=order.client_id, order_id=order.id)

        self.empty(vertex_app)

        assert count(Order) == 1
        assert orders.locked(order.id).pin_hash == "a hash"
