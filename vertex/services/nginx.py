"""The configuration of nginx that fits an installation."""

from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from vertex.settings import Settings
from vertex.storage import Storage

_SAMPLE = f"videos/{UUID(int=0)}/{'0' * 32}.mp4"


def configuration(
    settings: Settings, storage: Storage, folder: Path, *, listen: str, port: int
) -> str:
    """What nginx is told, from the templates in this folder."""
    filled = {
        "LISTEN": listen,
        "NAME": " ".join(_names(settings)) or "_",
        "PORT": str(port),
        "MEDIA": str(settings.media_root),
        **_bucket(storage, folder),
    }
    return _fill((folder / "vertex.conf").read_text(), filled)


def _names(settings: Settings) -> list[str]:
    """The hosts that lead here: that of today first, then those of earlier years."""
    urls = [settings.public_url, *settings.old_urls.split(",")]
    found = (urlsplit(url).hostname for url in urls if url)
    return list(dict.fromkeys(name for name in found if name))


def _bucket(storage: Storage, folder: Path) -> dict[str, str]:
    """Where the bucket is and how it is asked; nothing where all files are in a folder."""
    link = storage.link(_SAMPLE, content_type="video/mp4", seconds=60)
    if link is None:
        return {"UPSTREAM": "", "S3": ""}
    parts = urlsplit(link)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    known = {
        "SCHEME": parts.scheme,
        "HOST": parts.netloc,
        "NAME": parts.hostname or "",
        "SERVER": f"{parts.hostname}:{port}",
    }
    return {
        "UPSTREAM": _fill((folder / "store.conf").read_text(), known),
        "S3": _fill((folder / "s3.conf").read_text(), known),
    }


def _fill(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    return template
