"""Actions on many, as a browser without scripts sends them."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.factories import OLGA, make_client, make_order, make_public_code
from tests.media import samples
from tests.media.samples import H264, PICTURES
from tests.servers.presence import lacking
from tests.services.intake_parts import good_picture, soft_picture
from tests.web.staff import Staff, make_staff
from vertex.extensions import db
from vertex.jobs import run_all
from vertex.models import AuditAction, AuditEntry, Order, OrderStatus, Portrait
from vertex.runtime import Runtime, runtime_of
from vertex.services import intake, portraits, public_codes

URL = "https://studio.example"


@pytest.fixture
def app(make_app: MakeApp) -> Iterator[Flask]:
    """A studio whose codes lead somewhere."""
    app = make_app(public_url=URL)
    with app.app_context():
        yield app


@pytest.fixture
def staff(app: Flask) -> Staff:
    """Olga, signed in there."""
    return make_staff(app, "olga")


def printed_one(app: Flask, order: Order, *, soft: bool = False) -> UUID:
    """A portrait of this order with its marker, without a video."""
    runtime: Runtime = app.extensions["vertex"]
    portrait = portraits.create(
        client_id=order.client_id, order_id=order.id, filename="a.jpg",
        image=soft_picture() if soft else good_picture(), actor=OLGA, storage=runtime.storage,
    )  # fmt: skip
    portrait_id = portrait.id
    run_all(app)
    return portrait_id


def taken_in(app: Flask, tmp_path: Path, *, order: str) -> Portrait:
    """A portrait with its video, all made."""
    film = samples.video(tmp_path / "film.mp4", *PICTURES, *H264)
    runtime: Runtime = app.extensions["vertex"]
    delivery = intake.Delivery(
        client="Анна Семёнова", phone="+79161234567", order=order,
        portrait=good_picture(), portrait_name="a.jpg",
        video=io.BytesIO(film.read_bytes()), video_name="a.mp4",
    )  # fmt: skip
    portrait_id = intake.accept(delivery, actor=OLGA, storage=runtime.storage).id
    run_all(app)
    db.session.rollback()
    return db.session.get_one(Portrait, portrait_id)


def status_of(order: Order) -> OrderStatus:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Order, order.id).status


def test_orders_are_moved_and_the_notice_takes_it_back(staff: Staff) -> None:
    first, second = make_order(), make_order()
    chosen = [f"{first.id}.new", f"{second.id}.new"]

    reply = staff.post(
        "/batches/orders", {"id": chosen, "do": "move", "to": "ready", "back": "/orders?all=1"}
    )
    assert (reply.status_code, reply.headers["Location"]) == (303, "/orders?all=1")
    assert [status_of(one) for one in (first, second)] == [OrderStatus.READY] * 2
    page = staff.get("/orders?all=1").text
    assert "2 orders: Ready to print" in page
    undo = re.search(r'action="(/batches/[0-9a-f-]+/undo)"', page)
    assert undo
    staff.post(undo[1])

    assert [status_of(one) for one in (first, second)] == [OrderStatus.NEW] * 2


def test_what_was_not_done_is_told_with_its_reason(staff: Staff) -> None:
    first, second = make_order(number="A-1"), make_order(number="A-2")

    reply = staff.post(
        "/batches/orders",
        {"id": [f"{first.id}.new", f"{second.id}.ready"], "do": "move", "to": "in_progress"},
    )
    page = staff.get(reply.headers["Location"]).text

    assert "1 order: In progress" in page
    assert "1 was not done" in page
    assert "Somebody else has moved order A-2 meanwhile." in page


def test_printed_is_asked_first_with_what_is_wrong_of_each(staff: Staff) -> None:
    order = make_order(number="A-1", status=OrderStatus.READY, price=100)

    page = staff.post("/batches/orders", {"id": f"{order.id}.ready", "do": "move", "to": "printed"})

    assert page.status_code == 200
    assert "A-1" in page.text
    assert "This order has no portrait." in page.text
    assert "Not paid in full." in page.text
    assert status_of(order) is OrderStatus.READY
    sure = {"id": f"{order.id}.ready", "do": "move", "to": "printed", "sure": "1"}
    assert staff.post("/batches/orders", sure).status_code == 303
    assert status_of(order) is OrderStatus.PRINTED


@pytest.mark.parametrize("url", ["http://studio.example", "https://localhost"])
def test_nothing_is_printed_where_codes_lead_nowhere(make_app: MakeApp, url: str) -> None:
    app = make_app(public_url=url)
    app.config["SESSION_COOKIE_SECURE"] = False
    with app.app_context():
        staff, order = make_staff(app, "olga"), make_order(status=OrderStatus.READY)
        chosen = f"{order.id}.ready"

        replies = [
            staff.post("/batches/orders", {"id": chosen, "do": "move", "to": "printed"}),
            staff.post("/batches/orders", {"id": chosen, "do": "print"}),
            staff.get(f"/batches/sheet?order={order.id}"),
        ]

        assert [reply.status_code for reply in replies] == [409] * 3
        assert all("VERTEX_PUBLIC_URL" in reply.text for reply in replies)


def test_nonsense_is_refused_in_words(staff: Staff) -> None:
    order = make_order()

    for path, form, status in (
        ("orders", {}, 422),
        ("orders", {"id": "x", "do": "bin"}, 404),
        ("orders", {"id": f"{order.id}.flying", "do": "bin"}, 404),
        ("orders", {"id": f"{order.id}.new", "do": "burn"}, 404),
        ("orders", {"id": f"{order.id}.new", "do": "move", "to": "flying"}, 404),
        ("orders", {"id": f"{order.id}.new", "do": "move"}, 422),
        ("portraits", {"id": "x"}, 404),
        ("sheet.pdf", {"id": str(order.id), "layout": "cards"}, 422),
    ):
        assert staff.post(f"/batches/{path}", form).status_code == status, form


def test_only_who_did_it_sees_it(app: Flask, staff: Staff) -> None:
    order = make_order()
    staff.post("/batches/orders", {"id": f"{order.id}.new", "do": "bin"})
    undo = re.search(r'action="(/batches/[0-9a-f-]+)/undo"', staff.get("/orders").text)
    assert undo

    pavel = make_staff(app, "pavel")

    assert pavel.get(undo[1]).status_code == 404
    assert pavel.post(f"{undo[1]}/undo").status_code == 404


def test_the_codes_of_a_print_sheet_are_read_from_the_paper(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    order = make_order(number="2026-0001")
    some = [printed_one(app, order) for _ in range(3)]
    some.append(printed_one(app, order, soft=True))
    codes = {public_codes.of_portrait(one) for one in some}

    summary = staff.post("/batches/orders", {"id": f"{order.id}.new", "do": "print"})
    assert "4 cards:" in summary.text
    assert "No camera recognises these prints." in summary.text
    assert re.findall(r'name="id" value="([^"]+)"', summary.text) == [str(one) for one in some]
    for layout in ("cards", "large", "labels"):
        reply = staff.post(
            "/batches/sheet.pdf", {"id": [str(one) for one in some], "layout": layout}
        )
        assert reply.mimetype == "application/pdf"
        pages = printed(reply.data, tmp_path / f"{layout}.pdf")
        assert len(pages) == (2 if layout == "large" else 1)

        assert {url for page in pages for url in page} == {f"{URL}/v/{code}" for code in codes}

    noted = db.session.query(AuditEntry).filter_by(action=AuditAction.SHEET_MADE).all()
    assert len(noted) == 3 * 4


def printed(pdf: bytes, path: Path) -> list[set[str]]:
    """What a scanner reads from each page, at 200 dpi."""
    if shutil.which("pdftoppm") is None:
        lacking("pdftoppm (poppler-utils)")
    path.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", path, path.with_suffix("")], check=True)
    found = []
    for page in sorted(path.parent.glob(f"{path.stem}-*.png")):
        picture = np.asarray(cv2.imread(str(page)), np.uint8)
        _, texts, _, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(picture)
        found.append({text for text in texts if text})
    return found


def test_an_export_of_many_is_made_by_a_job_and_fetched(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    portrait = taken_in(app, tmp_path, order="2026-0001")
    code = public_codes.of_portrait(portrait.id)
    empty = make_order(number="A-7", client_id=make_client().id)
    make_public_code(order_id=empty.id)
    chosen = [f"{portrait.order_id}.new", f"{empty.id}.new"]

    page = staff.post("/batches/orders", {"id": chosen, "do": "export"}).headers["Location"]

    shown = staff.get(page).text
    assert "1 exported." in shown
    assert "There is no video yet, or nothing that a camera could recognise." in shown
    archive = zipfile.ZipFile(io.BytesIO(staff.get(f"{page}/export.zip").data))
    (folder,) = {name.split("/")[0] for name in archive.namelist()}
    assert folder.startswith("2026-0001 ")
    assert code not in folder  # it is the album's
    html = archive.read(f"{folder}/index.html").decode()
    assert "start" in html
    assert f"{folder}/marker.vxm" in archive.namelist()


def test_what_is_damaged_is_told_and_the_others_are_exported(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    whole = taken_in(app, tmp_path, order="2026-0001")
    damaged = taken_in(app, tmp_path, order="2026-0002")
    runtime_of(app).storage.delete(str(damaged.marker_key))
    chosen = [f"{one.order_id}.new" for one in (damaged, whole)]

    page = staff.post("/batches/orders", {"id": chosen, "do": "export"}).headers["Location"]

    shown = staff.get(page).text
    assert "1 exported." in shown
    assert "One of its files is damaged or missing." in shown
    archive = zipfile.ZipFile(io.BytesIO(staff.get(f"{page}/export.zip").data))
    assert {name.split(" ")[0] for name in archive.namelist()} == {"2026-0001"}
