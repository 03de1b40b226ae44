"""Fills an installation and photographs all its pages."""

import sys
import tempfile
from pathlib import Path

from tests import pictures
from tests.servers.vertex_server import Installation
from tools.screenshots import customer, staff

_LIMITS = ("SIGN_IN", "STAFF", "UPLOAD", "FILE", "CUSTOMER")


def main() -> None:
    """Write the pictures under docs/screenshots; with --customer only those of customers' pages.

    Words after it: only those of them whose names have one of these.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        portrait = folder / "portrait.jpg"
        portrait.write_bytes(pictures.jpeg(pictures.astronaut()))
        film = customer.film_of(portrait, folder / "film.mp4")
        settings = {f"VERTEX_{limit}_LIMIT": "10000 per minute" for limit in _LIMITS}
        studio = Installation(
            folder / "instance", settings={**settings, "VERTEX_DEBUG_PAGES": "true"}
        )
        studio.instance.mkdir()
        studio.flask("db", "upgrade")
        studio.start()
        try:
            options, words = sys.argv[1:2], sys.argv[2:]
            if "--customer" not in options:
                staff.photograph(studio, portrait, film)
            customer.photograph(studio, portrait, film, words)
        finally:
            studio.stop()


if __name__ == "__main__":
    main()
