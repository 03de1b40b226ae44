"""Vendored front-end files are those of their packages, and all are accounted for."""

import base64
import hashlib
import json
from pathlib import Path

import vertex

FOLDER = Path(vertex.__file__).parent / "static" / "vendor"


def test_every_vendored_file_is_in_the_manifest_with_its_hash() -> None:
    packages = json.loads((FOLDER / "vendor.json").read_text())
    listed = {file["file"]: file["sha384"] for package in packages for file in package["files"]}

    found = {
        path.name: base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for path in FOLDER.iterdir()
        if path.name != "vendor.json"
    }

    assert found == listed
