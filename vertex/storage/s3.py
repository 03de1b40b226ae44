"""Files in a bucket of an S3 store: AWS, MinIO, Ceph."""

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from vertex.storage import drafts
from vertex.storage.base import ListedFile, MissingFileError, StorageError, StoredFile
from vertex.storage.keys import check_key, content_type_of, is_key
from vertex.storage.s3_bucket import prepare_bucket
from vertex.storage.s3_errors import code_of, translated
from vertex.storage.s3_reader import S3Reader

PART = 8 << 20  # bytes; larger files are sent in parts of this size, one in memory at a time

_BUFFER = 1 << 20
_PROBE = b"vertex"
_EXISTS = ("PreconditionFailed", "412")
_IN_THE_WAY = ("ConditionalRequestConflict", "409")
_CANNOT_ASK = ("NotImplemented", "501")  # for stores that know no conditions
_TURNS = 5


class S3Storage:
    """Files in a bucket; a write is visible whole or not at all, as the store promises."""

    def __init__(self, client: Any, bucket: str, scratch: Path) -> None:
        self._client = client
        self._bucket = bucket
        self._scratch = scratch.absolute()

    def put(self, key: str, source: BinaryIO, *, content_type: str) -> None:
        if content_type != content_type_of(key):
            raise ValueError(f"{key} is no {content_type}")
        size = source.seek(0, io.SEEK_END)
        source.seek(0)
        with translated(key):
            # asked first: some stores with versions make another one whatever the condition
            if self._size(key) == size:
                return
            if size <= PART:
                self._put_whole(key, source.read(), content_type)
            else:
                self._put_in_parts(key, source, content_type)

    def open(self, key: str) -> BinaryIO:
        size = self.stat(key).size
        raw = S3Reader(self._client, self._bucket, key, size)
        return io.BufferedReader(raw, _BUFFER)

    def stat(self, key: str) -> StoredFile:
        with translated(check_key(key)):
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        return StoredFile(size=head["ContentLength"], content_type=content_type_of(key))

    def exists(self, key: str) -> bool:
        try:
            self.stat(key)
        except MissingFileError:
            return False
        return True

    def delete(self, key: str) -> None:
        with translated(check_key(key)):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def erase(self, key: str) -> None:
        with translated(check_key(key)):
            self._erase(key)

    def files(self, area: str) -> Iterator[ListedFile]:
        pages = self._client.get_paginator("list_objects_v2")
        with translated(area):
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{area}/"):
                for found in page.get("Contents", []):
                    if is_key(found["Key"]):
                        yield ListedFile(found["Key"], found["Size"], found["LastModified"])

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        with self.workspace() as folder:
            path = folder / key.rpartition("/")[2]
            with translated(check_key(key)):
                self._client.download_file(self._bucket, key, str(path))
            yield path

    def workspace(self) -> AbstractContextManager[Path]:
        return drafts.workspace(self._scratch)

    def link(self, key: str, *, content_type: str, seconds: int) -> str | None:
        wanted = {
            "Bucket": self._bucket,
            "Key": check_key(key),
            "ResponseContentType": content_type,
        }
        return str(
            self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
        )

    def free_bytes(self) -> int | None:
        return None

    def initialise(self, origin: str) -> None:
        with translated(self._bucket):
            prepare_bucket(self._client, self._bucket, origin)

    def check(self) -> None:
        key = f"probe/{uuid4()}"
        with translated(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=_PROBE)
            try:
                found = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            finally:
                self._erase(key)
        if found != _PROBE:
            raise StorageError(f"the bucket {self._bucket} does not give back what was written")

    def _size(self, key: str) -> int | None:
        try:
            return self.stat(key).size
        except MissingFileError:
            return None

    def _put_whole(self, key: str, content: bytes, content_type: str) -> None:
        """Store in one request, unless it is there already: then it is the same."""
        wanted = {
            "Bucket": self._bucket,
            "Key": key,
            "Body": content,
            "ContentType": content_type,
            "ContentMD5": _md5(content),
        }
        condition = {"IfNoneMatch": "*"}
        for turn in range(_TURNS):
            try:
                self._client.put_object(**wanted, **condition)
                return
            except ClientError as error:
                if code_of(error) in _EXISTS:
                    return
                if code_of(error) in _CANNOT_ASK and condition:
                    condition = {}
                elif code_of(error) not in _IN_THE_WAY or turn == _TURNS - 1:
                    raise

    def _put_in_parts(self, key: str, source: BinaryIO, content_type: str) -> None:
        place = {"Bucket": self._bucket, "Key": key}
        upload = self._client.create_multipart_upload(**place, ContentType=content_type)
        place["UploadId"] = upload["UploadId"]
        try:
            parts: list[dict[str, Any]] = []
            while content := source.read(PART):
                number = len(parts) + 1
                done = self._client.upload_part(
                    **place, PartNumber=number, Body=content, ContentMD5=_md5(content)
                )
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
            if not self._complete(place, parts):
                self._give_up(place)
        except BaseException:
            self._give_up(place)
            raise

    def _complete(self, place: dict[str, Any], parts: list[dict[str, Any]]) -> bool:
        """Make one file of the parts; False if the same is there by now."""
        whole = {**place, "MultipartUpload": {"Parts": parts}}
        try:
            self._client.complete_multipart_upload(**whole, IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) in _EXISTS:
                return False
            if code_of(error) not in _CANNOT_ASK:
                raise
            self._client.complete_multipart_upload(**whole)
        return True

    def _give_up(self, place: dict[str, Any]) -> None:
        # what cannot be given up now goes by the bucket's rule for stale parts
        with suppress(ClientError, BotoCoreError):
            self._client.abort_multipart_upload(**place)

    def _erase(self, key: str) -> None:
        pages = self._client.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self._bucket, Prefix=key):
            for version in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                if version["Key"] == key:
                    self._client.delete_object(
                        Bucket=self._bucket, Key=key, VersionId=version["VersionId"]
                    )


def _md5(content: bytes) -> str:
    """The checksum that every S3 store knows and compares."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
