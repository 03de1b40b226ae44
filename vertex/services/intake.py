"""A portrait that comes in with its video: both are stored, or nothing is."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from vertex.errors import ConflictError
from vertex.models import Client, Portrait, Video
from vertex.queue import Queue
from vertex.services import clients, jobs, orders, portraits, submissions, videos
from vertex.services._files import new_files
from vertex.services._transaction import atomic
from vertex.services.audit import Actor
from vertex.storage import Storage


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the files may be."""

    image_bytes: int = portraits.MAX_BYTES
    image_pixels: int = portraits.MAX_PIXELS
    video_bytes: int = videos.MAX_BYTES


@dataclass(frozen=True, slots=True)
class Delivery:
    """What comes in: for whom, the two files, and their names where they come from.

    The client is told by name and phone, or is `client_id` if that is given; without a `title` the
    portrait is called like them. A `submission` is the token of the form, which is carried out
    once. What is one of many waits for who brings one.
    """

    client: str
    phone: str
    portrait: BinaryIO
    portrait_name: str
    video: BinaryIO
    video_name: str
    order: str | None = None
    order_id: UUID | None = None
    client_id: UUID | None = None
    submission: str | None = None
    title: str = ""
    one_of_many: bool = False


def accept(
    delivery: Delivery,
    *,
    actor: Actor,
    storage: Storage,
    queue: Queue | None = None,
    limits: Limits | None = None,
) -> Portrait:
    """Return the stored portrait; marker and films are under way. A refusal leaves nothing."""
    _judge_words(delivery)
    with storage.workspace() as workspace:
        drafts = _prepare(delivery, workspace, limits or Limits())
        with new_files(storage) as files:
            portrait = portraits.store(drafts[0], files)
            video = videos.store(drafts[1], portrait.id, files)
            with atomic():
                files.settle()
                if delivery.submission is not None:
                    submissions.note(delivery.submission, portraits.subject_of(portrait.id))
                _place(portrait, delivery, actor)
                _add(portrait, video, delivery, actor, queue)
    return portrait


def _judge_words(delivery: Delivery) -> None:
    """Refuse at once what needs no look at the files, which may take a while."""
    if delivery.submission is not None:
        submissions.check(delivery.submission)
    if delivery.client_id is not None:
        clients.get(delivery.client_id)
    else:
        clients.normalise_name(delivery.client)
        clients.normalise_phone(delivery.phone)
    if delivery.order is not None:
        orders.normalise_number(delivery.order)
    if delivery.order_id is not None:
        orders.get(delivery.order_id)


def _prepare(
    delivery: Delivery, workspace: Path, limits: Limits
) -> tuple[portraits.PortraitDraft, videos.VideoDraft]:
    portrait = portraits.prepare(
        delivery.portrait, max_bytes=limits.image_bytes, max_pixels=limits.image_pixels
    )
    return portrait, videos.prepare(delivery.video, workspace, max_bytes=limits.video_bytes)


def _add(
    portrait: Portrait, video: Video, delivery: Delivery, actor: Actor, queue: Queue | None
) -> None:
    marker, films = (jobs.NORMAL, jobs.MANY) if delivery.one_of_many else (jobs.URGENT, jobs.NORMAL)
    name = delivery.portrait_name
    portraits.add(portrait, filename=name, actor=actor, queue=queue, priority=marker)
    videos.add(video, filename=delivery.video_name, actor=actor, queue=queue, priority=films)


def _place(portrait: Portrait, delivery: Delivery, actor: Actor) -> None:
    client = _client(delivery, actor)
    portrait.client_id = client.id
    # what customers read; a file's name would tell them nothing
    portrait.title = delivery.title or client.name
    if delivery.order is not None:
        order = orders.find_or_create(number=delivery.order, client_id=client.id, actor=actor)
        portrait.order_id = order.id
    elif delivery.order_id is not None:
        order = orders.hold(delivery.order_id)
        if order.client_id != client.id:
            raise ConflictError("order_of_another_client", number=order.number)
        portrait.order_id = order.id


def _client(delivery: Delivery, actor: Actor) -> Client:
    client_id = delivery.client_id
    if client_id is None:
        client_id = clients.find_or_create(
            name=delivery.client, phone=delivery.phone, actor=actor
        ).id
    return clients.hold(client_id)
