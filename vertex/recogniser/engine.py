"""The recogniser's core under wasmtime: the same WebAssembly that the phone runs, with NumPy."""

import ctypes
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from wasmtime import Engine, Func, Instance, Memory, Module, Store

from vertex.recogniser.errors import BadMarkerError

STATIC = Path(__file__).parents[1] / "static" / "ar"
SIMD = STATIC / "recogniser.wasm"
PLAIN = STATIC / "recogniser-plain.wasm"

Grey = NDArray[np.uint8]

# Feature of core.h
FEATURE = np.dtype(
    [
        ("x", "<f4"),
        ("y", "<f4"),
        ("strength", "<f4"),
        ("level", "<i4"),
        ("cos", "<f4"),
        ("sin", "<f4"),
        ("level_x", "<i4"),
        ("level_y", "<i4"),
    ]
)
# Result of core.h
RESULT = np.dtype(
    [
        ("homography", "<f8", (3, 3)),
        ("index", "<i4"),
        ("inliers", "<i4"),
        ("tracked", "<i4"),
        ("correlation", "<f4"),
        ("share", "<f4"),
        ("spread", "<f4"),
        ("pose", "<f8", (3, 4)),
        ("focal", "<f8"),
    ]
)
# Answers of load_marker() in core/marker.c
_REFUSALS = {
    1: "short",
    2: "foreign",
    3: "version",
    4: "length",
    5: "checksum",
    6: "portraits",
    7: "size",
    8: "template",
    9: "counts",
    10: "reserved",
    11: "views",
}
_lock = threading.Lock()


@cache
def _engine() -> Engine:
    return Engine()


@cache
def _compiled(path: Path) -> Module:
    return Module.from_file(_engine(), str(path))


class Core:
    """One instance of the core with memory of its own; not to be shared by threads."""

    MIN_SIDE = 48  # px, of core.h: a smaller picture has no room for a descriptor

    def __init__(self, wasm: Path = SIMD) -> None:
        with _lock:  # functools.cache may run a slow function twice
            module = _compiled(wasm)
        self._store = Store(_engine())
        self._exports = Instance(self._store, module, []).exports(self._store)
        self._functions: dict[str, Func] = {}
        memory = cast(Memory, self._exports["memory"])
        self._base = ctypes.addressof(memory.data_ptr(self._store).contents)
        self._frame = self._view("frame_buffer", self.call("frame_capacity"))
        self._marker = self._view("marker_buffer", self.call("marker_capacity"))
        size = self.call("result_capacity") * RESULT.itemsize
        self._results: NDArray[Any] = self._view("result_buffer", size).view(RESULT)

    def call(self, name: str, *arguments: int) -> int:
        """Call an exported function."""
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = cast(Func, self._exports[name])
        return cast(int, function(self._store, *arguments))

    def load_marker(self, marker: bytes) -> None:
        """Read a marker file; raise BadMarkerError if it is none."""
        if len(marker) > self._marker.size:
            raise BadMarkerError("length")
        self._marker[: len(marker)] = np.frombuffer(marker, np.uint8)
        verdict = self.call("load_marker", len(marker))
        if verdict:
            raise BadMarkerError(_REFUSALS[verdict])

    def find(self, grey: Grey) -> NDArray[Any]:
        """Look for the marker's portraits; a result (of dtype RESULT) for each that is there."""
        self._put(grey)
        found = self.call("find", grey.shape[1], grey.shape[0])
        if found < 0:
            raise ValueError(f"a frame of {grey.shape[1]}x{grey.shape[0]} px cannot be looked at")
        return self._results[:found].copy()

    def extract(
        self, grey: Grey, wanted: int, levels: int, threshold: int
    ) -> tuple[NDArray[Any], Grey]:
        """Features (of dtype FEATURE) and their descriptors (n x 32), strongest of each level."""
        self._put(grey)
        count = self.call("extract", grey.shape[1], grey.shape[0], wanted, levels, threshold)
        if count < 0:
            raise ValueError(f"a frame of {grey.shape[1]}x{grey.shape[0]} px cannot be looked at")
        features = self._view("feature_buffer", count * FEATURE.itemsize).view(FEATURE)
        descriptors = self._view("descriptor_buffer", count * 32).reshape(count, 32)
        return features.copy(), descriptors.copy()

    def _put(self, grey: Grey) -> None:
        if grey.ndim != 2 or grey.dtype != np.uint8:
            raise ValueError("a frame is a two-dimensional array of uint8")
        if grey.size > self._frame.size:
            raise ValueError(f"a frame of {grey.shape[1]}x{grey.shape[0]} px is too large")
        self._frame[: grey.size] = grey.ravel()

    def _view(self, pointer: str, size: int) -> Grey:
        # The core's memory never grows, so a view of it stays valid as long as the store lives.
        address = self._base + self.call(pointer)
        memory = (ctypes.c_uint8 * size).from_address(address)
        return np.ctypeslib.as_array(memory)


@dataclass(frozen=True, slots=True)
class Found:
    """A portrait in a frame: which one of the marker, and where.

    `homography` (3x3, float64) maps portrait px to frame px, both at pixel edges; `inliers` counts
    the matches behind its last detection (0 while it is followed from frame to frame);
    `correlation` (-1 to 1) and `share` (0 to 1) say how alike portrait and frame are; `spread` is
    by how many px the least certain corner may be off (one standard deviation).

    `pose` (3x4) puts the portrait into the camera's space: from its own coordinates (centre, x
    right, y up, z out of the print, in widths of the portrait) to the camera's (x right, y up, z
    backwards). It goes with `focal`, the camera's focal length in px as far as the frames before
    have told it, and a principal point in the frame's middle. Both are 0 where there is no pose.
    """

    index: int
    homography: NDArray[np.float64]
    inliers: int
    correlation: float
    share: float
    spread: float
    pose: NDArray[np.float64]
    focal: float


class Recogniser:
    """Finds a marker's portraits in frames of one camera; not to be shared by threads."""

    def __init__(self, marker: bytes, wasm: Path = SIMD) -> None:
        """Load a marker file; raise BadMarkerError if it is none."""
        self._core = Core(wasm)
        self._core.load_marker(marker)

    def find(self, grey: Grey) -> list[Found]:
        """The portraits in a frame (height x width, uint8), following them from the last one."""
        return [
            Found(
                int(result["index"]),
                np.array(result["homography"], np.float64),
                int(result["inliers"]),
                float(result["correlation"]),
                float(result["share"]),
                float(result["spread"]),
                np.array(result["pose"], np.float64),
                float(result["focal"]),
            )
            for result in self._core.find(grey)
        ]

    def set_effort(self, effort: int) -> None:
        """Choose how much a search may cost: 0 (the most) to 2, as on a slow phone."""
        self._core.call("set_effort", effort)

    def reset(self) -> None:
        """Forget the last frame, so that the next one is searched from scratch."""
        self._core.call("reset")
