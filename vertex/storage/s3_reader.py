"""A stored file read as if it were here: by ranges, with little in memory."""

import io
from typing import Any

from urllib3.exceptions import HTTPError

from vertex.storage.base import StorageError
from vertex.storage.s3_errors import translated

_TURNS = 3


class S3Reader(io.RawIOBase):
    """Reads from where it stands in one request, which a jump to elsewhere ends.

    A line that breaks is taken up again at the same byte.
    """

    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        super().__init__()
        self._client, self._bucket, self._key, self._size = client, bucket, key, size
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte; nothing is asked of the store until one is read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        at = max(0, base + offset)
        if at != self._at:
            self._drop()
            self._at = at
        return at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one look goes; 0 at the end."""
        if self._at >= self._size or not len(buffer):
            return 0
        for turn in range(_TURNS):
            try:
                content = self._read(len(buffer))
                break
            except (HTTPError, StorageError, OSError):
                self._drop()
                if turn == _TURNS - 1:
                    raise StorageError(f"{self._key}: the line broke") from None
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        """Let go of the line."""
        self._drop()
        super().close()

    def _read(self, most: int) -> bytes:
        with translated(self._key):
            if self._body is None:
                part = f"bytes={self._at}-{self._size - 1}"
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key, Range=part)
                self._body = answer["Body"]
            content = bytes(self._body.read(most))
        if not content:
            raise StorageError(f"{self._key} ended early")
        return content

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
