"""The tables of the studio."""

from vertex.models._base import Row, utcnow, uuid7, written
from vertex.models.accounts import Role, User
from vertex.models.approvals import Answer, Approval
from vertex.models.audit import AuditAction, AuditEntry
from vertex.models.batches import Batch, BatchAction, Thing
from vertex.models.clients import Client, ConsentBy
from vertex.models.imports import Import, ImportKind, ImportRow, ImportState, RowState
from vertex.models.jobs import Job, JobState, Schedule
from vertex.models.letters import Letter, LetterKind, LetterState
from vertex.models.merges import ClientMerge
from vertex.models.notifications import Notification, NotificationType
from vertex.models.orders import Order, OrderStatus
from vertex.models.portraits import Playing, Portrait, PortraitStatus, Recognisable
from vertex.models.proofs import LookAlike, Proof
from vertex.models.public_codes import PublicCode
from vertex.models.rules import Ruled
from vertex.models.saved_views import SavedView
from vertex.models.sessions import Session, SignInLock
from vertex.models.settings import Setting
from vertex.models.submissions import Submission
from vertex.models.uploads import Upload
from vertex.models.videos import Fit, Transparency, Video, VideoStatus
from vertex.models.visits import Visit, VisitHour

__all__ = [
    "Answer",
    "Approval",
    "AuditAction",
    "AuditEntry",
    "Batch",
    "BatchAction",
    "Client",
    "ClientMerge",
    "ConsentBy",
    "Fit",
    "Import",
    "ImportKind",
    "ImportRow",
    "ImportState",
    "Job",
    "JobState",
    "Letter",
    "LetterKind",
    "LetterState",
    "LookAlike",
    "Notification",
    "NotificationType",
    "Order",
    "OrderStatus",
    "Playing",
    "Portrait",
    "PortraitStatus",
    "Proof",
    "PublicCode",
    "Recognisable",
    "Role",
    "Row",
    "RowState",
    "Ruled",
    "SavedView",
    "Schedule",
    "Session",
    "Setting",
    "SignInLock",
    "Submission",
    "Thing",
    "Transparency",
    "Upload",
    "User",
    "Video",
    "VideoStatus",
    "Visit",
    "VisitHour",
    "utcnow",
    "uuid7",
    "written",
]
