"""Commands about portraits."""

import json
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from vertex.cli._exporting import export, with_options
from vertex.cli._importing import import_folder
from vertex.cli._refusals import refusals_as_sentences
from vertex.jobs import run_until_done
from vertex.models import Recognisable
from vertex.runtime import runtime
from vertex.services import intake, markers, portraits, proofs, public_codes, videos, viewing
from vertex.services.audit import CLI
from vertex.services.import_portraits import Target
from vertex.services.proofs import PROOF_JOB

portraits_cli = AppGroup("portraits", help="Portraits and their videos.")

_File = click.Path(path_type=Path)


@portraits_cli.command("import")
@click.option("--client", required=True, help="Name of the client, used if the phone is new.")
@click.option("--phone", required=True, help="Phone of the client, with country code: +7…")
@click.option("--portrait", "image", required=True, type=_File, help="JPEG, PNG or WebP.")
@click.option("--video", required=True, type=_File, help="MP4, MOV, M4V, 3GP, WebM or MKV.")
@click.option("--order", default=None, help="Number of the client's order; made if it is new.")
def import_(client: str, phone: str, image: Path, video: Path, order: str | None) -> None:
    """Store a portrait with its video, wait for marker and films, and print one line of JSON."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    with refusals_as_sentences(), app.app_context():
        portrait_id = _accept(client, phone, image, video, order)
    # a server of this installation may have taken the jobs already
    run_until_done(app, portraits.subject_of(portrait_id), but=(PROOF_JOB,))
    with app.app_context():  # a new look at the database, which has changed meanwhile
        _judge_video(portrait_id)
        click.echo(json.dumps(_summary(portrait_id)))


@portraits_cli.command("import-folder")
@click.argument("folder", type=_File)
@click.option("--csv", "table", default=None, type=_File, help="Who gets what; else one within.")
@click.option("--client", default="", help="Of those that no table gives one.")
@click.option("--phone", default="", help="Phone of that client, with country code: +7…")
@click.option("--order", default="", help="Number of that client's order; made if it is new.")
@click.option("--dry-run", is_flag=True, help="Only say what would be made, and what is wrong.")
def import_folder_(
    folder: Path, table: Path | None, client: str, phone: str, order: str, dry_run: bool
) -> None:
    """Store the portraits of FOLDER with the videos of their names.

    May be run again after it broke off: the same files of the same client come once. The markers
    are made by the server, or by `flask jobs run`.
    """
    import_folder(folder, table, Target(client, phone, order), dry_run=dry_run)


@portraits_cli.command("export")
@click.argument("portrait")
@with_options
def export_portrait(portrait: str, folder: Path, force: bool, lang: str | None) -> None:
    """Write PORTRAIT, by its code or id, as a folder that plays from any web server."""
    with refusals_as_sentences():
        code = _code_of(portrait)
        (shown,) = viewing.unruled(code).shown
    export(code, portraits.subject_of(shown.portrait.id), folder, force=force, lang=lang)


@portraits_cli.command("remake-markers")
def remake_markers() -> None:
    """Make the markers anew that an older version made; phones of this one cannot read them."""
    storage = runtime().storage
    old = markers.made_by_an_older_version(storage)
    for done, portrait_id in enumerate(old, start=1):
        markers.remake(portrait_id=portrait_id, storage=storage)
        click.echo(f"{done} of {len(old)}: {portrait_id}")
    if not old:
        click.echo("All markers are of this version.")


@portraits_cli.command("prove")
@click.argument("portrait", required=False)
@click.option("--all", "every", is_flag=True, help="All that have no proof, or one out of date.")
def prove(portrait: str | None, every: bool) -> None:
    """Prove how well prints will be recognised: of PORTRAIT, by its code or id, or of all.

    The code of an order stands for its portraits.
    """
    if every is (portrait is not None):
        raise click.UsageError("Name a portrait, or say --all.")
    with refusals_as_sentences():
        waiting = proofs.missing() if portrait is None else _ids_of(portrait)
    for done, portrait_id in enumerate(waiting, start=1):
        proofs.make(portrait_id=portrait_id, storage=runtime().storage, progress=_quietly)
        found, rating = proofs.of_portrait(portrait_id), portraits.get(portrait_id).rating
        told = "no marker" if rating is None or found is None else f"{rating} of 5"
        click.echo(f"{done} of {len(waiting)}: {portrait_id}: {told}")
    if not waiting:
        click.echo("All portraits are proved.")


def _quietly(_fraction: float) -> None:
    """Tell nobody how far it is: each line tells."""


def _ids_of(portrait: str) -> list[UUID]:
    return [shown.portrait.id for shown in viewing.unruled(_code_of(portrait)).shown]


def _code_of(portrait: str) -> str:
    try:
        return public_codes.of_portrait(UUID(portrait))
    except ValueError:
        return portrait


def _accept(client: str, phone: str, image: Path, video: Path, order: str | None) -> UUID:
    settings, storage = runtime().settings, runtime().storage
    limits = intake.Limits(
        settings.max_image_bytes, settings.max_image_pixels, settings.max_video_bytes
    )
    with _open(image) as portrait_file, _open(video) as video_file:
        delivery = intake.Delivery(
            client=client,
            phone=phone,
            portrait=portrait_file,
            portrait_name=image.name,
            video=video_file,
            video_name=video.name,
            order=order,
        )
        return intake.accept(delivery, actor=CLI, storage=storage, limits=limits).id


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}.") from None


def _judge_video(portrait_id: UUID) -> None:
    """Fail if there is nothing to play: what was taken in is kept, and the page says more."""
    video = videos.newest_for(portrait_id)
    if video is not None and video.reason is not None:
        raise click.ClickException(
            f"The portrait is stored, but its video could not be prepared ({video.reason})."
        )


def _summary(portrait_id: UUID) -> dict[str, object]:
    portrait = portraits.get(portrait_id)
    code = public_codes.of_portrait(portrait_id)
    summary: dict[str, object] = {
        "portrait": str(portrait_id),
        "code": code,
        "url": f"{runtime().settings.public_url}/v/{code}",
        "marker_bytes": portrait.marker_bytes,
        "marker_ms": portrait.marker_ms,
        "recognisable": portrait.recognisable is Recognisable.YES,
        "rating": portrait.rating,
    }
    return summary if portrait.reason is None else {**summary, "reason": portrait.reason}
