"""The app's own collaborators, chosen once from the settings."""

from dataclasses import dataclass
from typing import Self, cast

from flask import current_app

from vertex.queue import InlineQueue, Queue, ThreadQueue
from vertex.settings import Settings
from vertex.storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the app works with besides its database."""

    settings: Settings
    storage: Storage
    queue: Queue

    @classmethod
    def build(cls, settings: Settings) -> Self:
        """The collaborators these settings ask for."""
        queue = InlineQueue() if settings.testing else ThreadQueue()
        return cls(settings=settings, storage=open_storage(settings), queue=queue)


def runtime() -> Runtime:
    """The collaborators of the current app."""
    return cast(Runtime, current_app.extensions["vertex"])
