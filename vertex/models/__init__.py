"""The tables of the studio."""

from vertex.models._base import Row, utcnow, uuid7
from vertex.models.accounts import Role, User
from vertex.models.audit import AuditAction, AuditEntry
from vertex.models.clients import Client
from vertex.models.jobs import Job, JobState, Schedule
from vertex.models.loose_files import LooseFile
from vertex.models.notifications import Notification, NotificationType
from vertex.models.orders import Order, OrderStatus
from vertex.models.portraits import Playing, Portrait, PortraitStatus, Recognisable
from vertex.models.public_codes import PublicCode
from vertex.models.rules import Ruled
from vertex.models.saved_views import SavedView
from vertex.models.sessions import Session, SignInLock
from vertex.models.settings import Setting
from vertex.models.submissions import Submission
from vertex.models.uploads import Upload
from vertex.models.videos import Fit, Transparency, Video, VideoStatus
from vertex.models.visits import Visit

__all__ = [
    "AuditAction",
    "AuditEntry",
    "Client",
    "Fit",
    "Job",
    "JobState",
    "LooseFile",
    "Notification",
    "NotificationType",
    "Order",
    "OrderStatus",
    "Playing",
    "Portrait",
    "PortraitStatus",
    "PublicCode",
    "Recognisable",
    "Role",
    "Row",
    "Ruled",
    "SavedView",
    "Schedule",
    "Session",
    "Setting",
    "SignInLock",
    "Submission",
    "Transparency",
    "Upload",
    "User",
    "Video",
    "VideoStatus",
    "Visit",
    "utcnow",
    "uuid7",
]
