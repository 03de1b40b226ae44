"""Jobs: list, retry and cancel."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, get_template_attribute, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from vertex import jobs as work
from vertex.errors import ForbiddenError, NotFoundError
from vertex.models import Job, JobState, Role, utcnow
from vertex.services import job_steering, jobs, portraits
from vertex.web.auth import actor, me
from vertex.web.htmx import go_to, is_htmx, render_page
from vertex.web.requests import asked_uuid
from vertex.web.toasts import toast, toast_now

bp = Blueprint("jobs", __name__)

_ASK_AGAIN, _ASK_LATER = 3, 15  # s


@bp.before_request
def refuse() -> None:
    """Be there for admins only."""
    if me().role is not Role.ADMIN:
        raise ForbiddenError


@bp.get("")
def index() -> ResponseReturnValue:
    """List jobs, the newest first; what is not done yet asks again by itself."""
    state, after, until = _asked_state(), asked_uuid("after"), asked_uuid("until")
    page = job_steering.page(state=state, after=after, until=until)
    return render_page(
        "jobs/index.html",
        fragments=("job_rows", "job_more"),
        page=page,
        names=_names(page.jobs),
        state=state,
        states=list(JobState),
        # what comes later is added above, and what “more” has shown stays where it is
        until=page.jobs[-1].id if page.jobs else until,
        ask_again=None if after else _pause(page.jobs),
        continued=is_htmx() and request.headers.get("HX-Target") == "job_more",
        most=jobs.MOST_ATTEMPTS,
    )


@bp.post("/<uuid:job_id>/retry")
def retry(job_id: UUID) -> ResponseReturnValue:
    """Give a job that has ended badly all its attempts anew."""
    return _changed(work.retry(job_id, actor=actor()), _("It is tried again."))


@bp.post("/<uuid:job_id>/cancel")
def cancel(job_id: UUID) -> ResponseReturnValue:
    """Take a job out of the queue, or out of its worker's hands."""
    return _changed(work.cancel(job_id, actor=actor()), _("It is cancelled."))


def _changed(job: Job, text: str) -> ResponseReturnValue:
    if not is_htmx():
        toast(text)
        return go_to(url_for(".index"))
    row = get_template_attribute("macros/jobs.html", "job_row")
    return str(row(job, _names([job]), jobs.MOST_ATTEMPTS)) + toast_now(text)


def _asked_state() -> JobState | None:
    asked = request.args.get("state", "")
    if asked and asked not in list(JobState):
        raise NotFoundError(kind="page")
    return JobState(asked) if asked else None


def _names(found: Sequence[Job]) -> Mapping[str, str]:
    """The clients' names by what the jobs are about."""
    return portraits.names_of({job.subject for job in found})


def _pause(found: Sequence[Job]) -> int | None:
    """After how many seconds the list asks again; None if nothing in it is under way."""
    open_ = [job for job in found if job.state in jobs.OPEN]
    if any(job.state is JobState.RUNNING or job.run_at <= utcnow() for job in open_):
        return _ASK_AGAIN
    return _ASK_LATER if open_ else None
