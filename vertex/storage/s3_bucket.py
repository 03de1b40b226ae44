"""The bucket: versions, the rules by which old things go, and whose pages may read it."""

from typing import Any

from botocore.exceptions import ClientError

from vertex.storage.keys import AREAS
from vertex.storage.s3_errors import code_of

STALE_PARTS_DAYS = 2  # an upload that a crash has cut short
OLD_VERSIONS_DAYS = 30  # as long as the bin keeps things

_NAME = "vertex-"
_OURS = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")


def prepare_bucket(client: Any, bucket: str, origin: str) -> None:
    """Make the bucket if there is none, and set it up; safe to run again."""
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if code_of(error) not in ("404", "NoSuchBucket"):
            raise
        _create(client, bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rules = [rule for rule in _lifecycle_of(client, bucket) if not _is_ours(rule)]
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [*rules, *_rules()]}
    )
    others = [rule for rule in _cors_of(client, bucket) if rule["AllowedOrigins"] != [origin]]
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [*others, _cors(origin)]})


def _create(client: Any, bucket: str) -> None:
    region = client.meta.region_name
    # AWS wants every region named but its first
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    try:
        client.create_bucket(
            Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {})
        )
    except ClientError as error:
        if code_of(error) not in _OURS:
            raise


def _lifecycle_of(client: Any, bucket: str) -> list[dict[str, Any]]:
    try:
        found = client.get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if code_of(error) != "NoSuchLifecycleConfiguration":
            raise
        return []
    return list(found["Rules"])


def _cors_of(client: Any, bucket: str) -> list[dict[str, Any]]:
    try:
        found = client.get_bucket_cors(Bucket=bucket)
    except ClientError as error:
        if code_of(error) != "NoSuchCORSConfiguration":
            raise
        return []
    return list(found["CORSRules"])


def _is_ours(rule: dict[str, Any]) -> bool:
    return str(rule.get("ID", "")).startswith(_NAME)


def _rules() -> list[dict[str, Any]]:
    """For our areas alone: others may keep things in the same bucket."""
    return [
        {
            "ID": f"{_NAME}{area}",
            "Filter": {"Prefix": f"{area}/"},
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": STALE_PARTS_DAYS},
            "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSIONS_DAYS},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
        }
        for area in AREAS
    ]


def _cors(origin: str) -> dict[str, Any]:
    return {
        "AllowedOrigins": [origin],
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges"],
        "MaxAgeSeconds": 3600,
    }
