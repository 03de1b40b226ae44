"""What `flask portraits import-folder` does and prints."""

import json
from pathlib import Path

import click

from vertex.cli._refusals import refusals_as_sentences
from vertex.errors import DomainError
from vertex.runtime import runtime
from vertex.services import import_folders
from vertex.services.audit import CLI
from vertex.services.import_portraits import Target
from vertex.services.imports import Planned
from vertex.services.intake import Limits
from vertex.web.messages import explain_in_english


def import_folder(folder: Path, table: Path | None, target: Target, *, dry_run: bool) -> None:
    """Print a line for each pair; take them in unless it is a dry run; fail if one was refused."""
    settings = runtime().settings
    limits = Limits(settings.max_image_bytes, settings.max_image_pixels, settings.max_video_bytes)
    with refusals_as_sentences():
        plan = import_folders.plan(folder, table, target, limits)
    counts = {"imported": 0, "there_already": 0, "refused": 0, "left_out": len(plan.left_out)}
    for number, row in enumerate(plan.rows, start=1):
        outcome, text = _one(folder, row, limits, dry_run=dry_run)
        counts[outcome] += 1
        click.echo(f"{number} of {len(plan.rows)}: {row.content['portrait'] or '—'}: {text}")
    for name in plan.left_out:
        click.echo(f"belongs to no pair: {name}")
    if dry_run:
        counts["would_import"] = counts.pop("imported")
    click.echo(json.dumps(counts))
    if counts["refused"]:
        raise click.ClickException(f"{counts['refused']} of {len(plan.rows)} were refused.")


def _one(folder: Path, row: Planned, limits: Limits, *, dry_run: bool) -> tuple[str, str]:
    error, content = row.error, row.content
    if error is None and not dry_run:
        try:
            made, is_new = import_folders.carry_out(
                folder,
                content,
                limits=limits,
                actor=CLI,
                storage=runtime().storage,
                queue=runtime().queue,
            )
            return ("imported", made) if is_new else ("there_already", f"{made}, there already")
        except DomainError as refusal:
            error = refusal
    if error is not None:
        return "refused", explain_in_english(error)
    whose = f"{content['client']}, {content['phone']}"
    order = f", order {content['order']}" if content["order"] else ""
    return "imported", f"{content['video']}, for {whose}{order}"
