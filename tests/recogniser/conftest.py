"""Pictures and clips for the recogniser's tests."""

import pytest

from tests import pictures
from vertex.recogniser import build_marker


@pytest.fixture(scope="session")
def astronaut() -> bytes:
    """The marker of the astronaut's portrait."""
    return build_marker(pictures.jpeg(pictures.astronaut()))
