"""Imports, as a browser without scripts sends them."""

import io
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import MakeApp
from tests.factories import make_client, make_order
from tests.media import samples
from tests.media.samples import H264, PICTURES
from tests.services.intake_parts import files_of, good_picture, rows_of
from tests.web.staff import Staff, make_staff
from vertex.extensions import db
from vertex.jobs import run_all
from vertex.models import (
    Client,
    Import,
    ImportRow,
    ImportState,
    Job,
    Order,
    OrderStatus,
    Portrait,
    PortraitStatus,
    RowState,
    Submission,
)
from vertex.runtime import Runtime
from vertex.services import jobs, tables
from vertex.services._transaction import atomic

OWNER = {"client": "Анна Семёнова", "phone": "+7 916 123-45-67", "order": "2026-0001"}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real video, a second long."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return samples.video(path, *PICTURES, *H264).read_bytes()


def zipped(**files: bytes) -> bytes:
    return packed(files)


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def send(staff: Staff, archive: bytes, **form: str) -> Any:
    return staff.post(
        "/imports/portraits/new", {**form, "archive": (io.BytesIO(archive), "class 5b.zip")}
    )


def kept(app: Flask) -> list[Path]:
    runtime: Runtime = app.extensions["vertex"]
    folder = runtime.settings.imports
    return sorted(folder.glob("*")) if folder.is_dir() else []


def rows() -> list[ImportRow]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(ImportRow).order_by(ImportRow.position)))


def test_pairs_by_name_whatever_their_case_folder_and_alphabet(
    vertex_app: Flask, olga: Staff
) -> None:
    picture, film = good_picture().read(), b"\0\0\0\x18ftypmp42" + bytes(16)
    archive = packed(
        {
            "photos/Анна.JPG": picture,
            "films/анна.MP4": film,
            "photos/Й.jpg": picture,
            "films/И\u0306.mp4": film,  # as a Mac writes it
            "photos/boris.png": b"GIF89a",
            "films/boris.mp4": film,
            "photos/vera.jpg": picture,
            "__MACOSX/photos/._vera.jpg": b"\0",
            "read me.txt": b"hello",
        }
    )

    reply = send(olga, archive, **OWNER)
    page = olga.get(reply.headers["Location"]).text

    assert "2 rows are ready" in page
    assert "2 are refused" in page
    pairs = {row.content["portrait"]: (row.content["video"], row.code) for row in rows()}
    assert pairs == {
        "photos/Анна.JPG": ("films/анна.MP4", None),
        "photos/Й.jpg": ("films/Й.mp4", None),
        "photos/boris.png": ("films/boris.mp4", "image_format"),
        "photos/vera.jpg": ("", "import_no_video"),
    }
    assert "There is no video with the name “vera”." in page
    assert "read me.txt" in page
    makes = [row.content.get("makes") for row in rows()]
    assert makes == [None, None, ["client", "order", "portrait"], ["portrait"]]
    assert set(rows_of(vertex_app)) & {"clients", "orders", "portraits", "public_codes"} == set()
    assert len(kept(vertex_app)) == 1


def test_what_is_fine_comes_in_and_the_rest_is_told(
    vertex_app: Flask, olga: Staff, film: bytes
) -> None:
    picture = good_picture().read()
    archive = packed(
        {
            "a.jpg": picture, "a.mp4": film,
            "b.jpg": picture[:2000], "b.mp4": film,  # begins like a picture
            "c.jpg": picture, "c.mp4": film,
        }
    )  # fmt: skip
    page = send(olga, archive, **OWNER).headers["Location"]

    olga.post(f"{page}/start")

    shown = olga.get(page).text
    assert "2 rows imported, 1 refused." in shown
    assert "The picture file is damaged." in shown
    order = db.session.scalars(select(Order)).one()
    assert (order.number, order.client.name) == ("2026-0001", "Анна Семёнова")
    made = list(db.session.scalars(select(Portrait)))
    assert [one.status for one in made] == [PortraitStatus.READY] * 2
    assert {one.order_id for one in made} == {order.id}
    work = select(Job.kind, Job.priority).where(Job.kind.in_(("marker.build", "video.convert")))
    waits = set(map(tuple, db.session.execute(work)))  # for whoever brings one portrait
    # the films of many wait for those of one customer, and proofs for all films
    assert waits == {("marker.build", jobs.NORMAL), ("video.convert", jobs.MANY)}
    assert jobs.NORMAL < jobs.MANY < jobs.LATER
    assert kept(vertex_app) == []
    report = olga.get(f"{page}/report.csv").text
    assert report.count("done") == 2
    assert "b.jpg" in report
    assert "damaged" in report
    assert olga.post(f"{page}/start").status_code == 409


