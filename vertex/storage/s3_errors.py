"""What goes wrong with an S3 store, in the words of a store of files."""

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from vertex.storage.base import MissingFileError, StorageError

_MISSING = ("NoSuchKey", "404", "NotFound")


def code_of(error: ClientError) -> str:
    """The store's word for what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn the client's errors into MissingFileError and StorageError."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in _MISSING:
            raise MissingFileError(what) from None
        raise StorageError(f"{what}: {error}") from error
    except (BotoCoreError, Boto3Error, HTTPClientError) as error:
        raise StorageError(f"{what}: {error}") from error
