"""The recogniser without the application: `python -m vertex.recogniser PICTURE MARKER` makes a
marker file, `python -m vertex.recogniser prove PICTURE [DRAWING]` says how well its print will be
recognised and draws by which features.
"""

import sys
from pathlib import Path

from vertex.recogniser import (
    BadPictureError,
    PoorPictureError,
    Proof,
    build_marker,
    draw_features,
    prove,
)

USAGE = """usage: python -m vertex.recogniser PICTURE MARKER
       python -m vertex.recogniser prove PICTURE [DRAWING.jpg]"""


def main(arguments: list[str]) -> None:
    """Do what was asked, or end with a sentence."""
    proving = arguments[:1] == ["prove"]
    rest = arguments[1:] if proving else arguments
    if len(rest) not in ((1, 2) if proving else (2,)):
        sys.exit(USAGE)
    try:
        image = Path(rest[0]).read_bytes()
        marker = build_marker(image)
        if not proving:
            Path(rest[1]).write_bytes(marker)
            return
        proof = prove(image, marker, _tell if sys.stderr.isatty() else None)
        sys.stdout.write(_report(proof))
        if len(rest) == 2:
            Path(rest[1]).write_bytes(draw_features(image, proof.places))
    except (BadPictureError, PoorPictureError) as error:
        sys.exit(f"{rest[0]}: {type(error).__name__}: {error}")


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done}/{total}" + ("\n" if done == total else ""))


def _report(proof: Proof) -> str:
    size, angle = proof.smallest_size, proof.largest_angle
    lines = [
        f"recognised in {proof.recognised} of {proof.looks} looks, rating {proof.rating} of 5",
        "smallest size: "
        + ("none" if size is None else f"{100 * size:.0f} % of the frame's height"),
        "largest angle: " + ("none" if angle is None else f"{angle:.0f} degrees"),
    ]
    for advice in proof.advice:
        words = ", ".join(f"{name} {value}" for name, value in advice.parameters.items())
        lines.append(f"advice: {advice.code}" + (f" ({words})" if words else ""))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
