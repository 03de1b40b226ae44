"""The page of a portrait: its proof, its videos one by one, its title and order."""

import csv
import io
import re
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import (
    make_client,
    make_order,
    make_portrait,
    make_proof,
    make_public_code,
    make_video,
)
from tests.services.intake_parts import good_picture
from tests.web.staff import Staff
from vertex.models import Playing, Portrait, PortraitStatus, VideoStatus
from vertex.runtime import runtime_of
from vertex.services import jobs, markers, portraits, proofs, video_order, videos
from vertex.services.audit import CLI
from vertex.services.proofs import PROOF_JOB
from vertex.services.tables import PORTRAIT_COLUMNS


def shown(**given: object) -> Portrait:
    """A portrait whose page can be asked for."""
    portrait = make_portrait(**given)
    make_public_code(portrait_id=portrait.id)
    return portrait


def part_of(staff: Staff, portrait: Portrait, part: str = "proof_state") -> str:
    return staff.get(f"/portraits/{portrait.id}", target=part).text


def seen_in(page: str, url: str) -> str:
    """The word that the form with this address brings back."""
    form = page[page.index(f'action="{url}"') :]
    found = re.search(r'name="seen"[^>]* value="(\w+)"', form)
    assert found
    return found[1]


def words(text: str) -> str:
    """What a person reads of it."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


class TestProof:
    def test_is_told_in_figures_stars_and_words(self, pavel: Staff) -> None:
        portrait = shown(rating=4)
        make_proof(portrait, recognised=71, smallest_size=0.25, largest_angle=50.0)

        text = words(part_of(pavel, portrait))

        assert "★★★★ ★ 4 of 5 Good" in text
        assert "Recognised in 71 of 100 looks" in text
        assert "a print of 10 × 15 cm from up to 70 cm away" in text
        assert "From the side up to 50°" in text
        assert "Prove it again" in text

    def test_advice_is_in_words_of_the_reader(self, pavel: Staff) -> None:
        portrait = shown(rating=2)
        box = {"left": 20, "top": 0, "right": 80, "bottom": 60, "percent": 34}
        make_proof(portrait, advice=[{"code": "crop_closer", **box}, {"code": "sharper"}])

        assert "from 20 % to 80 % of its width" in part_of(pavel, portrait)
        pavel.post("/account", {"full_name": "", "email": "p@example.com", "locale": "ru"})
        assert "от 20 % до 80 % ширины" in part_of(pavel, portrait)

    def test_asks_again_while_it_is_made(self, pavel: Staff) -> None:
        portrait = shown()
        subject = portraits.subject_of(portrait.id)
        jobs.add(PROOF_JOB, subject=subject, arguments={})

        reply = pavel.get(f"/portraits/{portrait.id}", target="proof_state")

        assert "hx-trigger" in reply.text
        assert "<progress" in reply.text
        assert "HX-Trigger" not in reply.headers

    def test_tells_the_page_when_it_is_there(self, pavel: Staff) -> None:
        portrait = shown(rating=5)
        make_proof(portrait)

        reply = pavel.get(f"/portraits/{portrait.id}", target="proof_state")

        assert "hx-trigger" not in reply.text
        assert "portraits-changed" in reply.headers["HX-Trigger"]

    def test_waits_for_the_marker(self, pavel: Staff) -> None:
        portrait = shown(status=PortraitStatus.PROCESSING, marker_key=None)

        assert "comes after the marker" in part_of(pavel, portrait)

    def test_of_another_marker_is_not_shown(self, pavel: Staff) -> None:
        portrait = shown()
        make_proof(portrait, proved="markers/old/old.vxm")

        text = part_of(pavel, portrait)

        assert "There is no proof yet." in text
        assert "Recognised in" not in text

    def test_look_alikes_are_linked(self, pavel: Staff) -> None:
        order = make_order()
        owner = {"client_id": order.client_id, "order_id": order.id}
        portrait, twin = shown(**owner), shown(title="Twin", **owner)
        make_proof(portrait, alike=twin)

        text = part_of(pavel, portrait)

        assert f'href="/portraits/{twin.id}"' in text
        assert "in 4 of 6 looks" in text

    def test_is_made_again_by_the_button(self, vertex_app: Flask, pavel: Staff) -> None:
        storage = runtime_of(vertex_app).storage
        portrait = portraits.create(
            client_id=make_client().id,
            image=good_picture(),
            filename="a.jpg",
            actor=CLI,
            storage=storage,
        )
        markers.build_for(portrait_id=portrait.id, storage=storage)

        reply = pavel.post(f"/portraits/{portrait.id}/prove")

        assert reply.status_code == 303
        assert portraits.get(portrait.id).rating is not None
        features = pavel.get(f"/portraits/{portrait.id}/features")
        assert features.content_type == "image/jpeg"
        assert "features_shown" in part_of(pavel, portrait)
        assert proofs.missing() == []

    def test_there_is_no_features_picture_without_a_proof(self, pavel: Staff) -> None:
        assert pavel.get(f"/portraits/{shown().id}/features").status_code == 404


class TestVideos:
    @pytest.fixture
    def portrait(self) -> Portrait:
        portrait = shown(playing=Playing.TURN)
        for n in range(3):
            make_video(portrait_id=portrait.id, active=n == 0)
        return portrait

    def test_each_of_them_can_be_played_and_changed(self, pavel: Staff, portrait: Portrait) -> None:
        for video in video_order.all_of(portrait.id):
            text = pavel.get(f"/portraits/{portrait.id}?video_id={video.id}").text
            assert f"/portraits/{portrait.id}/film?video_id={video.id}" in text
            assert f"/portraits/{portrait.id}/videos/{video.id}/schedule" in text
            assert f'hx-post="/portraits/{portrait.id}/videos/{video.id}"' in text

    def test_an_address_of_a_video_that_is_gone_shows_another(
        self, pavel: Staff, portrait: Portrait
    ) -> None:
        first, *_ = video_order.all_of(portrait.id)
        videos.move_to_bin(first.id, actor=CLI)

        assert pavel.get(f"/portraits/{portrait.id}?video_id={first.id}").status_code == 200

    def test_the_one_that_is_not_newest_is_trimmed(self, pavel: Staff, portrait: Portrait) -> None:
        first, *_ = video_order.all_of(portrait.id)
        url = f"/portraits/{portrait.id}/videos/{first.id}"
        wished = {"fit": "cover", "transparency": "none"}

        refused = pavel.post(url, {**wished, "start_s": "99"}, target="wishes_form")
        saved = pavel.post(url, {**wished, "loop": "y", "fit": "contain"})

        assert refused.status_code == 422
        assert f'action="{url}"' in refused.text
        assert saved.location == f"/portraits/{portrait.id}?video_id={first.id}"
        assert videos.get(first.id).fit == "contain"

    @pytest.mark.parametrize("form", ["", "/schedule"])
    def test_who_comes_second_is_shown_what_the_first_has_set(
        self, pavel: Staff, olga: Staff, portrait: Portrait, form: str
    ) -> None:
        video = videos.newest_for(portrait.id)
        assert video is not None
        url, page = f"/portraits/{portrait.id}/videos/{video.id}{form}", f"/portraits/{portrait.id}"
        first, second = (
            {"": {"fit": fit, "transparency": "none"}, "/schedule": {"plays_from": day}}[form]
            for fit, day in (("contain", "2027-01-02T10:00"), ("exact", "2027-03-04T11:00"))
        )
        seen = [seen_in(staff.get(page).text, url) for staff in (pavel, olga)]

        assert pavel.post(url, {**first, "seen": seen[0]}).status_code == 303
        refused = olga.post(url, {**second, "seen": seen[1]})

        assert refused.status_code == 409
        assert "Somebody else has changed this meanwhile." in refused.text
        theirs = {"": "with free borders</dd>", "/schedule": "2027-01-02 10:00</dd>"}[form]
        assert theirs in refused.text
        insisting = {**second, "seen": seen_in(refused.text, url)}
        assert olga.post(url, insisting).status_code == 303

    def test_are_ordered_by_buttons(self, pavel: Staff, portrait: Portrait) -> None:
        first, second, third = (one.id for one in video_order.all_of(portrait.id))

        def move(video_id: UUID, to: str, target: str | None = None) -> TestResponse:
            url = f"/portraits/{portrait.id}/videos/{video_id}/move"
            return pavel.post(url, {"to": to}, target=target)

        assert move(third, "up").status_code == 303
        assert move(first, "sideways").status_code == 422
        part = move(first, "down", target="video_list")

        assert part.text.lstrip().startswith('<div id="video_list"')
        assert re.search(rf'id="down_{first}"[^>]* autofocus', part.text)
        assert [one.id for one in video_order.all_of(portrait.id)] == [third, first, second]

    def test_a_deleted_one_is_undone_or_put_back(self, pavel: Staff, portrait: Portrait) -> None:
        first, *_ = video_order.all_of(portrait.id)
        pavel.post(f"/portraits/{portrait.id}/videos/{first.id}/delete")

        page = pavel.get(f"/portraits/{portrait.id}").text
        restore = f"/portraits/{portrait.id}/videos/{first.id}/restore"
        assert page.count(f'action="{restore}"') == 2, "in the notice and in the bin"
        pavel.post(restore)

        assert video_order.all_of(portrait.id)[0].id == first.id

    def test_one_of_another_portrait_is_not_there(self, pavel: Staff, portrait: Portrait) -> None:
        other = make_video()

        for way in ("move", "restore", "delete"):
            url = f"/portraits/{portrait.id}/videos/{other.id}/{way}"
            assert pavel.post(url).status_code == 404

    def test_one_under_way_is_told(self, pavel: Staff, portrait: Portrait) -> None:
        make_video(
            portrait_id=portrait.id, active=False, file_key=None, poster_key=None,
            made_revision=None, status=VideoStatus.PROCESSING,
        )  # fmt: skip

        text = part_of(pavel, portrait, "video_list")

        assert "Being prepared" in text
        assert "load delay" in text


class TestDetails:
    def test_title_and_order_are_saved(self, pavel: Staff) -> None:
        portrait = shown()
        order = make_order(client_id=portrait.client_id)
        form = {"title": " Anna  at sea ", "order_id": str(order.id), "version": "1"}

        reply = pavel.post(f"/portraits/{portrait.id}/details", form)

        assert reply.status_code == 303
        changed = portraits.get(portrait.id)
        assert (changed.title, changed.order_id) == ("Anna at sea", order.id)

    def test_who_comes_second_is_shown_both(self, pavel: Staff, olga: Staff) -> None:
        portrait = shown()
        url = f"/portraits/{portrait.id}/details"
        olga.post(url, {"title": "Hers", "version": "1"})

        reply = pavel.post(url, {"title": "His", "version": "1"}, target="details_form")

        assert reply.status_code == 409
        assert "Hers" in reply.text
        assert 'value="His"' in reply.text
        assert 'value="2"' in reply.text
        assert portraits.get(portrait.id).title == "Hers"

    @pytest.mark.parametrize(
        ("form", "field"), [({"title": "x" * 121}, "title"), ({"order_id": "x"}, "order_id")]
    )
    def test_a_refusal_stands_at_its_field(
        self, pavel: Staff, form: dict[str, str], field: str
    ) -> None:
        portrait = shown()
        url = f"/portraits/{portrait.id}/details"

        reply = pavel.post(url, {"version": "1", **form}, target="details_form")

        assert reply.status_code == 422
        assert re.search(rf'id="{field}_error">[^<]+<', reply.text)

    def test_an_order_of_somebody_else_is_refused(self, pavel: Staff) -> None:
        portrait = shown()
        form = {"title": "", "version": "1", "order_id": str(make_order().id)}

        reply = pavel.post(f"/portraits/{portrait.id}/details", form, target="details_form")

        assert reply.status_code == 422
        assert "belongs to another client" in reply.text


class TestList:
    def test_as_pictures_and_as_a_list(self, pavel: Staff) -> None:
        portrait = shown(rating=2, title="Sea")
        make_video(portrait_id=portrait.id)

        cards, rows = pavel.get("/portraits").text, pavel.get("/portraits?view=table").text

        assert '<ul class="cards">' in cards
        assert '<table class="table orders">' in rows
        for text in (cards, rows):
            assert f"/portraits/{portrait.id}" in text
            assert "2 of 5" in text

    def test_filters_go_on_in_every_link(self, pavel: Staff) -> None:
        client = make_client(name="Filter")
        for _ in range(19):
            make_portrait(client_id=client.id, rating=1)

        text = pavel.get("/portraits?only=poor&view=table&q=filter").text

        more = re.search(r'href="(/portraits\?[^"]*after=[^"]*)"', text)
        assert more
        assert all(part in more[1] for part in ("only=poor", "view=table", "q=filter"))
        rest = pavel.get(more[1].replace("&amp;", "&"), target="portrait_more").text
        assert rest.count("<tr") == 1

    def test_what_is_typed_swaps_the_cards(self, pavel: Staff) -> None:
        shown(title="Sea")
        shown(title="Hill")

        text = pavel.get("/portraits?q=sea", target="portrait_cards").text

        assert "Sea" in text
        assert "Hill" not in text
        assert "No portrait found" in pavel.get("/portraits?q=nothing").text

    def test_a_filter_that_there_is_not_is_refused(self, pavel: Staff) -> None:
        assert pavel.get("/portraits?only=x").status_code == 404

    def test_as_csv_in_its_filters(self, pavel: Staff) -> None:
        portrait = shown(rating=1, title="=1+1")
        shown(rating=5)

        reply = pavel.get("/portraits/table.csv?only=poor")

        text = reply.get_data().decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text, newline=""))
        assert set(row) == set(PORTRAIT_COLUMNS)
        assert (row["title"], row["rating"], row["order"]) == ("'=1+1", "1", "")
        assert row["address"].endswith(f"/v/{row['code']}")
        assert portrait.client.name == row["client"]
