"""Where media and marker files live. Callers know keys, never paths or buckets."""

from vertex.settings import Settings
from vertex.storage.base import (
    ListedFile,
    MissingFileError,
    Storage,
    StorageError,
    StoredFile,
)
from vertex.storage.keys import AREAS, content_hash, content_type_of, file_key, is_content_of
from vertex.storage.local import LocalStorage

__all__ = [
    "AREAS",
    "ListedFile",
    "MissingFileError",
    "Storage",
    "StorageError",
    "StoredFile",
    "content_hash",
    "content_type_of",
    "file_key",
    "is_content_of",
    "open_storage",
]


def open_storage(settings: Settings) -> Storage:
    """Return the store these settings choose."""
    if settings.storage == "local":
        return LocalStorage(settings.media_root)
    # boto3 takes a third of a second to import, which who stores locally need not wait
    from vertex.storage.s3_client import open_s3

    return open_s3(settings)
