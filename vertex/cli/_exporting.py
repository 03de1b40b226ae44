"""What `flask portraits export` and `flask orders export` have in common."""

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app

from vertex.cli._refusals import refusals_as_sentences
from vertex.runtime import runtime
from vertex.services import exports, viewing
from vertex.services.audit import CLI
from vertex.web.exports import export_of


def with_options(command: Any) -> Any:
    """The options of an export."""
    for option in (
        click.option("--lang", type=click.Choice(["en", "ru"]), help="Of the page."),
        click.option("--force", is_flag=True, help="Replace what is in the folder."),
        click.option("--to", "folder", required=True, type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def export(code: str, subject: str, folder: Path, *, force: bool, lang: str | None) -> None:
    """Write the folder of a code and print one line of JSON."""
    settings = runtime().settings
    with refusals_as_sentences(), current_app.test_request_context(base_url=settings.public_url):
        view = viewing.unruled(code)
        found = export_of(view, lang or settings.default_locale)
        size = exports.write(found, folder.absolute(), runtime().storage, replace=force)
        exports.note(subject, actor=CLI)
    count = len(found.stored) + len(found.ours) + len(found.made)
    click.echo(json.dumps({"folder": str(folder), "files": count, "bytes": size}))
