"""What each kind of job does: one service call that may safely run twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from vertex.models import utcnow
from vertex.runtime import runtime
from vertex.services import (
    backups,
    batch_exports,
    conversions,
    erasure,
    import_runs,
    imports,
    jobs,
    letters,
    loose_files,
    markers,
    notifications,
    proofs,
    search_upkeep,
    sessions,
    submissions,
    uploads,
    visits,
)
from vertex.services.backups import BACKUP_JOB
from vertex.services.batch_exports import EXPORT_JOB
from vertex.services.imports import IMPORT_JOB
from vertex.services.jobs import Bound, Progress
from vertex.services.letters import SEND_JOB
from vertex.services.loose_files import DROP_JOB
from vertex.services.portraits import MARKER_JOB
from vertex.services.proofs import PROOF_JOB
from vertex.services.sealing import Seal
from vertex.services.videos import CONVERT_JOB
from vertex.web.exports import export_of_code
from vertex.web.imports import tools


def nothing(**_arguments: object) -> None:
    """Leave things as they are: for jobs that are about nothing in particular."""


@dataclass(frozen=True, slots=True)
class Task:
    """How a job is run, and what becomes of its subject when it is given up or tried again.

    `run` is called as `run(progress, **arguments)`. It calls `progress(fraction)` outside of
    transactions, as often as it likes, and lets CancelledJobError through.
    """

    run: Callable[..., object]
    give_up: Callable[..., object] = nothing
    retry: Callable[..., object] | None = None
    heavy: bool = False


def build_marker(_progress: Progress, *, portrait_id: str) -> None:
    """Make the marker of a portrait."""
    markers.build_for(
        portrait_id=UUID(portrait_id), storage=runtime().storage, prove=runtime().settings.prove
    )


def give_up_marker(*, portrait_id: str) -> None:
    """Say of a portrait that its marker could not be made."""
    markers.give_up_on(UUID(portrait_id))


def retry_marker(*, portrait_id: str) -> None:
    """Say of a portrait that its marker is under way again."""
    markers.wait_again(UUID(portrait_id))


def convert_video(progress: Progress, *, video_id: str, revision: int) -> None:
    """Make the films of a video."""
    conversions.convert(
        video_id=UUID(video_id), revision=revision, storage=runtime().storage, progress=progress
    )


def give_up_video(*, video_id: str, revision: int) -> None:
    """Say of a video that its films could not be made."""
    conversions.give_up_on(UUID(video_id), revision)


def retry_video(*, video_id: str, revision: int) -> None:
    """Say of a video that its films are under way again."""
    conversions.wait_again(UUID(video_id), revision)


def send_letter(_progress: Progress, *, letter_id: str) -> None:
    """Send an e-mail."""
    settings = runtime().settings
    letters.deliver_one(UUID(letter_id), settings=settings, seal=Seal(settings.own_secret()))


def give_up_letter(*, letter_id: str) -> None:
    """Say of an e-mail that it could not be sent."""
    letters.give_up_on(UUID(letter_id))


def retry_letter(*, letter_id: str) -> None:
    """Say of an e-mail that it is on its way again."""
    letters.wait_again(UUID(letter_id))


def forget_letters(_progress: Progress) -> None:
    """Forget what stood in e-mails that could not be sent."""
    letters.forget_sealed()


def make_proof(progress: Progress, *, portrait_id: str) -> None:
    """Prove a portrait."""
    proofs.make(portrait_id=UUID(portrait_id), storage=runtime().storage, progress=progress)


def give_up_proof(*, portrait_id: str) -> None:
    """Say of a portrait that its proof could not be made."""
    proofs.give_up_on(UUID(portrait_id))


def make_export(progress: Progress, *, batch_id: str) -> None:
    """Make the ZIP of an export of many."""
    folder = runtime().settings.made_files
    batch_exports.make(
        UUID(batch_id),
        export_of_code,
        folder=folder,
        storage=runtime().storage,
        progress=progress,
    )


def give_up_export(*, batch_id: str) -> None:
    """Say of an export that it could not be made."""
    batch_exports.give_up_on(UUID(batch_id))


def retry_export(*, batch_id: str) -> None:
    """Say of an export that it is under way again."""
    batch_exports.wait_again(UUID(batch_id))


def forget_exports(_progress: Progress) -> None:
    """Forget exports that nobody fetched."""
    batch_exports.forget_old(runtime().settings.made_files)


def run_import(progress: Progress, *, import_id: str) -> None:
    """Carry out the rows of an import."""
    import_runs.run(UUID(import_id), tools=tools(), progress=progress)


def give_up_import(*, import_id: str) -> None:
    """Say of an import that it went no further."""
    import_runs.give_up_on(UUID(import_id), runtime().settings.imports)


def retry_import(*, import_id: str) -> None:
    """Say of an import that it goes on."""
    import_runs.wait_again(UUID(import_id), runtime().settings.imports)


def forget_imports(_progress: Progress) -> None:
    """Forget imports that nobody began."""
    imports.forget_old(runtime().settings.imports)


def make_backup(progress: Progress) -> None:
    """Make a backup, if any are wanted."""
    if runtime().settings.backups_kept:
        backups.make(runtime().settings, runtime().storage, progress)


def prune_jobs(_progress: Progress) -> None:
    """Forget jobs that ended long ago."""
    jobs.prune(utcnow())


def forget_notifications(_progress: Progress) -> None:
    """Forget notifications read long ago."""
    notifications.forget_old()


def forget_sessions(_progress: Progress) -> None:
    """Forget sessions that have expired."""
    sessions.forget_expired()


def tidy_search(_progress: Progress) -> None:
    """Keep searches quick."""
    search_upkeep.tidy()


def forget_submissions(_progress: Progress) -> None:
    """Forget forms that nobody can send any more."""
    submissions.forget_old()


def forget_visits(_progress: Progress) -> None:
    """Forget how visits of long ago went."""
    visits.forget_old()


def forget_uploads(_progress: Progress) -> None:
    """Forget files that nobody went on sending."""
    uploads.forget_old(runtime().settings.unfinished_uploads)


def empty_bin(_progress: Progress) -> None:
    """Erase what has lain in the bin for long enough."""
    kept = timedelta(days=runtime().settings.bin_days)
    erasure.empty_bin(utcnow() - kept, storage=runtime().storage)


def drop_files(_progress: Progress) -> None:
    """Remove files that no row names."""
    loose_files.drop_due(runtime().storage, utcnow())


def bound_of(tasks: Mapping[str, Task], most: int) -> Bound | None:
    """How many of the heavy ones among these tasks may run at once."""
    heavy = frozenset(kind for kind, task in tasks.items() if task.heavy)
    return Bound(heavy, most) if heavy else None


TASKS: Mapping[str, Task] = {
    MARKER_JOB: Task(run=build_marker, give_up=give_up_marker, retry=retry_marker),
    CONVERT_JOB: Task(run=convert_video, give_up=give_up_video, retry=retry_video, heavy=True),
    SEND_JOB: Task(run=send_letter, give_up=give_up_letter, retry=retry_letter),
    PROOF_JOB: Task(run=make_proof, give_up=give_up_proof, heavy=True),
    IMPORT_JOB: Task(run=run_import, give_up=give_up_import, retry=retry_import),
    "imports.forget": Task(run=forget_imports),
    EXPORT_JOB: Task(run=make_export, give_up=give_up_export, retry=retry_export),
    "exports.forget": Task(run=forget_exports),
    BACKUP_JOB: Task(run=make_backup),
    "bin.empty": Task(run=empty_bin),
    DROP_JOB: Task(run=drop_files),
    "jobs.prune": Task(run=prune_jobs),
    "letters.forget": Task(run=forget_letters),
    "notifications.forget": Task(run=forget_notifications),
    "search.tidy": Task(run=tidy_search),
    "sessions.forget": Task(run=forget_sessions),
    "submissions.forget": Task(run=forget_submissions),
    "uploads.forget": Task(run=forget_uploads),
    "visits.forget": Task(run=forget_visits),
}
