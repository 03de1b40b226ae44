"""Refusals as a shell shows them: one sentence on stderr, exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from vertex.errors import DomainError
from vertex.web.messages import explain_in_english


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """Turn a refusal by the services into the command's own error."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(explain_in_english(error)) from None
