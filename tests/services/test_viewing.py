"""What a printed code shows: rules of portraits and orders, albums, and which video plays."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import OLGA, make_order, make_portrait, make_public_code, make_video
from vertex.errors import ClosedError, ConflictError, GoneError, InvalidError, NotFoundError
from vertex.extensions import db
from vertex.models import AuditEntry, Playing, Portrait, Video, VideoStatus, utcnow
from vertex.services import programmes, rules, video_changes, videos, viewing
from vertex.services._transaction import atomic
from vertex.services.rules import RulesDraft

pytestmark = pytest.mark.usefixtures("vertex_app")

NOW = utcnow()
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)


def shown(**given: Any) -> tuple[Portrait, str]:
    portrait = make_portrait(**given)
    make_video(portrait_id=portrait.id)
    return portrait, make_public_code(portrait_id=portrait.id).code


def refusal(code: str, proof: str | None = None) -> str:
    with pytest.raises((ClosedError, NotFoundError)) as refused:
        viewing.view(code, proof=proof)
    return refused.value.code


def test_what_has_no_rules_is_open() -> None:
    portrait, code = shown()

    view = viewing.view(code)

    assert [one.portrait.id for one in view.shown] == [portrait.id]
    assert view.find(None).video is not None
    assert view.order is None


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"paused": True}, "paused"),
        ({"opens_at": TOMORROW}, "opens_later"),
        ({"closes_at": YESTERDAY}, "expired"),
        ({"pin_hash": "something"}, "pin_needed"),
        ({"pin_hash": "something", "paused": True}, "pin_needed"),
        ({"deleted_at": YESTERDAY}, "code_gone"),
    ],
)
def test_a_rule_closes_it(rule: dict[str, Any], code: str) -> None:
    assert refusal(shown(**rule)[1]) == code


@pytest.mark.parametrize(
    "rule", [{"opens_at": YESTERDAY}, {"closes_at": TOMORROW}, {"paused": False}]
)
def test_a_rule_that_allows_it_leaves_it_open(rule: dict[str, Any]) -> None:
    assert viewing.view(shown(**rule)[1]).shown


@pytest.mark.parametrize("rule", ["paused", "opens_at", "closes_at", "pin_hash"])
def test_an_orders_rules_hold_for_its_portraits(rule: str) -> None:
    value = {"paused": True, "opens_at": TOMORROW, "closes_at": YESTERDAY, "pin_hash": "x"}[rule]
    order = make_order(**{rule: value})

    assert refusal(shown(order_id=order.id)[1])


def test_a_portraits_own_times_come_before_its_orders() -> None:
    order = make_order(closes_at=YESTERDAY)

    assert viewing.view(shown(order_id=order.id, closes_at=TOMORROW)[1]).shown


def test_a_code_that_never_was_and_one_that_names_nothing_any_more() -> None:
    empty = make_public_code(portrait_id=None)

    assert refusal("0000000000") == "code_unknown"
    with pytest.raises(GoneError):
        viewing.view(empty.code)


def test_a_proof_holds_until_the_pin_changes() -> None:
    portrait, code = shown(pin_hash="one")
    proof = viewing.proof_of(viewing.rules_of(code))
    assert viewing.view(code, proof=proof).shown
    assert refusal(code, "another") == "pin_needed"

    with atomic():
        portrait.pin_hash = "two"

    assert refusal(code, proof) == "pin_needed"


class TestAlbum:
    def test_shows_all_that_its_rules_allow(self) -> None:
        order = make_order(pin_hash="album")
        open_ones = [shown(order_id=order.id)[0] for _ in range(2)]
        shown(order_id=order.id, pin_hash="its own")
        shown(order_id=order.id, paused=True)
        shown(order_id=order.id, closes_at=YESTERDAY)
        shown(order_id=order.id, deleted_at=YESTERDAY)
        code = make_public_code(order_id=order.id).code
        assert refusal(code) == "pin_needed"

        view = viewing.view(code, proof=viewing.proof_of(viewing.rules_of(code)))

        assert [one.portrait.id for one in view.shown] == [one.id for one in open_ones]
        with pytest.raises(NotFoundError):
            view.find(make_portrait().id)

    def test_one_may_be_watched_by_its_own_code_alone(self) -> None:
        order = make_order()
        portrait, code = shown(order_id=order.id)
        shown(order_id=order.id)

        assert [one.portrait.id for one in viewing.view(code).shown] == [portrait.id]


class TestProgramme:
    def video(self, portrait: Portrait, **given: Any) -> Video:
        return make_video(portrait_id=portrait.id, **{"active": False, **given})

    def test_the_chosen_one_plays_and_no_other(self) -> None:
        portrait = make_portrait()
        chosen, other = self.video(portrait, active=True), self.video(portrait)

        assert programmes.now_playing(portrait) == chosen
        assert programmes.playable(portrait, chosen.id) == chosen
        assert programmes.playable(portrait, other.id) is None

    def test_by_time(self) -> None:
        portrait = make_portrait(playing=Playing.SCHEDULE)
        chosen = self.video(portrait, active=True)
        self.video(portrait, plays_from=TOMORROW)
        self.video(portrait, plays_until=YESTERDAY)
        assert programmes.now_playing(portrait) == chosen

        due = self.video(portrait, plays_from=YESTERDAY, plays_until=TOMORROW)
        later = self.video(portrait, plays_from=NOW - timedelta(hours=1))

        assert programmes.now_playing(portrait) == later
        assert programmes.playable(portrait, due.id) is None

    def test_in_turn_one_a_visit(self) -> None:
        portrait = make_portrait(playing=Playing.TURN)
        made = [self.video(portrait, active=n == 0) for n in range(3)]
        self.video(portrait, status=VideoStatus.PROCESSING, file_key=None)
        seen = []

        for _ in range(4):
            seen.append(programmes.now_playing(portrait))
            before = portrait.updated_at
            programmes.take_turn(portrait.id)
            db.session.refresh(portrait)
            assert portrait.updated_at == before

        assert seen == [*made, made[0]]
        assert all(programmes.playable(portrait, video.id) for video in made)

    def test_nothing_ready_plays_nothing(self) -> None:
        assert programmes.now_playing(make_portrait(playing=Playing.TURN)) is None

    def test_of_another_portrait_none_may_be_played(self) -> None:
        view = viewing.view(shown()[1])

        with pytest.raises(NotFoundError):
            viewing.video_of(view, make_video().id)

    def test_choosing_binning_and_restoring(self) -> None:
        portrait = make_portrait()
        first, second = self.video(portrait, active=True), self.video(portrait)
        videos.choose(second.id, actor=OLGA)
        assert videos.active_for(portrait.id) == second

        videos.move_to_bin(second.id, actor=OLGA)
        assert videos.active_for(portrait.id) == first

        videos.restore(second.id, of=portrait.id, actor=OLGA)
        assert videos.active_for(portrait.id) == first

        unready = self.video(portrait, file_key=None)
        with pytest.raises(ConflictError):
            videos.choose(unready.id, actor=OLGA)

    def test_a_schedule_that_ends_before_it_begins_is_refused(self) -> None:
        video = self.video(make_portrait())

        with pytest.raises(InvalidError):
            video_changes.schedule(video.id, begins=TOMORROW, ends=YESTERDAY, actor=OLGA)

        assert db.session.get_one(Video, video.id).plays_from is None


class TestChange:
    def test_sets_all_and_keeps_the_pin_unless_told(self) -> None:
        portrait = make_portrait()
        rules.change_portrait(portrait.id, RulesDraft(pin="1234", downloads=True), actor=OLGA)
        first = portrait.pin_hash
        assert first is not None and "1234" not in first

        rules.change_portrait(portrait.id, RulesDraft(playing=Playing.TURN), actor=OLGA)
        assert (portrait.pin_hash, portrait.downloads, portrait.playing) == (
            first, None, Playing.TURN,
        )  # fmt: skip

        rules.change_portrait(portrait.id, RulesDraft(pin=""), actor=OLGA)
        assert portrait.pin_hash is None

    def test_is_written_down_without_the_pin(self) -> None:
        order = make_order()

        rules.change_order(order.id, RulesDraft(pin="4321", closes_at=TOMORROW), actor=OLGA)

        entry = db.session.query(AuditEntry).filter_by(subject=f"order:{order.id}").one()
        assert entry.details["pin"] == "new"
        assert "4321" not in str(entry.details)

    @pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "١٢٣٤"])
    def test_a_pin_has_four_to_eight_digits(self, pin: str) -> None:
        portrait = make_portrait()

        with pytest.raises(InvalidError) as refused:
            rules.change_portrait(portrait.id, RulesDraft(pin=pin, paused=True), actor=OLGA)

        assert (refused.value.code, refused.value.field) == ("pin_malformed", "pin")
        assert portrait.paused is None

    def test_an_end_before_the_beginning_is_refused(self) -> None:
        draft = RulesDraft(opens_at=TOMORROW, closes_at=YESTERDAY)

        with pytest.raises(InvalidError) as refused:
            rules.change_portrait(make_portrait().id, draft, actor=OLGA)

        assert refused.value.field == "closes_at"
