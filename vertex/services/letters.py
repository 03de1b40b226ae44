"""Letters: e-mails to clients, sealed until they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import select, update

from vertex.errors import ConflictError, InvalidError
from vertex.extensions import db
from vertex.mail import MailError, MailSettings, Words, compose, deliver
from vertex.models import (
    AuditAction,
    Letter,
    LetterKind,
    LetterState,
    NotificationType,
    utcnow,
    uuid7,
)
from vertex.models.folding import without_nul
from vertex.queue import Queue
from vertex.services import (
    approvals,
    audit,
    jobs,
    notifications,
    orders,
    portraits,
    studio,
    submissions,
    texts,
)
from vertex.services._contacts import clean_email
from vertex.services._transaction import after_commit, atomic
from vertex.services.audit import SYSTEM, Actor
from vertex.services.sealing import BrokenSealError, Seal

SEND_JOB = "mail.send"
KEPT_SEALED = timedelta(days=7)  # for another attempt, once somebody has mended what was wrong

_LONGEST_TROUBLE = 300
_LATEST = 5


class UnreadableLetterError(Exception):
    """The letter was sealed with another secret key, or is forgotten: it has to be written anew."""

    def __init__(self) -> None:
        super().__init__("it cannot be read any more, and has to be written anew")


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about: an order or a portrait, which jobs and the record name `subject`."""

    subject: str
    order_id: UUID | None = None
    portrait_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as somebody has written it; `tells_pin` whether there is a PIN in it."""

    kind: LetterKind
    recipient: str
    words: Words
    tells_pin: bool = False


def judge(words: Words) -> Words:
    """Return the words in the form in which they are sent, or raise InvalidError at their field."""
    subject = " ".join(without_nul(words.subject).split())
    text = without_nul(words.text).replace("\r\n", "\n").strip()
    for field, typed, limit in (
        ("subject", subject, texts.LONGEST_SUBJECT),
        ("body", text, texts.LONGEST_TEXT),
    ):
        if not typed:
            raise InvalidError("text_missing", field=field)
        if len(typed) > limit:
            raise InvalidError("text_long", field=field, limit=limit)
    return replace(words, subject=subject, text=text)


def send(
    about: About,
    draft: Draft,
    *,
    sender_id: UUID,
    actor: Actor,
    settings: MailSettings,
    seal: Seal,
    queue: Queue,
    submission: str,
) -> Letter:
    """Return the stored letter, which is on its way as soon as this is stored."""
    if not settings.sends_mail:
        raise ConflictError("mail_not_set_up")
    recipient = _reachable(draft.recipient)
    words = judge(draft.words)
    letter = Letter(id=uuid7(), sender_id=sender_id, kind=draft.kind, recipient=recipient)
    letter.order_id, letter.portrait_id = about.order_id, about.portrait_id
    message = compose(
        words,
        sender=settings.smtp_from,
        recipient=recipient,
        letter_id=letter.id,
        reply_to=_studios_address(),
    )
    letter.sealed = seal.close(message.as_bytes())
    with atomic():
        submissions.note(submission, about.subject)
        if draft.kind is LetterKind.APPROVE and about.order_id is not None:
            approvals.ask(about.order_id, actor=actor)
        db.session.add(letter)
        jobs.add(SEND_JOB, subject=about.subject, arguments={"letter_id": str(letter.id)})
        details = {"kind": draft.kind.value, "pin": "told" if draft.tells_pin else "kept"}
        audit.record(actor, AuditAction.CLIENT_TOLD, about.subject, details)
        after_commit(queue.wake)
    return letter


def deliver_one(letter_id: UUID, *, settings: MailSettings, seal: Seal) -> None:
    """Hand a waiting letter to the server; one that was sent already is left alone.

    What the server refuses for good is noted and told to the staff; MailError for all else.
    """
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.state is not LetterState.WAITING:
        return
    message = _opened(letter, seal)
    db.session.rollback()  # a server is not waited for inside a transaction
    try:
        deliver(message, settings)
    except MailError as error:
        if not error.for_good:
            raise
        _fail(letter_id, str(error))
        return
    with atomic():
        sent = db.session.get(Letter, letter_id, with_for_update=True)
        if sent is not None:
            sent.state, sent.sent_at = LetterState.SENT, utcnow()
            sent.sealed, sent.trouble = None, None


def give_up_on(letter_id: UUID) -> None:
    """Say of a letter that it could not be sent after several attempts."""
    _fail(letter_id, "")


def wait_again(letter_id: UUID) -> None:
    """Let a letter that was given up be on its way once more."""
    with atomic():
        letter = db.session.get(Letter, letter_id, with_for_update=True)
        if letter is not None and letter.state is LetterState.FAILED:
            letter.state, letter.trouble = LetterState.WAITING, None


def send_test(recipient: str, *, settings: MailSettings) -> None:
    """Send an e-mail that says it is a test, at once; ConflictError if the server refuses it."""
    if not settings.sends_mail:
        raise ConflictError("mail_not_set_up")
    words = Words("Vertex AR: a test", "E-mail leaves this installation.", "en")
    recipient = _reachable(recipient)
    message = compose(words, sender=settings.smtp_from, recipient=recipient, letter_id=uuid7())
    try:
        deliver(message, settings)
    except MailError as error:
        raise ConflictError("mail_refused", trouble=str(error)) from None


def latest(about: About) -> Sequence[Letter]:
    """Return the latest letters about an order or a portrait."""
    query = select(Letter).where(
        Letter.order_id == about.order_id
        if about.order_id
        else Letter.portrait_id == about.portrait_id
    )
    return db.session.scalars(query.order_by(Letter.id.desc()).limit(_LATEST)).all()


def forget_sealed() -> None:
    """Forget what stood in letters that could not be sent long ago."""
    long_ago = Letter.created_at < utcnow() - KEPT_SEALED
    forgotten = update(Letter).where(Letter.sealed.is_not(None), long_ago)
    with atomic():
        db.session.execute(forgotten.values(sealed=None, state=LetterState.FAILED))


def _reachable(typed: str) -> str:
    """Return the address, or raise InvalidError if it is none, or none that every server knows."""
    address = clean_email(typed, field="recipient")
    if not _is_old_style(address):
        raise InvalidError("email_of_letters", field="recipient")
    return address


def _studios_address() -> str:
    address = studio.get().email
    return address if _is_old_style(address) else ""


def _is_old_style(address: str) -> bool:
    """Whether what stands before the @ can be written to from everywhere."""
    return address.rpartition("@")[0].isascii()


def _opened(letter: Letter, seal: Seal) -> EmailMessage:
    if letter.sealed is None:
        raise UnreadableLetterError
    try:
        content = seal.open(letter.sealed)
    except BrokenSealError:
        raise UnreadableLetterError from None
    return message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP)


def _subject_of(letter: Letter) -> str:
    if letter.portrait_id is not None:
        return portraits.subject_of(letter.portrait_id)
    if letter.order_id is not None:
        return orders.subject_of(letter.order_id)
    raise LookupError(f"letter {letter.id} is about nothing")


def _fail(letter_id: UUID, trouble: str) -> None:
    with atomic():
        letter = db.session.get(Letter, letter_id, with_for_update=True)
        if letter is None or letter.state is not LetterState.WAITING:
            return
        letter.state, letter.trouble = LetterState.FAILED, trouble[:_LONGEST_TROUBLE] or None
        subject = _subject_of(letter)
        audit.record(SYSTEM, AuditAction.MAIL_FAILED, subject)
        told = {"recipient": letter.recipient}
        notifications.tell_admins(
            NotificationType.MAIL_FAILED, told, subject, also=[letter.sender_id]
        )
