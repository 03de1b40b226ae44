"""The record in words: what happened, for people."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from vertex.models import AuditAction, OrderStatus
from vertex.services.audit import Event
from vertex.web.orders import order_status
from vertex.web.proof_words import rating_in_words

_SENTENCES: Mapping[AuditAction, LazyString] = {
    AuditAction.CLIENT_CREATED: _("Taken in"),
    AuditAction.CLIENT_EDITED: _("Changed"),
    AuditAction.CLIENT_BINNED: _("Moved to the bin"),
    AuditAction.CLIENT_RESTORED: _("Put back from the bin"),
    AuditAction.CLIENTS_MERGED: _("Merged with another entry of the same client"),
    AuditAction.CLIENTS_PARTED: _("Parted again from the entry it was merged with"),
    AuditAction.CONSENT_CHANGED: _("Consent changed"),
    AuditAction.ORDER_CREATED: _("Order taken in"),
    AuditAction.ORDER_EDITED: _("Order changed"),
    AuditAction.ORDER_MOVED: _("Order moved"),
    AuditAction.ORDER_BINNED: _("Order moved to the bin"),
    AuditAction.ORDER_RESTORED: _("Order put back from the bin"),
    AuditAction.CLIENT_TOLD: _("E-mail to the client"),
    AuditAction.MAIL_FAILED: _("The e-mail could not be sent"),
    AuditAction.APPROVAL_ASKED: _("The client was asked for approval"),
    AuditAction.APPROVAL_GIVEN: _("Approved by the client"),
    AuditAction.APPROVAL_CHANGE: _("The client asks for a change"),
    AuditAction.APPROVAL_WITHDRAWN: _("No longer waiting for the client's approval"),
    AuditAction.PORTRAIT_CREATED: _("Portrait uploaded"),
    AuditAction.PORTRAIT_BINNED: _("Moved to the bin"),
    AuditAction.PORTRAIT_RESTORED: _("Put back from the bin"),
    AuditAction.VIDEO_ATTACHED: _("Video uploaded"),
    AuditAction.VIDEO_ACTIVATED: _("Video chosen"),
    AuditAction.VIDEO_CHANGED: _("Video changed"),
    AuditAction.VIDEO_CONVERTED: _("Video prepared"),
    AuditAction.VIDEO_FAILED: _("Video could not be prepared"),
    AuditAction.VIDEO_BINNED: _("Video moved to the bin"),
    AuditAction.VIDEO_RESTORED: _("Video put back from the bin"),
    AuditAction.EXPORTED: _("Exported as a folder"),
    AuditAction.SHEET_MADE: _("Print sheet made"),
    AuditAction.RULES_CHANGED: _("Rules changed"),
    AuditAction.MARKER_BUILT: _("Marker made"),
    AuditAction.PORTRAIT_EDITED: _("Portrait changed"),
    AuditAction.VIDEO_MOVED: _("Order of the videos changed"),
    AuditAction.PROOF_ASKED: _("Proof asked for once more"),
    AuditAction.PROOF_MADE: _("Proof made"),
    AuditAction.PROOF_FAILED: _("Proof could not be made"),
    AuditAction.JOB_RETRIED: _("Tried again"),
    AuditAction.JOB_CANCELLED: _("Work cancelled"),
    AuditAction.USER_CREATED: _("Account made"),
    AuditAction.USER_EDITED: _("Profile changed"),
    AuditAction.USER_SIGNED_IN: _("Signed in"),
    AuditAction.USER_SIGNED_OUT: _("Signed out"),
    AuditAction.USER_LOCKED_OUT: _("Locked after wrong passwords"),
    AuditAction.USER_UNLOCKED: _("Unlocked"),
    AuditAction.PASSWORD_CHANGED: _("Password changed"),
    AuditAction.SESSION_ENDED: _("Signed out elsewhere"),
    AuditAction.STUDIO_CHANGED: _("Studio changed"),
    AuditAction.TEXTS_CHANGED: _("Texts to clients changed"),
    AuditAction.LOGO_SET: _("Logo uploaded"),
    AuditAction.LOGO_REMOVED: _("Logo removed"),
}


def happened(event: Event) -> str:
    """What this entry tells, with the file it is about."""
    sentence = str(_SENTENCES[event.entry.action])
    not_made = event.entry.details.get("recognisable") in ("no", "unknown")
    if event.entry.action is AuditAction.MARKER_BUILT and not_made:
        return str(_("No marker: the picture is not recognisable"))
    if event.entry.action is AuditAction.ORDER_MOVED:
        moved = f"{sentence}: {order_status(OrderStatus(event.entry.details['to']))}"
        if "approval" in event.entry.details:
            moved += str(_(" (without the client's approval)"))
        return moved
    if event.entry.action is AuditAction.PROOF_MADE and event.entry.details.get("rating"):
        return f"{sentence}: {rating_in_words(event.entry.details['rating'])}"
    file = event.entry.details.get("file")
    return f"{sentence}: {file}" if file else sentence
