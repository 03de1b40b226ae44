"""`python -m vertex.recogniser PICTURE MARKER`: make a marker file without the application."""

import sys
from pathlib import Path

from vertex.recogniser import BadPictureError, PoorPictureError, build_marker

if len(sys.argv) != 3:
    sys.exit("usage: python -m vertex.recogniser PICTURE MARKER")
try:
    Path(sys.argv[2]).write_bytes(build_marker(Path(sys.argv[1]).read_bytes()))
except (BadPictureError, PoorPictureError) as error:
    sys.exit(f"{sys.argv[1]}: {type(error).__name__}: {error}")
