"""The app's own collaborators, chosen once from the settings."""

from dataclasses import dataclass
from typing import Literal, Self, cast

from flask import Flask, current_app

from vertex.queue import CeleryQueue, InlineQueue, Queue, ThreadQueue
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
        return cls(settings=settings, storage=open_storage(settings), queue=_queue(settings))


def _queue(settings: Settings) -> Queue:
    if settings.jobs == "celery":
        return CeleryQueue(settings.redis_url)
    return InlineQueue() if settings.testing else ThreadQueue()


def runtime() -> Runtime:
    """The collaborators of the current app."""
    return runtime_of(current_app)


def runtime_of(app: Flask) -> Runtime:
    """The collaborators of this app."""
    return cast(Runtime, app.extensions["vertex"])


def storage_of(kind: Literal["local", "s3"]) -> Storage:
    """The store of this kind that the settings of the current app describe, in use or not."""
    return open_storage(runtime().settings.model_copy(update={"storage": kind}))
