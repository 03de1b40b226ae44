"""Print the packages that pyproject.toml names, with those of the extras given as arguments.

pip could read them itself, but only by building and installing the project, which runs from its
checkout.
"""

import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def requirements(*extras: str) -> list[str]:
    """The packages of the program, and of its extras."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    more = [name for extra in extras for name in project["optional-dependencies"][extra]]
    return [*project["dependencies"], *more]


if __name__ == "__main__":
    sys.stdout.write("\n".join(requirements(*sys.argv[1:])) + "\n")
