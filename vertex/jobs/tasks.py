"""What each kind of job does: one service call that may safely run twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from vertex.runtime import runtime
from vertex.services import markers


@dataclass(frozen=True, slots=True)
class Task:
    """How a job is run, and what is done when all its attempts have failed."""

    run: Callable[..., object]
    give_up: Callable[..., object]


def build_marker(*, portrait_id: str) -> None:
    """Make the marker of a portrait."""
    markers.build_for(portrait_id=UUID(portrait_id), storage=runtime().storage)


def give_up_marker(*, portrait_id: str) -> None:
    """Say of a portrait that its marker could not be made."""
    markers.give_up_on(UUID(portrait_id))


TASKS: Mapping[str, Task] = {"marker.build": Task(run=build_marker, give_up=give_up_marker)}
