"""The rows of an installation that runs, to be read and changed beside its server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vertex import create_app
from vertex.extensions import db
from vertex.settings import Settings


@contextmanager
def rows_of(instance: Path) -> Iterator[None]:
    """Let `db.session` be that of the installation in this folder."""
    app = create_app(Settings(instance=instance, testing=True))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
