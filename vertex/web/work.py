"""Jobs and notifications in words."""

from collections.abc import Mapping

from flask import Flask, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from vertex.models import JobState, Notification, NotificationType
from vertex.services import notifications
from vertex.web.auth import somebody
from vertex.web.links import url_of

KINDS: Mapping[str, LazyString] = {
    "marker.build": _("Making a marker"),
    "video.convert": _("Preparing a video"),
    "mail.send": _("Sending an e-mail"),
    "proof.make": _("Proving a portrait"),
    "import.run": _("Importing"),
    "imports.forget": _("Forgetting imports that nobody began"),
    "export.make": _("Making an export"),
    "exports.forget": _("Forgetting exports that nobody fetched"),
    "backup.make": _("Making a backup"),
    "bin.empty": _("Erasing what has lain in the bin for long"),
    "files.drop": _("Removing files that nothing names"),
    "jobs.prune": _("Forgetting old jobs"),
    "letters.forget": _("Forgetting e-mails that could not be sent"),
    "notifications.forget": _("Forgetting old notifications"),
    "search.tidy": _("Keeping searches quick"),
    "sessions.forget": _("Forgetting expired sign-ins"),
    "submissions.forget": _("Forgetting forms sent long ago"),
    "uploads.forget": _("Forgetting files that never arrived completely"),
    "visits.forget": _("Forgetting visits of long ago"),
}
_STATES: Mapping[JobState, LazyString] = {
    JobState.QUEUED: _("Waiting"),
    JobState.RUNNING: _("Under way"),
    JobState.DONE: _("Done"),
    JobState.FAILED: _("Failed"),
    JobState.CANCELLED: _("Cancelled"),
}
_TOLD: Mapping[NotificationType, LazyString] = {
    NotificationType.VIDEO_FAILED: _("A video could not be prepared."),
    NotificationType.NOTHING_FOUND: _(
        "A print is looked at, and no camera recognises it. Please look at the print."
    ),
    NotificationType.APPROVAL_GIVEN: _("The client has approved order %(number)s."),
    NotificationType.APPROVAL_CHANGE: _("The client asks for a change to order %(number)s."),
    NotificationType.MAIL_FAILED: _("The e-mail to %(recipient)s could not be sent."),
    NotificationType.LOOK_ALIKE: _(
        "A phone would take this portrait for another one of its order. "
        "Please look before you print."
    ),
    NotificationType.JOB_FAILED: _("Given up after several attempts: %(work)s"),
}


def work(kind: str) -> str:
    """What a job of this kind does."""
    return str(KINDS.get(kind, kind))


def job_state(state: JobState) -> str:
    """Where a job is on its way."""
    return str(_STATES[state])


def told(notification: Notification) -> str:
    """The sentence of a notification."""
    parameters = notification.parameters
    return str(_TOLD[notification.type]) % {
        "work": work(str(parameters.get("kind", ""))),
        "number": parameters.get("number", ""),
        "recipient": parameters.get("recipient", ""),
    }


def told_about(notification: Notification) -> str:
    """The page of what a notification is about."""
    return url_of(notification.subject) or url_for("jobs.index", state=JobState.FAILED.value)


def unread_count() -> int:
    """How many notifications the person who asks has yet to read."""
    identity = somebody()
    return notifications.unread_count(identity.user_id) if identity else 0


def init_app(app: Flask) -> None:
    """Give the templates their words for jobs and notifications."""
    app.jinja_env.globals["unread_count"] = unread_count
    app.jinja_env.filters["work"] = work
    app.jinja_env.filters["job_state"] = job_state
    app.jinja_env.filters["told"] = told
    app.jinja_env.filters["told_about"] = told_about
    app.jinja_env.filters["page_of"] = url_of