def test_a_table_in_the_zip_gives_each_its_client_and_order(olga: Staff, film: bytes) -> None:
    picture = good_picture().read()
    make_order(number="TAKEN")
    make_client(name="Maria Jensen", phone="+4520123456")
    lines = [
        "Файл;Видео;Клиент;Телефон;Заказ;Название",
        "1.jpg;kino;Анна Семёнова;+7 916 123-45-67;2026-0001;Аня",
        "2;;Борис Лужков;'+79161234568;2026-0002;",
        "3.jpg;;Somebody;+4520123456;;",
        "1.jpg;kino.mp4;Boris Luschkow;+7 916 123-45-68;;",
        "1.jpg;kino.mp4;Vera;+7 916 123-45-60;TAKEN;",
        "9.jpg;kino.mp4;Vera;+7 916 123-45-60;;",
        "2.jpg;;Vera;12;;",
    ]
    archive = packed(
        {
            "1.jpg": picture, "kino.mp4": film, "2.jpg": picture, "2.mov": film, "3.jpg": picture,
            "3.mp4": film, "list.csv": "\r\n".join(lines).encode("cp1251"),
        }
    )  # fmt: skip

    page = send(olga, archive).headers["Location"]

    assert [row.code for row in rows()] == [
        None, None, "phone_of_other", "phone_of_other", "order_of_another_client",
        "import_file_missing", "phone_invalid",
    ]  # fmt: skip
    assert [row.content["line"] for row in rows()] == [str(n) for n in range(2, 9)]
    olga.post(f"{page}/start")
    made = list(db.session.scalars(select(Portrait).order_by(Portrait.id)))
    assert [(one.title, one.client.name, one.order and one.order.number) for one in made] == [
        ("Аня", "Анна Семёнова", "2026-0001"),
        ("Борис Лужков", "Борис Лужков", "2026-0002"),
    ]


def test_without_a_table_somebody_has_to_be_named(vertex_app: Flask, olga: Staff) -> None:
    archive = packed({"a.jpg": good_picture().read(), "a.mp4": b""})

    reply = send(olga, archive)

    assert reply.status_code == 422
    assert "Please enter the client&#39;s name." in reply.text
    assert kept(vertex_app) == []
    assert "imports" not in rows_of(vertex_app)


def changed(name: str, **given: Any) -> Callable[[], bytes]:
    """A ZIP with one entry of this kind."""

    def make() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            info = zipfile.ZipInfo(name)
            for key, value in given.items():
                setattr(info, key, value)
            archive.writestr(info, b"/etc/passwd")
        return out.getvalue()

    return make


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", bytes(50_000_000))
    return out.getvalue()


def overlapping() -> bytes:
    """Entries that all point at the same bytes, as of a quine bomb."""
    raw = bytearray(packed({"a.jpg": bytes(range(256)) * 40, "b.jpg": b"b"}))
    second = raw.rfind(b"PK\x01\x02")
    first = raw.find(b"PK\x01\x02")
    raw[second + 20 : second + 28] = struct.pack("<II", 2**20, 2**20)
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    return bytes(raw)


