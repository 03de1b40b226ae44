"""What the samples are made of: rows that are not stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vertex.models import (
    Client,
    Order,
    OrderStatus,
    Portrait,
    PortraitStatus,
    Recognisable,
    Transparency,
    Video,
    utcnow,
    uuid7,
)

LIMITS = {"max_image": 50 * 1024**2, "max_video": 1024**3}


@dataclass(frozen=True, slots=True)
class Sample:
    """A block of a page, and what it is shown with."""

    template: str
    block: str
    context: Callable[[], dict[str, Any]]


def client(name: str = "Анна Семёнова") -> Client:
    """A client who is not stored."""
    now = utcnow()
    return Client(
        id=uuid7(), name=name, phone="+79161234567", notes="Wedding in June", email=None,
        version=1, created_at=now, updated_at=now,
    )  # fmt: skip


def portrait(**given: Any) -> Portrait:
    """A portrait that is not stored."""
    ready = {"status": PortraitStatus.READY, "recognisable": Recognisable.YES, "title": ""}
    return Portrait(
        id=uuid7(), client=client(), version=1, width=600, height=800, created_at=utcnow(),
        video_count=2, marker_preview_key=None, **{**ready, **given},
    )  # fmt: skip


def video(**given: Any) -> Video:
    """A video that is not stored."""
    made = {"file_key": "videos/film.mp4", "poster_key": "previews/poster.jpg"}
    return Video(
        id=uuid7(), portrait_id=uuid7(), width=1080, height=1440, duration_s=12.5, has_sound=True,
        transparency=Transparency.NONE, **{**made, **given},
    )  # fmt: skip


def order(**given: Any) -> Order:
    """An order that is not stored."""
    agreed = {"product": "Wedding album", "price": 12_000, "paid": 5_000, "assignee": None}
    return Order(
        id=uuid7(), client=client(), number="2026-0042", notes="Matt paper", version=1,
        created_at=utcnow(), **{"status": OrderStatus.NEW, "pin_hash": None, **agreed, **given},
    )  # fmt: skip
