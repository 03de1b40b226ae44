"""Fetches the peers through the ordinary clients of npm and PyPI, into the cache.

Nothing of them is part of the product: MindAR is under the MIT licence, AR.js under MIT with LGPL
parts inside, the maker of its markers under LGPL.
"""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recogniser import cache

MINDAR, ARJS, NFT = "1.2.5", "3.4.8", "0.1.0"

# Of the archives; what is measured is then what was measured before.
_SHA512 = {
    f"mind-ar-{MINDAR}.tgz": "62c6e235868d6c8fc03125d87cbf9cfef25a143fd107cb8ab403a198cc8e9066"
    "74bc19c433cf8a3e1dde7bc047df995db55b9dce2269bfadaaa95e9d9ecfc4bf",
    f"ar-js-org-ar.js-{ARJS}.tgz": "89a761980ee4638ff9e045c9f199ba41a9e966c0f238bb9d7aeea73ce3b160"
    "34176118cdc5efbd3dea3d892a3f93a5dc77bf68d431c2066d10acf439f8f23fe6",
}


@dataclass(frozen=True)
class Peers:
    """Folders: MindAR's builds, AR.js's builds, and the Python package that makes its markers."""

    mindar: Path
    arjs: Path
    nft: Path


def fetch() -> Peers:
    """The peers, downloaded once."""
    return Peers(
        mindar=_packed(f"mind-ar@{MINDAR}", f"mind-ar-{MINDAR}") / "dist",
        arjs=_packed(f"@ar-js-org/ar.js@{ARJS}", f"ar-js-org-ar.js-{ARJS}") / "aframe" / "build",
        nft=_wheel(),
    )


def _packed(package: str, name: str) -> Path:
    """The unpacked archive of a package of npm, without what it depends on."""
    downloads, unpacked = cache.folder("downloads"), cache.folder("peers") / name
    archive = downloads / f"{name}.tgz"
    if not archive.exists():
        subprocess.run(
            ["npm", "pack", package, "--silent", "--ignore-scripts"],
            cwd=downloads,
            check=True,
            timeout=300,
            stdout=subprocess.DEVNULL,
        )
    if hashlib.sha512(archive.read_bytes()).hexdigest() != _SHA512[archive.name]:
        raise RuntimeError(f"{archive.name} is not the archive this benchmark was written for")
    if not unpacked.exists():
        with tarfile.open(archive) as files:
            files.extractall(unpacked, filter="data")
    return unpacked / "package"


def _wheel() -> Path:
    downloads, unpacked = cache.folder("downloads"), cache.folder("peers") / f"nft-{NFT}"
    if not unpacked.exists():
        wanted = [f"nft-marker-creator=={NFT}", "--no-deps", "--only-binary=:all:"]
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--dest", downloads, *wanted],
            check=True,
            timeout=300,
        )
        wheel = next(downloads.glob(f"nft_marker_creator-{NFT}-*.whl"))
        with zipfile.ZipFile(wheel) as files:
            files.extractall(unpacked)  # noqa: S202 - a wheel; zipfile keeps within the folder
    return unpacked
