"""Rows of settings, held while they are changed."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from vertex.extensions import db
from vertex.models import Setting
from vertex.services._transaction import violates


def find_setting(key: str) -> Setting | None:
    """Return the row, or None while nobody has stored one."""
    return db.session.scalar(select(Setting).where(Setting.key == key))


def locked_setting(key: str) -> Setting:
    """Return the row, held until the surrounding transaction ends; made when first needed."""
    query = select(Setting).where(Setting.key == key).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is not None:
        return found
    setting = Setting(key=key, value={}, version=0)
    try:
        with db.session.begin_nested():  # another session may store the first one meanwhile
            db.session.add(setting)
    except IntegrityError as error:
        if not violates(error, "uq_settings_key"):
            raise
        return db.session.scalars(query).one()
    return setting