def locked() -> bytes:
    raw = bytearray(packed({"a.jpg": b"secret"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + at] |= 1
    return bytes(raw)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "climbs out": (changed("../../a.jpg"), "leads out of it"),
    "is absolute": (changed("/etc/a.jpg"), "leads out of it"),
    "has a drive": (changed("C:/a.jpg"), "leads out of it"),
    "climbs out as on Windows": (changed("..\\a.jpg"), "leads out of it"),
    "is a link": (
        changed("a.jpg", external_attr=(stat.S_IFLNK | 0o777) << 16), "a link instead of a file"
    ),
    "is locked": (locked, "locked with a password"),
    "is a bomb": (bomb, "unpacks to far more"),
    "lies on top of itself": (overlapping, "unpacks to far more"),
    "is no ZIP": (lambda: b"PK\x03\x04 no", "no ZIP"),
    "is cut": (lambda: packed({"a.jpg": b"a" * 999})[:-30], "no ZIP"),
    "has no picture": (lambda: packed({"a.mp4": b"a"}), "no picture"),
    "has two tables": (lambda: packed({"a.jpg": b"a", "a.csv": b"", "b.csv": b""}), "several CSV"),
    "has a table of zeros": (lambda: packed({"a.jpg": b"a", "a.csv": bytes(99)}), "damaged"),
    "has a table without a head": (lambda: packed({"a.jpg": b"a", "a.csv": b"x;y"}), "no column"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_zip_that_does_harm_is_refused_in_words_and_leaves_nothing(
    vertex_app: Flask, olga: Staff, what: str
) -> None:
    make, words = HOSTILE[what]
    before = rows_of(vertex_app)

    reply = send(olga, make(), **OWNER)

    assert reply.status_code == 422, reply.headers
    assert words in reply.text
    assert kept(vertex_app) == []
    assert rows_of(vertex_app) == before
    assert files_of(vertex_app) == []


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("Анна.jpg".encode("cp866"), "Анна.jpg"),
        ("Анна.jpg".encode(), "Анна.jpg"),
        ("Jäger.jpg".encode("cp437"), "Jäger.jpg"),
        (b"anna.jpg", "anna.jpg"),
    ],
)
def test_names_of_old_zips_are_read_as_they_were_meant(olga: Staff, raw: bytes, meant: str) -> None:
    stand_in = "x" * len(raw)
    archive = packed({stand_in: good_picture().read()}).replace(stand_in.encode(), raw)

    send(olga, archive, **OWNER)

    assert [row.content["portrait"] for row in rows()] == [meant]


def test_goes_on_after_a_kill_and_makes_nothing_twice(
    vertex_app: Flask, olga: Staff, film: bytes
) -> None:
    picture = good_picture().read()
    archive = packed({"a.jpg": picture, "a.mp4": film, "b.jpg": picture, "b.mp4": film})
    page = send(olga, archive, **OWNER).headers["Location"]
    runtime: Runtime = vertex_app.extensions["vertex"]
    whole = kept(vertex_app)[0].read_bytes()
    olga.post(f"{page}/start")
    # as if the worker had been killed after it stored the first, before it noted that
    first = rows()[0].id
    with atomic():
        found = db.session.scalars(select(Import)).one()
        found.state, import_id = ImportState.RUNNING, found.id
        row = db.session.get_one(ImportRow, first)
        row.state, row.subject = RowState.WAITING, None
    runtime.settings.imports.joinpath(f"{import_id}.zip").write_bytes(whole)
    with atomic():
        jobs.add("import.run", subject="x", arguments={"import_id": str(import_id)})
    run_all(vertex_app)

    assert [row.state for row in rows()] == [RowState.DONE] * 2
    assert len({row.subject for row in rows()}) == 2
    assert len(list(db.session.scalars(select(Portrait)))) == 2
    assert len(list(db.session.scalars(select(Submission)))) == 2


def test_who_gives_up_leaves_nothing(vertex_app: Flask, olga: Staff) -> None:
    page = send(olga, packed({"a.jpg": good_picture().read()}), **OWNER).headers["Location"]

    olga.post(f"{page}/delete")

    assert kept(vertex_app) == []
    assert not set(rows_of(vertex_app)) & {"imports", "import_rows"}


def test_an_import_is_its_owners_alone(vertex_app: Flask, olga: Staff) -> None:
    page = send(olga, packed({"a.jpg": good_picture().read()}), **OWNER).headers["Location"]
    pavel = make_staff(vertex_app, "pavel")

    assert pavel.get(page).status_code == 404
    assert pavel.get(f"{page}/report.csv").status_code == 404
    assert pavel.post(f"{page}/start").status_code == 404
    assert pavel.post(f"{page}/delete").status_code == 404


def test_a_large_zip_comes_piece_by_piece_and_has_a_limit_of_its_own(
    make_app: MakeApp, film: bytes
) -> None:
    app = make_app(max_video_bytes=1000, max_archive_bytes=10**6)
    with app.app_context():
        staff = make_staff(app, "olga")
        archive = packed({"a.jpg": good_picture().read(), "a.mp4": film[:900]})
        tus = {"Tus-Resumable": "1.0.0", "X-CSRFToken": staff.token}

        def begin(size: int, query: str = "?kind=archive") -> Any:
            headers = {**tus, "Upload-Length": str(size)}
            return staff.client.post(f"/uploads{query}", headers=headers)

        assert begin(10**6 + 1).status_code == 413
        assert begin(1001, "").status_code == 413
        place = begin(len(archive)).headers["Location"]
        for start in range(0, len(archive), 20_000):
            headers = {
                **tus,
                "Upload-Offset": str(start),
                "Content-Type": "application/offset+octet-stream",
            }
            staff.client.patch(place, data=archive[start : start + 20_000], headers=headers)

        form = {**OWNER, "archive_upload": place.rpartition("/")[2]}
        reply = staff.post("/imports/portraits/new", form)

        assert reply.status_code == 303, reply.text
        assert [path.read_bytes() for path in kept(app)] == [archive]
        assert "uploads" not in rows_of(app)


def table(staff: Staff, kind: str, content: bytes) -> Any:
    sent = {"table": (io.BytesIO(content), f"{kind}.csv")}
    return staff.post(f"/imports/tables/new?kind={kind}", sent)


def test_what_is_exported_comes_back_as_it_was(make_app: MakeApp, tmp_path: Path) -> None:
    odd = ("=1+1", "'=1+1", "-Анна", '@home; "quoted"\nand more', "''+7")
    app = make_app()
    with app.app_context():
        staff = make_staff(app, "olga")
        for number, words in enumerate(odd):
            owner = make_client(name=f"{words} {number}".replace("\n", " "), notes=words)
            make_order(
                client_id=owner.id, number=f"{words[:9]}{number}".replace("\n", " "),
                notes=words, product=words.replace("\n", " "), price=12345, deposit=500, paid=1,
                status=OrderStatus.PRINTED, assignee_id=staff.user.id,
            )  # fmt: skip
        files = {kind: staff.get(f"/{kind}/table.csv?all=1").data for kind in ("clients", "orders")}
        before = everything()
        with atomic():
            models: tuple[Any, ...] = (Order, Client)
            for model in models:
                for row in db.session.scalars(select(model)):
                    row.deleted_at = row.created_at

        for kind in ("clients", "orders"):
            page = table(staff, kind, files[kind]).headers["Location"]
            assert "5 rows are ready" in staff.get(page).text
            staff.post(f"{page}/start")

        assert everything() == before


def everything() -> list[tuple[object, ...]]:
    db.session.rollback()
    db.session.expire_all()
    query = select(Order).where(Order.deleted_at.is_(None)).order_by(Order.number)
    return [
        (
            one.number, one.client.name, one.client.phone, one.client.notes, one.status,
            one.product, one.price, one.deposit, one.paid, one.assignee_id, one.notes,
        )
        for one in db.session.scalars(query)
    ]  # fmt: skip


def test_each_row_of_a_table_says_what_is_wrong_with_it(olga: Staff) -> None:
    make_client(name="Maria Jensen", phone="+4520123456")
    make_order(number="A-1")
    lines = [
        "number,client,phone,price,due_on,status,assignee",
        "B-1,Anna,+7 916 123-45-67,1 500.50,2026-11-30,,",
        "B-2,Anna,916,,,,",
        "B-3,Somebody,+4520123456,,,,",
        "A-1,Anna,+7 916 123-45-67,,,,",
        "B-1,Anna,+7 916 123-45-67,,,,",
        "B-4,Anna,+7 916 123-45-67,cheap,,,",
        "B-5,Anna,+7 916 123-45-67,,yesterday,,",
        "B-6,Anna,+7 916 123-45-67,,,flying,",
        "B-7,Anna,+7 916 123-45-67,,,,Nobody",
        "B-8,,+7 916 123-45-60,,,,",
    ]

    page = table(olga, "orders", "\n".join(lines).encode()).headers["Location"]

    assert [row.code for row in rows()] == [
        None, "phone_invalid", "phone_of_other", "order_number_taken", "order_number_taken",
        "amount_malformed", "day_malformed_in_table", "status_unknown", "assignee_missing",
        "name_missing",
    ]  # fmt: skip
    shown = olga.get(f"{page}?wrong=1").text
    assert "“yesterday” is no day." in shown
    assert re.search(r"B-1\b", olga.get(page).text)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no rows"),
        (b"name,phone\n", "no rows"),
        (b"a,b\n1,2\n", "no column “name”"),
        (b'name,phone\n"Anna', "damaged"),
        (b"\x89PNG\0\0", "damaged"),
    ],
)
def test_what_is_no_table_is_refused(
    vertex_app: Flask, olga: Staff, content: bytes, words: str
) -> None:
    reply = table(olga, "clients", content)

    assert reply.status_code == 422
    assert words in reply.text
    assert "imports" not in rows_of(vertex_app)


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "", "'a", "+7", "'+7", "-", "a'=1"])
def test_a_guarded_cell_is_unguarded_to_what_it_was(text: str) -> None:
    assert tables.unguarded(tables.guarded(text)) == text
    assert not tables.guarded(text).startswith(("=", "+", "-", "@"))
