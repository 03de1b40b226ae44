"""Codes printed beside portraits: short, unguessable, forgiving when typed."""

import re
import secrets
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import and_, or_, select

from vertex.errors import NotFoundError
from vertex.extensions import db
from vertex.models import Portrait, PublicCode
from vertex.services._transaction import atomic

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
_LENGTH = 10
_LONGEST_TYPED = 40
_MISREAD = str.maketrans("OIL", "011")
_IGNORED = re.compile(r"[\s-]+")
_CODE = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


def new_code() -> str:
    """Return a random code of 50 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def normalise(typed: str) -> str | None:
    """Return the code meant by what somebody typed, or None if it cannot be one."""
    if len(typed) > _LONGEST_TYPED or not typed.isascii():
        return None
    code = _IGNORED.sub("", typed).upper().translate(_MISREAD)
    return code if _CODE.fullmatch(code) else None


def find(typed: str) -> PublicCode | None:
    """Return what the typed code names, whatever its case and grouping."""
    code = normalise(typed)
    if code is None:
        return None
    return db.session.scalar(select(PublicCode).where(PublicCode.code == code))


def of_portrait(portrait_id: UUID) -> str:
    """Return the portrait's code."""
    query = select(PublicCode.code).where(PublicCode.portrait_id == portrait_id)
    code = db.session.scalar(query.order_by(PublicCode.id).limit(1))
    if code is None:
        raise NotFoundError(kind="public_code", id=str(portrait_id))
    return code


def of_portraits(portrait_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the codes of these portraits, of those that have one."""
    query = select(PublicCode.portrait_id, PublicCode.code).where(
        PublicCode.portrait_id.in_(portrait_ids)
    )
    # the first comes last, and stays
    rows = db.session.execute(query.order_by(PublicCode.id.desc())) if portrait_ids else ()
    return {named: code for named, code in rows if named is not None}


def of_portrait_and_album(portrait: Portrait) -> tuple[str, str | None]:
    """Return the portrait's code, and that of its order's album if it has one."""
    query = select(PublicCode).where(
        or_(
            PublicCode.portrait_id == portrait.id,
            and_(PublicCode.order_id == portrait.order_id, PublicCode.order_id.is_not(None)),
        )
    )
    found = db.session.scalars(query.order_by(PublicCode.id.desc())).all()
    # the first that was given comes last, and stays
    codes = {one.portrait_id is None: one.code for one in found}
    if False not in codes:
        raise NotFoundError(kind="public_code", id=str(portrait.id))
    return codes[False], codes.get(True)


def of_order(order_id: UUID) -> str | None:
    """Return the code of the order's album, or None if it has none yet."""
    query = select(PublicCode.code).where(PublicCode.order_id == order_id)
    return db.session.scalar(query.order_by(PublicCode.id).limit(1))


def issue_for_portrait(portrait_id: UUID) -> PublicCode:
    """Give the portrait a code that no other thing has or had."""
    return _issue(PublicCode(portrait_id=portrait_id))


def issue_for_order(order_id: UUID) -> PublicCode:
    """Give the order's album a code that no other thing has or had."""
    return _issue(PublicCode(order_id=order_id))


def _issue(public_code: PublicCode) -> PublicCode:
    code = new_code()
    while find(code) is not None:
        code = new_code()
    public_code.code = code
    with atomic():
        db.session.add(public_code)
    return public_code
