"""Fragments of the portraits' pages with things to show, stored nowhere."""

from collections.abc import Mapping
from typing import Any

from vertex.blueprints.dev._parts import LIMITS, Sample, client, portrait, video
from vertex.blueprints.portraits.forms import (
    DetailsForm,
    PortraitForm,
    PortraitRulesForm,
    VideoForm,
    WishesForm,
)
from vertex.models import (
    AuditAction,
    AuditEntry,
    LookAlike,
    Portrait,
    PortraitStatus,
    Proof,
    Recognisable,
    utcnow,
)
from vertex.services.audit import Event
from vertex.services.portrait_lists import Only, Wish
from vertex.services.portraits import Page
from vertex.web.findings import failure_in_words, in_words

_NEVER = 3600  # s; here nothing would ever end what is waited for


def _proof(*, rating: int | None = 4, **given: Any) -> dict[str, Any]:
    advice = [] if rating == 5 else [{"code": "sharper"}, {"code": "texture", "percent": 31}]
    looks = 0 if rating is None else 100
    proof = Proof(
        recognised=71, looks=looks, smallest_size=0.25, largest_angle=50.0, advice=advice,
        picture_key="previews/features.jpg" if rating else None,
    )  # fmt: skip
    shown: dict[str, Any] = {
        "portrait": portrait(rating=rating),
        "proof": proof,
        "proving": None,
        "alike": [],
    }
    return {**shown, "ask_again": _NEVER, "waits": False, "failed": False, **given}


def _alike() -> list[LookAlike]:
    other = portrait(title="Twins")
    return [LookAlike(other_id=other.id, other=other, confused=4, looks=6)]


def _marker(**given: Any) -> dict[str, Any]:
    shown = portrait(**given)
    return {
        "portrait": shown,
        "working": False,
        "ask_again": 1,
        "failed": shown.status is PortraitStatus.FAILED,
        "recognisable": shown.recognisable is Recognisable.YES,
    }


def _video(
    *, converting: float | None = None, trouble: str | None = None, **given: Any
) -> dict[str, Any]:
    codes = ("codec", "turned") if converting is None and trouble is None else ()
    findings = [{"code": code, "found": "HEVC", "made": ""} for code in codes]
    shown = video(**given)
    return {
        "portrait": portrait(),
        "video": shown,
        "videos": [shown],
        "converting": converting,
        "ask_again": _NEVER,
        "trouble": failure_in_words(trouble) if trouble else None,
        "findings": in_words(findings),
    }


def _videos() -> dict[str, Any]:
    kept = {"created_at": utcnow(), "made_revision": 1}
    some = [
        video(active=True, **kept),
        video(**kept),
        video(**{**kept, "made_revision": None}, file_key=None, poster_key=None),
        video(**kept, reason="not_made", file_key=None),
    ]
    return {
        "portrait": portrait(),
        "video": some[1],
        "videos": some,
        "playing": some[0],
        "focus": None,
        "binned_videos": [video(**kept, deleted_at=utcnow())],
        "more_come": False,
        "ask_again": _NEVER,
    }


def _details(*, theirs: bool = False) -> dict[str, Any]:
    form = DetailsForm(title="Anna", version=1)
    form.offer([])
    other = portrait(title="Anna Maria") if theirs else None
    return {"details": form, "portrait": portrait(), "theirs": other}


def _cards(*portraits: Portrait, **asked: str) -> dict[str, Any]:
    only = Only(asked["only"]) if "only" in asked else None
    wish = Wish(typed=asked.get("q", ""), only=only, binned="bin" in asked)
    return {
        "page": Page(portraits, None),
        "wish": wish,
        "asked": asked,
        "as_rows": asked.get("view") == "table",
    }


def _some() -> list[Portrait]:
    states: tuple[dict[str, Any], ...] = (
        {"rating": 4},
        {"rating": 1},
        {"recognisable": Recognisable.NO},
        {},
    )
    return [portrait(**state) for state in states]


def _upload(**given: Any) -> dict[str, Any]:
    return {"form": PortraitForm(), "chosen": None, "order": None, "known": [], **LIMITS, **given}


