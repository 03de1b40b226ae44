"""Fragments of the staff pages with things to show, stored nowhere."""

from collections.abc import Mapping
from typing import Any

from vertex.blueprints.account.forms import PasswordForm, ProfileForm
from vertex.blueprints.clients.forms import ClientForm
from vertex.blueprints.dev._parts import Sample, client
from vertex.blueprints.dev.samples_of_batches import SAMPLES as BATCH_SAMPLES
from vertex.blueprints.dev.samples_of_clients import SAMPLES as CLIENT_SAMPLES
from vertex.blueprints.dev.samples_of_home import numbers_of_home
from vertex.blueprints.dev.samples_of_imports import SAMPLES as IMPORT_SAMPLES
from vertex.blueprints.dev.samples_of_orders import SAMPLES as ORDER_SAMPLES
from vertex.blueprints.dev.samples_of_portraits import SAMPLES as PORTRAIT_SAMPLES
from vertex.blueprints.dev.samples_of_telling import SAMPLES as TELLING_SAMPLES
from vertex.blueprints.studio.forms import LogoForm, StudioForm
from vertex.models import (
    Client,
    Job,
    JobState,
    Session,
    utcnow,
    uuid7,
)
from vertex.services.client_lists import Page as ClientPage
from vertex.services.job_steering import Page as JobPage
from vertex.services.studio import MAX_LOGO_BYTES, Studio
from vertex.web.browsers import describe
from vertex.web.studio import face_of


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


def _client_form(**given: Any) -> dict[str, Any]:
    return {"form": ClientForm(), "client": None, "theirs": None, "similar": [], **given}


def _count(count: int) -> dict[str, Any]:
    return {"count": count, "most_counted": 5_000}


def _rows(*clients: Client, typed: str = "", **given: bool) -> dict[str, Any]:
    lists = {"binned": False, "doubled": False, **given}
    return {"page": ClientPage(clients, None), "typed": typed, **lists}


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
    **CLIENT_SAMPLES,
    "client-rows-same-name": Sample(
        "clients/index.html", "client_rows", lambda: _rows(client(), client(), doubled=True)
    ),
    "client-rows-no-name-twice": Sample(
        "clients/index.html", "client_rows", lambda: _rows(doubled=True)
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
    **BATCH_SAMPLES,
    **IMPORT_SAMPLES,
    **ORDER_SAMPLES,
    **TELLING_SAMPLES,
    **PORTRAIT_SAMPLES,
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
