"""The real application with the photographs in it, as its customers meet it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import colours
from tests.servers.vertex_server import Installation

_NO_LIMIT = "1000000 per minute"


@contextmanager
def open_for(names: list[str], pictures: Path, *, small: bool = False) -> Iterator[dict[str, str]]:
    """Serve while the block runs: the address of each photograph's page.

    `small`: its files are compressed ahead, as `make run` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        instance.mkdir()
        film = colours.make_video(Path(folder) / "film.mp4")
        limits = {f"VERTEX_{name}_LIMIT": _NO_LIMIT for name in ("CUSTOMER", "FILE")}
        quiet = {"VERTEX_LOG_LEVEL": "WARNING"}
        installation = Installation(instance, settings={**limits, **quiet})
        installation.flask("db", "upgrade")
        if small:
            installation.flask("static", "compress")
        codes = {
            name: installation.import_portrait(pictures / f"{name}.jpg", film)["code"]
            for name in names
        }
        installation.start()
        try:
            yield {name: f"{installation.url}/v/{code}" for name, code in codes.items()}
        finally:
            installation.stop()
