"""Builds the recogniser's two WebAssembly files from `core/` with the pinned zig compiler."""

import subprocess
import sys
from pathlib import Path

from vertex.recogniser.engine import PLAIN, SIMD, STATIC

CORE = Path(__file__).with_name("core")

_FLAGS = [
    *("-O3", "-std=c11", "-ffp-contract=off", "--target=wasm32-freestanding", "-nostdlib"),
    *("-Wall", "-Wextra", "-Werror"),
    *("-Wl,--no-entry", "-Wl,--strip-all", "-Wl,-z,stack-size=262144"),
]


def build(target: Path, *, simd: bool) -> None:
    """Compile the core into target; the bytes depend on the source and the compiler alone."""
    sources = sorted(path.name for path in CORE.glob("*.c"))
    command = [sys.executable, "-m", "ziglang", "cc", *_FLAGS, *(["-msimd128"] if simd else [])]
    subprocess.run([*command, "-o", str(target.resolve()), *sources], cwd=CORE, check=True)  # noqa: S603 - our own compiler on our own sources
    target.chmod(0o644)


def main() -> None:
    """Rebuild both committed files."""
    STATIC.mkdir(parents=True, exist_ok=True)
    build(SIMD, simd=True)
    build(PLAIN, simd=False)


if __name__ == "__main__":
    main()
