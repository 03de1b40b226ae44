"""Where media and marker files live. Callers know keys, never paths or buckets."""

from vertex.settings import Settings
from vertex.storage.base import MissingFileError, Storage, StoredFile
from vertex.storage.keys import content_hash, content_type_of, file_key
from vertex.storage.local import LocalStorage

__all__ = [
    "MissingFileError",
    "Storage",
    "StoredFile",
    "content_hash",
    "content_type_of",
    "file_key",
    "open_storage",
]


def open_storage(settings: Settings) -> Storage:
    """Return the store these settings choose."""
    return LocalStorage(settings.media_root)
