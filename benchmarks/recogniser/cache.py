"""Where downloads, peers' markers and raw results stay: outside the repository."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.browser.chromium import EXECUTABLE


def folder(*parts: str) -> Path:
    """A folder of the cache ($XDG_CACHE_HOME, or ~/.cache), made if need be."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    path = Path(base, "vertex-benchmarks", *parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


class Results:
    """The raw results of each part as one JSON file, the last run's over the one before it."""

    def __init__(self, *, quick: bool) -> None:
        self._folder = folder("results-quick" if quick else "results")

    def save(self, part: str, data: Any, seconds: float) -> None:
        """Keep what a part has measured, with when and on what."""
        facts = {"date": datetime.now(UTC).date().isoformat(), "machine": machine()}
        whole = {**facts, "seconds": round(seconds), "data": data}
        (self._folder / f"{part}.json").write_text(json.dumps(whole, indent=1))

    def load(self, part: str) -> dict[str, Any] | None:
        """What the last run of a part has left, or None."""
        path = self._folder / f"{part}.json"
        if not path.exists():
            return None
        whole: dict[str, Any] = json.loads(path.read_text())
        return whole


def machine() -> dict[str, Any]:
    """What the figures depend on, without anything that names this machine."""
    version = subprocess.run([EXECUTABLE, "--version"], capture_output=True, text=True, check=True)
    cpus = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in cpus if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "cores_used": len(os.sched_getaffinity(0)),
        "browser": " ".join(version.stdout.split()[:2]),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }
