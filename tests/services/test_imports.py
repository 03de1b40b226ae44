"""Imports that nobody goes on with, and what is told by the names of files."""

import io
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.factories import make_client, make_order, make_user
from tests.queries import counted
from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.models import (
    Batch,
    BatchAction,
    Import,
    ImportKind,
    ImportRow,
    ImportState,
    RowState,
    Thing,
    utcnow,
    uuid7,
)
from vertex.services import (
    batch_exports,
    csv_files,
    import_portraits,
    import_tables,
    imports,
    pairing,
)
from vertex.services._transaction import atomic
from vertex.services.import_portraits import Found, Target
from vertex.services.imports import Plan, Planned
from vertex.services.intake import Limits

pytestmark = pytest.mark.usefixtures("vertex_app")

COLUMNS = {"name": ("name", "имя"), "phone": ("phone", "телефон")}


def kept(folder: Path, *rows: Planned) -> UUID:
    import_id = uuid7()
    imports.take(io.BytesIO(b"PK"), import_id, folder)
    plan = Plan(rows or [Planned({"name": "Anna"})])
    user = make_user().id
    imports.keep(plan, ImportKind.CLIENTS, import_id=import_id, filename="a.zip", user_id=user)
    return import_id


def age(import_id: UUID, days: float, **values: object) -> None:
    then = utcnow() - timedelta(days=days)
    with atomic():
        change = update(Import).where(Import.id == import_id)
        db.session.execute(change.values(created_at=then, updated_at=then, **values))


def there() -> set[UUID]:
    db.session.rollback()
    return set(db.session.scalars(select(Import.id)))


def test_what_nobody_began_is_forgotten_after_a_day_with_its_file(tmp_path: Path) -> None:
    fresh, abandoned = kept(tmp_path), kept(tmp_path)
    age(abandoned, 1.1)

    imports.forget_old(tmp_path)

    assert there() == {fresh}
    assert [path.stem for path in tmp_path.glob("*.*")] == [str(fresh)]
    assert {row.import_id for row in db.session.scalars(select(ImportRow))} == {fresh}


def test_a_stopped_one_keeps_its_report_longer_than_its_file(tmp_path: Path) -> None:
    stopped, old = kept(tmp_path), kept(tmp_path)
    age(stopped, 2, state=ImportState.FAILED)
    age(old, 31, state=ImportState.DONE)

    imports.forget_old(tmp_path)

    assert there() == {stopped}
    assert list(tmp_path.glob("*.*")) == []


def test_one_that_is_under_way_keeps_all(tmp_path: Path) -> None:
    running = kept(tmp_path)
    age(running, 3, state=ImportState.RUNNING)

    imports.forget_old(tmp_path)

    assert there() == {running}
    assert len(list(tmp_path.glob("*.*"))) == 1


def test_a_file_whose_import_was_never_stored_goes_after_a_day(tmp_path: Path) -> None:
    for days in (0, 2):
        place = imports.take(io.BytesIO(b"PK"), uuid7(), tmp_path)
        then = (utcnow() - timedelta(days=days)).timestamp()
        os.utime(place, (then, then))

    imports.forget_old(tmp_path)

    assert len(list(tmp_path.glob("*.*"))) == 1


def test_a_file_that_is_none_of_ours_harms_nothing(tmp_path: Path) -> None:
    foreign = tmp_path / "holiday.zip"
    foreign.write_bytes(b"PK")
    import_id = kept(tmp_path)

    imports.forget_old(tmp_path)

    assert foreign.exists()
    assert there() == {import_id}


def test_an_import_of_nothing_but_refusals_does_not_begin(tmp_path: Path) -> None:
    import_id = kept(tmp_path, Planned({}, InvalidError("name_missing")))
    user_id = db.session.get_one(Import, import_id).user_id

    with pytest.raises(ConflictError, match="import_nothing"):
        imports.start(import_id, user_id=user_id, queue=None)

    assert imports.counted([import_id])[import_id][RowState.WRONG] == 1


def test_exports_are_kept_for_a_day(vertex_app: Flask, tmp_path: Path) -> None:
    user_id = make_user().id
    batch = batch_exports.begin(Thing.ORDER, [make_order().id], "en", user_id=user_id, queue=None)
    for name, days in ((f"{batch.id}.zip", 0.5), ("old.zip", 1.1), ("old.part", 1.1)):
        (tmp_path / name).write_bytes(b"PK")
        then = (utcnow() - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (then, then))

    batch_exports.forget_old(tmp_path)

    assert [path.name for path in tmp_path.glob("*.*") if path.is_file()] == [f"{batch.id}.zip"]
    assert db.session.get_one(Batch, batch.id).action is BatchAction.EXPORT


def test_an_export_that_was_given_up_says_so_of_each_and_may_be_tried_again() -> None:
    user_id = make_user().id
    ids = [make_order().id, make_order().id]
    batch = batch_exports.begin(Thing.ORDER, ids, "en", user_id=user_id, queue=None)

    batch_exports.give_up_on(batch.id)
    db.session.rollback()
    given_up = [one["code"] for one in db.session.get_one(Batch, batch.id).refused]
    batch_exports.wait_again(batch.id)
    db.session.rollback()

    assert given_up == ["export_failed"] * 2
    assert db.session.get_one(Batch, batch.id).finished_at is None


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        (b"name;phone\nAnna;1\n", ("Anna", "1")),
        (b"Phone,other,NAME\n1,x,Anna\n", ("Anna", "1")),
        (b"\xef\xbb\xbfname\tphone\r\nAnna\t1\r\n", ("Anna", "1")),
        ("Имя;Телефон\nЮля;1".encode("cp1251"), ("Юля", "1")),
        ("Имя;Телефон\nЮля;1".encode(), ("Юля", "1")),
        (b'\n\nname;phone\n"An\n""na"";";1\n;;\n', ('An\n"na";', "1")),
        (b"name,phone\n'=Anna,'+7\n", ("=Anna", "+7")),
        (b"name\nAnna\n", ("Anna", "")),
    ],
)
def test_tables_are_read_as_they_were_meant(content: bytes, cells: tuple[str, str]) -> None:
    (line,) = csv_files.read(content, COLUMNS, needed="name")

    assert (line.cell("name"), line.cell("phone")) == cells


def test_a_table_of_too_many_rows_is_refused() -> None:
    content = b"name\n" + b"Anna\n" * (csv_files.MOST_ROWS + 1)

    with pytest.raises(InvalidError, match="table_rows"):
        csv_files.read(content, COLUMNS, needed="name")


@pytest.mark.parametrize("kind", [ImportKind.CLIENTS, ImportKind.ORDERS])
def test_a_long_table_asks_no_oftener_than_a_short_one(kind: ImportKind) -> None:
    known = make_client(name="Anna", phone="+79161234567")
    make_order(number="A-1", client_id=known.id)
    lines = [f"N-{i};Client {i};+7916{i:07}" for i in range(500)]
    lines += ["N-x;Boris;+79161234567", "A-1;Anna;+79161234567", "N-7;Client 7;+79160000007"]
    table = "\n".join(["number;name;phone", *lines]).encode()

    with counted() as asked:
        plan = import_tables.plan(kind, table, decimals=2)

    assert len(asked) <= 3
    codes = [row.error.code if row.error else None for row in plan.rows]
    assert codes[:500] == [None] * 500
    assert (
        codes[500:]
        == {
            ImportKind.CLIENTS: ["phone_taken"] * 3,
            ImportKind.ORDERS: ["phone_of_other", "order_number_taken", "order_number_taken"],
        }[kind]
    )


def test_a_folder_of_many_is_looked_at_once() -> None:
    names = [f"Day {i % 30}/IMG_{i:05}.jpg" for i in range(4000)]
    sizes = {one: 9 for name in names for one in (name, name.replace(".jpg", ".mp4"))}
    heads = {".jpg": b"\xff\xd8\xff\xe0" + b"0" * 60, ".mp4": b"\0\0\0\x18ftypisom" + b"0" * 60}
    found = Found(sizes, lambda name: heads[name[-4:]])
    lines = [f"img_{i:05};IMG_{i:05}.mp4;N-{i // 2}" for i in range(4000)]
    table = "\n".join(["portrait;video;order", *lines]).encode()
    target = Target("Anna", "+79161234567")

    with counted() as asked:
        plan = import_portraits.plan(found, table, target, Limits())

    assert len(asked) <= 3
    assert [row.error for row in plan.rows] == [None] * 4000
    assert [row.content["portrait"] for row in plan.rows] == names
    assert plan.left_out == []


def test_pairs_are_told_by_name_and_then_by_folder_never_by_order() -> None:
    videos = pairing.grouped(["a/1.mp4", "b/1.MOV", "ЮЛЯ 2.mp4", "z.mp4"], pairing.stem)

    assert pairing.video_for("b/1.jpg", videos) == ["b/1.MOV"]
    assert pairing.video_for("1.jpg", videos) == ["a/1.mp4", "b/1.MOV"]
    assert pairing.video_for("x/юля 2.jpeg", videos) == ["ЮЛЯ 2.mp4"]
    assert pairing.video_for("y.jpg", videos) == ()
    assert pairing.in_order(["b 10", "b 2", "A"]) == ["A", "b 2", "b 10"]
