"""Retrying and cancelling jobs, together with what they are about."""

from uuid import UUID

from vertex.jobs.tasks import TASKS
from vertex.models import Job
from vertex.runtime import runtime
from vertex.services import job_steering
from vertex.services.audit import Actor


def retry(job_id: UUID, *, actor: Actor) -> Job:
    """Give a job that has ended badly all its attempts anew."""
    task = TASKS.get(job_steering.get(job_id).kind)
    prepare = task.retry if task else None
    return job_steering.retry(job_id, actor=actor, prepare=prepare, wake=runtime().queue.wake)


def cancel(job_id: UUID, *, actor: Actor) -> Job:
    """Take a job out of the queue, or out of its worker's hands."""
    task = TASKS.get(job_steering.get(job_id).kind)
    return job_steering.cancel(job_id, actor=actor, give_up=task.give_up if task else None)
