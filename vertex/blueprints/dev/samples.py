"""Fragments of the staff pages with things to show, stored nowhere."""

from collections.abc import Mapping
from typing import Any

from vertex.blueprints.account.forms import PasswordForm, ProfileForm
from vertex.blueprints.clients.forms import ClientForm
from vertex.blueprints.dev._parts import LIMITS, Sample, client, portrait, video
from vertex.blueprints.dev.samples_of_home import numbers_of_home
from vertex.blueprints.dev.samples_of_orders import SAMPLES as ORDER_SAMPLES
from vertex.blueprints.portraits.forms import (
    PortraitForm,
    PortraitRulesForm,
    VideoForm,
    WishesForm,
)
from vertex.blueprints.studio.forms import LogoForm, StudioForm
from vertex.models import (
    AuditAction,
    AuditEntry,
    Client,
    Job,
    JobState,
    Portrait,
    PortraitStatus,
    Recognisable,
    Session,
    utcnow,
    uuid7,
)
from vertex.services.audit import Event
from vertex.services.clients import Page as ClientPage
from vertex.services.job_steering import Page as JobPage
from vertex.services.portraits import Page as PortraitPage
from vertex.services.studio import MAX_LOGO_BYTES, Studio
from vertex.web.browsers import describe
from vertex.web.findings import failure_in_words, in_words
from vertex.web.studio import face_of


def _marker(**given: Any) -> dict[str, Any]:
    shown = portrait(**given)
    return {
        "portrait": shown,
        "working": False,  # here nothing would ever end it
        "ask_again": 1,
        "failed": shown.status is PortraitStatus.FAILED,
        "recognisable": shown.recognisable is Recognisable.YES,
    }


def _video(
    *, converting: float | None = None, trouble: str | None = None, **given: Any
) -> dict[str, Any]:
    codes = ("codec", "turned") if converting is None and trouble is None else ()
    findings = [{"code": code, "found": "HEVC", "made": ""} for code in codes]
    return {
        "portrait": portrait(),
        "video": video(**given),
        "converting": converting,
        "ask_again": 3600,  # here nothing would ever end it
        "trouble": failure_in_words(trouble) if trouble else None,
        "findings": in_words(findings),
    }


def _jobs() -> dict[str, Any]:
    def job(state: JobState, **given: Any) -> Job:
        return Job(
            id=uuid7(), kind="marker.build", subject=f"portrait:{uuid7()}", state=state, attempts=1,
            run_at=utcnow(), created_at=utcnow(), **given,
        )  # fmt: skip

    ended = {"finished_at": utcnow()}
    jobs = [
        job(JobState.QUEUED),
        job(JobState.RUNNING, progress=0.4),
        job(JobState.DONE, **ended),
        job(JobState.FAILED, error="MissingFileError: previews/…", **ended),
        job(JobState.CANCELLED, **ended),
    ]
    names = {job.subject: "Анна Семёнова" for job in jobs}
    # here nothing would ever end them
    return {"page": JobPage(jobs, None), "names": names, "most": 5, "ask_again": None}


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


def _count(count: int) -> dict[str, Any]:
    return {"count": count, "most_counted": 5_000}


def _rows(*clients: Client, typed: str = "", binned: bool = False) -> dict[str, Any]:
    return {"page": ClientPage(clients, None), "typed": typed, "binned": binned}


def _cards(*portraits: Portrait, binned: bool = False) -> dict[str, Any]:
    return {"page": PortraitPage(portraits, None), "binned": binned}


def _upload(**given: Any) -> dict[str, Any]:
    return {"form": PortraitForm(), "chosen": None, "order": None, "known": [], **LIMITS, **given}


def _sessions() -> dict[str, Any]:
    here = Session(id=uuid7(), user_agent="Chrome Android", ip="192.0.2.1", last_seen_at=utcnow())
    there = Session(id=uuid7(), user_agent="Safari iPhone", ip="192.0.2.2", last_seen_at=utcnow())
    return {"sessions": [here, there], "here": here.id, "describe": describe}


def _studio(*, theirs: bool = False) -> dict[str, Any]:
    studio = Studio(
        name="Ателье «Свет»", accent="#2b6cb0", phone="+79161234567", email="hello@example.com",
        website="https://example.com", address="Невский пр., 1",
        logo_key=f"studio/{uuid7()}/{'0' * 32}.png", logo_width=320, logo_height=120,
    )  # fmt: skip
    return {
        "form": StudioForm(obj=studio),
        "logo": LogoForm(),
        "theirs": studio if theirs else None,
        "current": face_of(studio),
        "shown": face_of(studio),
        "max_logo": MAX_LOGO_BYTES,
    }


SAMPLES: Mapping[str, Sample] = {
    "counts": Sample("home/index.html", "counts", numbers_of_home),
    "counts-calm": Sample("home/index.html", "counts", lambda: numbers_of_home(is_calm=True)),
    "client-count": Sample("clients/index.html", "client_count", lambda: _count(12)),
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
    **ORDER_SAMPLES,
    "portrait-count": Sample("portraits/index.html", "portrait_count", lambda: _count(34)),
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
    "video-being-prepared": Sample(
        "portraits/show.html", "video_state", lambda: _video(converting=0.4, file_key=None)
    ),
    "video-ready": Sample("portraits/show.html", "video_state", _video),
    "video-failed": Sample(
        "portraits/show.html", "video_state", lambda: _video(trouble="not_made", file_key=None)
    ),
    "wishes-form": Sample(
        "portraits/show.html",
        "wishes_form",
        lambda: {"wishes": WishesForm(), "portrait": portrait(), "video": video()},
    ),
    "rules-form": Sample(
        "portraits/show.html",
        "rules_form",
        lambda: {
            "rules": PortraitRulesForm(),
            "portrait": portrait(),
            "has_pin": True,
            "order": None,
        },
    ),
    "video-form": Sample(
        "portraits/show.html",
        "video_form",
        lambda: {"form": VideoForm(), "portrait": portrait(), **LIMITS},
    ),
    "timeline": Sample(
        "portraits/show.html", "timeline", lambda: {"portrait": portrait(), "events": _events()}
    ),
    "job-rows": Sample("jobs/index.html", "job_rows", _jobs),
    "profile-form": Sample("account/show.html", "profile_form", lambda: {"profile": ProfileForm()}),
    "password-form": Sample(
        "account/show.html", "password_form", lambda: {"password": PasswordForm()}
    ),
    "studio-form": Sample("studio/show.html", "studio_form", _studio),
    "studio-form-conflict": Sample("studio/show.html", "studio_form", lambda: _studio(theirs=True)),
    "logo-form": Sample("studio/show.html", "logo_form", _studio),
    "studio-preview": Sample("studio/show.html", "studio_preview", _studio),
    "session-list": Sample("account/show.html", "session_list", _sessions),
}
