"""Whether what the studio stands on works right now."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from vertex.extensions import db
from vertex.models import Job
from vertex.storage import Storage


def trouble_with_database() -> str | None:
    """What is wrong with the database, or None if it answers and has our tables."""
    try:
        db.session.execute(select(Job.id).limit(1)).all()
    except SQLAlchemyError as error:
        db.session.rollback()
        return str(getattr(error, "orig", None) or error)
    return None


def trouble_with_redis(url: str) -> str | None:
    """What is wrong with Redis, or None if it answers."""
    import redis  # only the scaled mode needs it

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as connection:
            connection.ping()
    except redis.RedisError as error:
        return str(error)
    return None


def trouble_with_storage(storage: Storage) -> str | None:
    """What is wrong with the file store, or None if it keeps what is written."""
    try:
        storage.check()
    except OSError as error:
        return str(error)
    return None
