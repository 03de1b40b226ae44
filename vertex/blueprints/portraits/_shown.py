"""What the page of a portrait tells of its proof and its videos."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from vertex.models import Portrait, PortraitStatus, Video
from vertex.services import (
    jobs,
    look_alikes,
    portraits,
    programmes,
    proofs,
    video_order,
    videos,
)
from vertex.web.findings import failure_in_words, in_words
from vertex.web.requests import asked_uuid


def about_proof(portrait: Portrait) -> dict[str, Any]:
    """The proof as far as it is made, and those that a phone would take for this portrait."""
    proof = proofs.of_portrait(portrait.id)
    is_current = proofs.is_current(proof, portrait)
    job = None if is_current else proofs.job_of(portrait.id)
    is_asked = job is not None and job.state in jobs.OPEN
    return {
        "proof": proof if is_current else None,
        "proving": (job.progress or 0.0) if job and is_asked and not is_current else None,
        "not_proved": job is not None and not is_asked and not is_current,
        "waits": portrait.status is PortraitStatus.PROCESSING,
        "alike": look_alikes.of_portrait(portrait),
    }


def about_videos(
    portrait: Portrait, video: Video | None, listed: Sequence[Video], binned: Sequence[Video]
) -> dict[str, Any]:
    """The videos in their order, and the one that is looked at."""
    ready = [one for one in listed if programmes.is_ready(one)]
    return {
        "video": video,
        "converting": None if video is None else videos.progress_of(video),
        "trouble": failure_in_words(video.reason) if video and video.reason else None,
        "findings": in_words(video.findings) if video else [],
        "videos": listed,
        "playing": programmes.playing_of(portrait, ready),
        "binned_videos": binned,
        "more_come": any(one.made_revision is None and not one.reason for one in listed),
    }


def chosen_video(portrait_id: UUID, video_id: UUID | None = None) -> Video | None:
    """The video that is looked at: this one, or that of the address if it is there, or the newest.

    An address may be older than the last look into the bin.
    """
    return chosen_of(video_order.all_of(portrait_id), video_id)


def chosen_of(listed: Sequence[Video], video_id: UUID | None = None) -> Video | None:
    """The same, of those that are listed."""
    wanted = video_id or asked_uuid("video_id")
    found = (one for one in listed if one.id == wanted)
    return next(found, None) or max(listed, key=lambda one: one.id, default=None)


def is_working(part: str, portrait_id: UUID) -> bool | None:
    """Whether this part of the page asks again by itself; None if it never does."""
    ask = _WORKING.get(part)
    return None if ask is None else ask(portrait_id)


def _waits_for_marker(portrait_id: UUID) -> bool:
    return portraits.get(portrait_id).status is PortraitStatus.PROCESSING


def _waits_for_proof(portrait_id: UUID) -> bool:
    about = about_proof(portraits.get(portrait_id))
    return bool(about["waits"]) or about["proving"] is not None


def _waits_for_film(portrait_id: UUID) -> bool:
    video = chosen_video(portrait_id)
    return video is not None and videos.progress_of(video) is not None


_WORKING: Mapping[str, Callable[[UUID], bool]] = {
    "marker_state": _waits_for_marker,
    "proof_state": _waits_for_proof,
    "video_state": _waits_for_film,
}
