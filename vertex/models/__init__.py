"""The tables of the studio."""

from vertex.models._base import Row, utcnow, uuid7
from vertex.models.accounts import Role, User
from vertex.models.audit import AuditAction, AuditEntry
from vertex.models.clients import Client
from vertex.models.jobs import Job, JobState
from vertex.models.orders import Order, OrderStatus
from vertex.models.portraits import Portrait, PortraitStatus, Recognisable
from vertex.models.public_codes import PublicCode
from vertex.models.sessions import Session, SignInLock
from vertex.models.submissions import Submission
from vertex.models.videos import Video, VideoStatus

__all__ = [
    "AuditAction",
    "AuditEntry",
    "Client",
    "Job",
    "JobState",
    "Order",
    "OrderStatus",
    "Portrait",
    "PortraitStatus",
    "PublicCode",
    "Recognisable",
    "Role",
    "Row",
    "Session",
    "SignInLock",
    "Submission",
    "User",
    "Video",
    "VideoStatus",
    "utcnow",
    "uuid7",
]
