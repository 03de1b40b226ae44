"""Rows of settings, held while they are changed."""

from sqlalchemy import select

from vertex.extensions import db
from vertex.models import Setting
from vertex.services._transaction import add_first


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
    return setting if add_first(setting, "uq_settings_key") else db.session.scalars(query).one()
