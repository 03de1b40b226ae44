"""Measures delivery, conversion and memory, and writes docs/benchmarks/files.md.

    python -m benchmarks.files [--mb 1024]

Ratios are of one run on one machine; servers listen on the loopback alone.
"""

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.files import conversion, delivery, formats, memory

_TABLE = Path(__file__).parents[2] / "docs" / "benchmarks" / "files.md"


def main() -> None:
    """Measure everything, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=1024, help="size of the large upload")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = [
            delivery.table(Path(folder)),
            conversion.table(Path(folder)),
            memory.table(Path(folder), given.mb),
            formats.table(Path(folder)),
        ]
    day = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {day}"
    head = f"# Files: delivery, conversion, memory\n\nBy `make bench-files`; {machine}.\n"
    text = "\n".join([head, *parts])
    _TABLE.write_text(text)
    print(text)


main()
