"""The client of an S3 store, as the settings describe it."""

import boto3
from botocore.config import Config

from vertex.settings import Settings
from vertex.storage.s3 import S3Storage

_CONNECT_SECONDS = 5
_READ_SECONDS = 60
_ATTEMPTS = 4


def open_s3(settings: Settings) -> S3Storage:
    """Return the store; nothing is asked of it yet."""
    secret = settings.s3_secret_key
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=settings.s3_endpoint or None,
        region_name=settings.s3_region,
        # without keys boto3 looks where AWS lets programs find theirs
        aws_access_key_id=settings.s3_access_key or None,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        config=_config(settings),
    )
    return S3Storage(client, settings.s3_bucket, settings.temporary_files)


def _config(settings: Settings) -> Config:
    # stores other than AWS know the checksums of 2025 only partly; ours is MD5
    checksums = "when_required" if settings.s3_endpoint else "when_supported"
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": settings.s3_addressing},
        request_checksum_calculation=checksums,
        response_checksum_validation=checksums,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        max_pool_connections=settings.threads + 2 * settings.job_threads,
    )
