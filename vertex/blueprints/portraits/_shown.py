"""What the page of a portrait tells of its proof and its videos."""

from typing import Any
from uuid import UUID

from vertex.models import Job, Portrait, PortraitStatus, Video
from vertex.services import (
    jobs,
    look_alikes,
    programmes,
    proofs,
    videos,
)
from vertex.services.video_order import Shelf
from vertex.web.findings import failure_in_words, in_words
from vertex.web.requests import asked_uuid


def about_proof(portrait: Portrait, job: Job | None) -> dict[str, Any]:
    """The proof as far as it is made, and those that a phone would take for this portrait."""
    is_current = proofs.is_current(portrait.proof, portrait)
    is_asked = job is not None and job.state in jobs.OPEN
    return {
        "proof": portrait.proof if is_current else None,
        "proving": (job.progress or 0.0) if job and is_asked and not is_current else None,
        "not_proved": job is not None and not is_asked and not is_current,
        "waits": portrait.status is PortraitStatus.PROCESSING,
        "alike": look_alikes.of_portrait(portrait),
    }


def about_videos(
    portrait: Portrait, shelf: Shelf, video: Video | None, job: Job | None
) -> dict[str, Any]:
    """The videos in their order, and the one that is looked at."""
    ready = [one for one in shelf.live if programmes.is_ready(one)]
    return {
        "video": video,
        "converting": None if video is None else videos.progress_by(video, job),
        "trouble": failure_in_words(video.reason) if video and video.reason else None,
        "findings": in_words(video.findings) if video else [],
        "videos": shelf.live,
        "playing": programmes.playing_of(portrait, ready),
        "binned_videos": shelf.binned,
        "more_come": any(one.made_revision is None and not one.reason for one in shelf.live),
    }


def chosen_video(shelf: Shelf, video_id: UUID | None = None) -> Video | None:
    """The video that is looked at: this one, or that of the address if it is there, or the newest.

    An address may be older than the last look into the bin.
    """
    wanted = video_id or asked_uuid("video_id")
    return next((one for one in shelf.live if one.id == wanted), None) or shelf.newest
