"""Make the A-Frame of the customer's page: its own source, without the parts that page never uses.

`python -m tools.aframe` writes it to static/vendor, the same bytes whoever runs it. Needs npm, for
the packages of packages.json, and Linux on x86-64, for esbuild.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from vertex.web.static import FOLDER
from vertex.web.viewer import AFRAME, AFRAME_LICENSES

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "aframe"
_BUILDER = "@esbuild/linux-x64"
_OPTIONS = (
    *("--bundle", "--minify", "--format=iife", "--target=es2020", "--legal-comments=none"),
    *("--alias:three=./three.js", "--log-override:import-is-undefined=error"),
)
_BANNER = f"/* A-Frame and three.js, in parts: see {AFRAME_LICENSES} */"
# As three strips its shaders for its own releases (utils/build/rollup.config.js there).
_SHADER = re.compile(r"/\* glsl \*/`(.*?)`", re.DOTALL)
_COMMENTS = re.compile(r"[ \t]*//.*\n|[ \t]*/\*[\s\S]*?\*/")


def main() -> None:
    """Make the script, and the licences of all that is in it."""
    packages: dict[str, dict[str, str]] = json.loads((HERE / "packages.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, package in packages.items():
            _unpack(_fetch(name, **package), place / "node_modules" / name)
        made = {AFRAME: _bundle(place), AFRAME_LICENSES: _licences(place, packages)}
    vendor = FOLDER / "vendor"
    for name, content in made.items():
        (vendor / name).write_bytes(content)
    _note(vendor / "vendor.json", made)


def _fetch(name: str, version: str, sha512: str) -> Path:
    """The tarball of a package, from the cache or from npm; SystemExit if it is another one."""
    CACHE.mkdir(parents=True, exist_ok=True)
    tarball = CACHE / f"{name.replace('@', '').replace('/', '-')}-{version}.tgz"
    if not tarball.exists():
        _run("npm", "pack", "--silent", f"{name}@{version}", cwd=CACHE)
    digest = hashlib.sha512(tarball.read_bytes()).digest()
    if base64.b64encode(digest).decode() != sha512:
        tarball.unlink()  # perhaps it came in part
        raise SystemExit(f"{tarball.name} was not the package that packages.json names")
    return tarball


def _unpack(tarball: Path, place: Path) -> None:
    """What is in a package, under its own name."""
    with tarfile.open(tarball) as archive, tempfile.TemporaryDirectory(dir=CACHE) as folder:
        archive.extractall(folder, filter="data")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / "package", place)


def _bundle(place: Path) -> bytes:
    for path in (place / "node_modules/super-three/src/renderers/shaders").rglob("*.glsl.js"):
        path.write_text(_SHADER.sub(_stripped, path.read_text()))
    for name in ("entry.js", "three.js"):
        shutil.copy(HERE / name, place / name)
    builder = place / "node_modules" / _BUILDER / "bin" / "esbuild"
    return _run(str(builder), "entry.js", *_OPTIONS, f"--banner:js={_BANNER}", cwd=place)


def _run(*command: str, cwd: Path) -> bytes:
    """What a program writes, which has said itself what was wrong if it fails."""
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE)  # noqa: S603 - a list, never a shell
    if done.returncode:
        raise SystemExit(f"{command[0]} failed")
    return done.stdout


def _stripped(shader: re.Match[str]) -> str:
    lines = _COMMENTS.sub("", shader[1].replace("\r", "")).splitlines()
    return "`" + "\n".join(line.strip(" \t") for line in lines if line.strip()) + "\n`"


def _licences(place: Path, packages: Mapping[str, Mapping[str, str]]) -> bytes:
    texts = []
    for name, package in packages.items():
        if name == _BUILDER:
            continue
        (licence,) = (
            path
            for path in (place / "node_modules" / name).iterdir()
            if path.stem.lower() == "license"
        )
        texts.append(f"{name} {package['version']}\n\n{licence.read_text().strip()}\n")
    return "\n\n".join(texts).encode()


def _note(manifest: Path, made: Mapping[str, bytes]) -> None:
    """The hashes, at the package the files are made of."""
    packages = json.loads(manifest.read_text())
    (aframe,) = (package for package in packages if package["package"] == "aframe")
    files = [file for file in aframe["files"] if file["file"] not in made]
    for name, content in made.items():
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        files.append({"file": name, "from": "tools/aframe", "sha384": digest})
    aframe["files"] = files
    manifest.write_text(json.dumps(packages, indent=2) + "\n")


if __name__ == "__main__":
    main()
