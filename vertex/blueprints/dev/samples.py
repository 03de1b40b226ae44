"""Fragments of the staff pages with things to show, stored nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vertex.blueprints.account.forms import PasswordForm, ProfileForm
from vertex.blueprints.clients.forms import ClientForm
from vertex.blueprints.portraits.forms import PortraitForm, VideoForm
from vertex.models import (
    AuditAction,
    AuditEntry,
    Client,
    Portrait,
    PortraitStatus,
    Recognisable,
    Session,
    utcnow,
    uuid7,
)
from vertex.services.audit import Event
from vertex.services.clients import Page as ClientPage
from vertex.services.portraits import Page as PortraitPage
from vertex.web.browsers import describe

_LIMITS = {"max_image": 50 * 1024**2, "max_video": 250 * 1024**2}


@dataclass(frozen=True, slots=True)
class Sample:
    """A block of a page, and what it is shown with."""

    template: str
    block: str
    context: Callable[[], dict[str, Any]]


def client(name: str = "Анна Семёнова") -> Client:
    """A client who is not stored."""
    now = utcnow()
    return Client(
        id=uuid7(), name=name, phone="+79161234567", notes="Wedding in June", email=None,
        version=1, created_at=now, updated_at=now,
    )  # fmt: skip


def portrait(**given: Any) -> Portrait:
    """A portrait that is not stored."""
    ready = {"status": PortraitStatus.READY, "recognisable": Recognisable.YES}
    return Portrait(
        id=uuid7(), client=client(), title="", width=600, height=800, created_at=utcnow(),
        marker_preview_key=None, **{**ready, **given},
    )  # fmt: skip


def _marker(**given: Any) -> dict[str, Any]:
    shown = portrait(**given)
    return {
        "portrait": shown,
        "working": False,  # here nothing would ever end it
        "ask_again": 1,
        "failed": shown.status is PortraitStatus.FAILED,
        "recognisable": shown.recognisable is Recognisable.YES,
    }


def _refused() -> ClientForm:
    form = ClientForm(name="", phone="12")
    form.phone.errors = ["“12” is not a phone number. Write it like +7 916 123-45-67."]
    form.form_errors.append("This form is incomplete. Please reload the page and send it again.")
    return form


def _events() -> list[Event]:
    actions = (AuditAction.MARKER_BUILT, AuditAction.VIDEO_ATTACHED, AuditAction.PORTRAIT_CREATED)
    return [
        Event(AuditEntry(action=action, details={}, created_at=utcnow()), "Olga")
        for action in actions
    ]


def _client_form(**given: Any) -> dict[str, Any]:
    return {"form": ClientForm(), "client": None, "theirs": None, "similar": [], **given}


def _rows(*clients: Client, typed: str = "", binned: bool = False) -> dict[str, Any]:
    return {"page": ClientPage(clients, None), "typed": typed, "binned": binned}


def _cards(*portraits: Portrait, binned: bool = False) -> dict[str, Any]:
    return {"page": PortraitPage(portraits, None), "binned": binned}


def _upload(**given: Any) -> dict[str, Any]:
    return {"form": PortraitForm(), "chosen": None, "known": [], **_LIMITS, **given}


def _sessions() -> dict[str, Any]:
    here = Session(id=uuid7(), user_agent="Chrome Android", ip="192.0.2.1", last_seen_at=utcnow())
    there = Session(id=uuid7(), user_agent="Safari iPhone", ip="192.0.2.2", last_seen_at=utcnow())
    return {"sessions": [here, there], "here": here.id, "describe": describe}


SAMPLES: Mapping[str, Sample] = {
    "counts": Sample("home/index.html", "counts", lambda: {"clients": 12, "portraits": 34}),
    "client-count": Sample("clients/index.html", "client_count", lambda: {"count": 12}),
    "client-rows": Sample("clients/index.html", "client_rows", lambda: _rows(client())),
    "client-rows-none": Sample("clients/index.html", "client_rows", lambda: _rows()),
    "client-rows-not-found": Sample(
        "clients/index.html", "client_rows", lambda: _rows(typed="Zoë")
    ),
    "client-rows-bin": Sample(
        "clients/index.html", "client_rows", lambda: _rows(client(), binned=True)
    ),
    "client-form": Sample("clients/form.html", "client_form", _client_form),
    "client-form-refused": Sample(
        "clients/form.html", "client_form", lambda: _client_form(form=_refused())
    ),
    "client-form-conflict": Sample(
        "clients/form.html", "client_form", lambda: _client_form(client=client(), theirs=client())
    ),
    "similar-clients": Sample(
        "clients/form.html", "similar_clients", lambda: _client_form(similar=[client()])
    ),
    "portrait-count": Sample("portraits/index.html", "portrait_count", lambda: {"count": 34}),
    "portrait-cards-none": Sample("portraits/index.html", "portrait_cards", lambda: _cards()),
    "portrait-cards": Sample(
        "portraits/index.html", "portrait_cards", lambda: _cards(portrait(), portrait())
    ),
    "portrait-form": Sample("portraits/create.html", "portrait_form", _upload),
    "known-clients": Sample(
        "portraits/create.html", "known_clients", lambda: _upload(known=[client()])
    ),
    "marker-being-prepared": Sample(
        "portraits/show.html",
        "marker_state",
        lambda: _marker(status=PortraitStatus.PROCESSING, recognisable=Recognisable.UNKNOWN),
    ),
    "marker-ready": Sample("portraits/show.html", "marker_state", _marker),
    "marker-not-recognisable": Sample(
        "portraits/show.html", "marker_state", lambda: _marker(recognisable=Recognisable.NO)
    ),
    "marker-failed": Sample(
        "portraits/show.html", "marker_state", lambda: _marker(status=PortraitStatus.FAILED)
    ),
    "video-form": Sample(
        "portraits/show.html",
        "video_form",
        lambda: {"form": VideoForm(), "portrait": portrait(), **_LIMITS},
    ),
    "timeline": Sample(
        "portraits/show.html", "timeline", lambda: {"portrait": portrait(), "events": _events()}
    ),
    "profile-form": Sample("account/show.html", "profile_form", lambda: {"profile": ProfileForm()}),
    "password-form": Sample(
        "account/show.html", "password_form", lambda: {"password": PasswordForm()}
    ),
    "session-list": Sample("account/show.html", "session_list", _sessions),
}
