"""Settings of one installation: the environment, typed and checked once."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import SettingsConfigDict

from vertex.mail.settings import MailSettings
from vertex.setting_types import Currency, Limit, Timezone

CHECKOUT = Path(__file__).parents[1]

COUNTS_IN_MEMORY = "one-by-one"  # by which `web` names its store of counts
_MOUNTED_SECRETS = Path("/run/secrets")
_SHORTEST_SECRET = 16
_LARGEST_FORM = 2 * 1024**2
_MOST_PARTS = 100  # each file among them is open until the form is judged

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class SettingsError(Exception):
    """The environment holds values the program cannot start with; the message names each."""


class Settings(MailSettings):
    """Everything that differs between installations."""

    model_config = SettingsConfigDict(env_prefix="VERTEX_", env_ignore_empty=True, frozen=True)

    instance: Annotated[Path, AfterValidator(Path.absolute)] = CHECKOUT / "instance"
    uploads_folder: Annotated[Path, AfterValidator(Path.absolute)] | None = None
    backups_folder: Annotated[Path, AfterValidator(Path.absolute)] | None = None
    backup_files: bool | None = None
    backups_kept: int = Field(default=14, ge=0)
    database_url: str = ""
    public_url: str = "http://localhost:8000"
    old_urls: str = ""
    secret_key: SecretStr | None = None
    default_locale: Literal["en", "ru"] = "en"
    currency: Currency = "EUR"
    timezone: Timezone = "UTC"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    storage: Literal["local", "s3"] = "local"
    s3_bucket: Annotated[str, Field(validate_default=True)] = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: SecretStr | None = None
    s3_addressing: Literal["path", "virtual"] = "path"
    delivery: Literal["app", "nginx", "redirect"] = "app"
    trusted_proxies: int = Field(default=0, ge=0)
    redis_url: str = Field(default="", repr=False)  # it may hold a password
    workers: int = Field(default=1, ge=1)
    threads: int = Field(default=96, ge=1)
    jobs: Literal["threads", "celery"] = "threads"
    job_threads: int = Field(default=2, ge=0)
    heavy_jobs: int = Field(default=1, ge=1)
    lease_seconds: int = Field(default=60, ge=1)
    max_image_bytes: int = Field(default=50 * 1024**2, ge=1)
    max_image_pixels: int = Field(default=100_000_000, ge=1)
    max_video_bytes: int = Field(default=1024**3, ge=1)
    max_archive_bytes: int = Field(default=20 * 1024**3, ge=1)
    prove: bool = True
    bin_days: int = Field(default=30, ge=1)
    sign_in_limit: Limit = "5 per minute"
    upload_limit: Limit = "10 per minute"
    staff_limit: Limit = "100 per minute"
    file_limit: Limit = "1000 per minute"
    customer_limit: Limit = "1000 per minute"
    events_limit: Limit = "600 per minute"
    answer_limit: Limit = "10 per minute"
    debug_pages: bool = False
    testing: bool = False

    @classmethod
    def from_env(cls) -> Self:
        """The settings of this process, or one SettingsError that names every mistake."""
        mounted = _MOUNTED_SECRETS if _MOUNTED_SECRETS.is_dir() else None
        try:
            return cls(_env_file=CHECKOUT / ".env", _secrets_dir=mounted)
        except ValidationError as error:
            raise SettingsError(_explain(error)) from None

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("old_urls")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        urls = [url.strip().rstrip("/") for url in value.split(",") if url.strip()]
        if not all(url.startswith(("http://", "https://")) for url in urls):
            raise ValueError("must be addresses with http:// or https://, with commas between")
        return ",".join(urls)

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, value: str) -> str:
        if value.startswith("postgresql://"):
            return value.replace("postgresql://", "postgresql+psycopg://", 1)
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @field_validator("s3_bucket")
    @classmethod
    def _is_named_where_it_is_used(cls, value: str, known: ValidationInfo) -> str:
        if known.data.get("storage") == "s3" and not value:
            raise ValueError("must be set, as VERTEX_STORAGE is s3")
        return value

    @field_validator("s3_endpoint")
    @classmethod
    def _is_an_endpoint(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://")):
            raise ValueError("must start with redis:// or rediss://")
        return value

    @field_validator("jobs")
    @classmethod
    def _has_its_redis(cls, value: str, info: ValidationInfo) -> str:
        if value == "celery" and not info.data.get("redis_url"):
            raise ValueError("celery needs VERTEX_REDIS_URL")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"must have at least {_SHORTEST_SECRET} characters")
        return value

    @property
    def old_hosts(self) -> frozenset[str]:
        """The hosts, with ports if they have any, that people were once sent to."""
        urls = (urlsplit(url) for url in self.old_urls.split(",") if url)
        return frozenset(url.netloc.lower() for url in urls)

    @property
    def database(self) -> str:
        """The database in SQLAlchemy's words: as set, else a file in the instance folder."""
        return self.database_url or f"sqlite:///{self.instance / 'vertex.sqlite3'}"

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.database.startswith("sqlite")

    @property
    def media_root(self) -> Path:
        """Where local files lie."""
        return self.instance / "media"

    @property
    def temporary_files(self) -> Path:
        """Where unfinished files lie; on the disk of the finished ones, so that a rename moves."""
        return self.media_root / ".tmp"

    @property
    def unfinished_uploads(self) -> Path:
        """Where files lie that are sent piece by piece; shared by all processes that take them."""
        return self.uploads_folder or self.instance / "uploads"

    @property
    def backups(self) -> Path:
        """Where backups lie."""
        return self.backups_folder or self.instance / "backups"

    @property
    def backs_up_files(self) -> bool:
        """Whether backups hold the files, too: as set, else where they lie in a place of theirs."""
        if self.backup_files is None:
            return self.backups_folder is not None
        return self.backup_files

    @property
    def imports(self) -> Path:
        """Where ZIPs lie until they are taken in."""
        return self.unfinished_uploads / "imports"

    @property
    def made_files(self) -> Path:
        """Where exports lie that a job has made, until somebody fetches them."""
        return self.unfinished_uploads / "made"

    @property
    def largest_upload(self) -> int:
        """The most bytes of a form with a picture and a video."""
        return self.max_image_bytes + self.max_video_bytes + _LARGEST_FORM

    @property
    def secret_key_file(self) -> Path:
        """Where the key lies that we made ourselves."""
        return self.instance / "secret_key"

    @property
    def https(self) -> bool:
        """Whether people reach us through an encrypted connection."""
        return self.public_url.startswith("https://")

    @property
    def only_here(self) -> bool:
        """Whether the public address works on this machine only."""
        return urlsplit(self.public_url).hostname in _LOOPBACK

    def flask_config(self) -> dict[str, Any]:
        """What Flask and its extensions are configured with."""
        return {
            "TESTING": self.testing,
            "SECRET_KEY": self.own_secret(),
            "MAX_CONTENT_LENGTH": _LARGEST_FORM,
            "MAX_FORM_PARTS": _MOST_PARTS,
            "SESSION_COOKIE_NAME": "vertex_session",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
            # an answer that crosses another must not bring the older cookie back
            "SESSION_REFRESH_EACH_REQUEST": False,
            # a form is out of date when its session is, however long somebody takes to fill it in
            "WTF_CSRF_TIME_LIMIT": None,
            "RATELIMIT_ENABLED": True,
            **self._limits_storage(),
            "SQLALCHEMY_DATABASE_URI": self.database,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "BABEL_DEFAULT_LOCALE": self.default_locale,
            "BABEL_DEFAULT_TIMEZONE": self.timezone,
        }

    def own_secret(self) -> str:
        """The secret key: as set, else the one in the instance folder, made at first use."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        if not self.secret_key_file.exists():
            self._make_secret()
        return self.secret_key_file.read_text().strip()

    def _make_secret(self) -> None:
        self.instance.mkdir(parents=True, exist_ok=True)
        draft = self.instance / f"secret_key.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # a link, because two processes may start at once: the first key stays
            self.secret_key_file.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def _limits_storage(self) -> dict[str, Any]:
        if not self.redis_url:
            return {"RATELIMIT_STORAGE_URI": f"{COUNTS_IN_MEMORY}://"}
        return {
            "RATELIMIT_STORAGE_URI": self.redis_url,
            "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
            "RATELIMIT_KEY_PREFIX": "vertex",
            # while Redis is away each process counts for itself
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        }

    def _engine_options(self) -> dict[str, Any]:
        more = self.threads + 2 * self.job_threads
        # the one that was used last has most of what is asked for in its own memory
        options: dict[str, Any] = {"pool_size": 8, "max_overflow": more, "pool_use_lifo": True}
        if self.on_sqlite:
            return {**options, "connect_args": {"timeout": 20}}
        return {**options, "pool_pre_ping": True}


def _explain(error: ValidationError) -> str:
    lines = ["Vertex cannot start with these settings:"]
    for mistake in error.errors():
        name = "VERTEX_" + "_".join(str(part) for part in mistake["loc"]).upper()
        lines.append(f"  {name}: {mistake['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)