def _events() -> list[Event]:
    told: tuple[tuple[AuditAction, dict[str, Any]], ...] = (
        (AuditAction.PROOF_MADE, {"rating": 4}),
        (AuditAction.MARKER_BUILT, {}),
        (AuditAction.VIDEO_ATTACHED, {}),
        (AuditAction.PORTRAIT_CREATED, {}),
    )
    return [
        Event(AuditEntry(action=action, details=details, created_at=utcnow()), "Olga")
        for action, details in told
    ]


_SHOW, _INDEX, _CREATE = "portraits/show.html", "portraits/index.html", "portraits/create.html"

SAMPLES: Mapping[str, Sample] = {
    "portrait-count": Sample(
        _INDEX, "portrait_count", lambda: {"count": 34, "most_counted": 5_000}
    ),
    "portrait-cards-none": Sample(_INDEX, "portrait_cards", _cards),
    "portrait-cards": Sample(_INDEX, "portrait_cards", lambda: _cards(*_some())),
    "portrait-rows": Sample(_INDEX, "portrait_cards", lambda: _cards(*_some(), view="table")),
    "portrait-cards-bin": Sample(_INDEX, "portrait_cards", lambda: _cards(portrait(), bin="1")),
    "portrait-cards-not-found": Sample(_INDEX, "portrait_cards", lambda: _cards(q="Zoë")),
    "portrait-cards-none-of-these": Sample(_INDEX, "portrait_cards", lambda: _cards(only="poor")),
    "portrait-form": Sample(_CREATE, "portrait_form", _upload),
    "known-clients": Sample(_CREATE, "known_clients", lambda: _upload(known=[client()])),
    "proof-waits": Sample(_SHOW, "proof_state", lambda: _proof(proof=None, waits=True)),
    "proof-being-made": Sample(_SHOW, "proof_state", lambda: _proof(proof=None, proving=0.4)),
    "proof-none": Sample(_SHOW, "proof_state", lambda: _proof(proof=None, not_proved=False)),
    "proof-failed": Sample(_SHOW, "proof_state", lambda: _proof(proof=None, not_proved=True)),
    "proof-good": Sample(_SHOW, "proof_state", lambda: _proof(rating=5)),
    "proof-poor": Sample(_SHOW, "proof_state", lambda: _proof(rating=2, alike=_alike())),
    "proof-no-marker": Sample(_SHOW, "proof_state", lambda: _proof(rating=None)),
    "marker-being-prepared": Sample(
        _SHOW,
        "marker_state",
        lambda: _marker(status=PortraitStatus.PROCESSING, recognisable=Recognisable.UNKNOWN),
    ),
    "marker-ready": Sample(_SHOW, "marker_state", _marker),
    "marker-not-recognisable": Sample(
        _SHOW, "marker_state", lambda: _marker(recognisable=Recognisable.NO)
    ),
    "marker-failed": Sample(_SHOW, "marker_state", lambda: _marker(status=PortraitStatus.FAILED)),
    "video-list": Sample(_SHOW, "video_list", _videos),
    "video-being-prepared": Sample(
        _SHOW, "video_state", lambda: _video(converting=0.4, file_key=None)
    ),
    "video-ready": Sample(_SHOW, "video_state", _video),
    "video-failed": Sample(_SHOW, "video_state", lambda: _video(trouble="not_made", file_key=None)),
    "wishes-form": Sample(
        _SHOW,
        "wishes_form",
        lambda: {"wishes": WishesForm(), "portrait": portrait(), "video": video()},
    ),
    "details-form": Sample(_SHOW, "details_form", _details),
    "details-form-conflict": Sample(_SHOW, "details_form", lambda: _details(theirs=True)),
    "rules-form": Sample(
        _SHOW,
        "rules_form",
        lambda: {
            "rules": PortraitRulesForm(),
            "portrait": portrait(pin_hash="x"),
            "order": None,
        },
    ),
    "video-form": Sample(
        _SHOW, "video_form", lambda: {"form": VideoForm(), "portrait": portrait(), **LIMITS}
    ),
    "timeline": Sample(_SHOW, "timeline", lambda: {"portrait": portrait(), "events": _events()}),
}
