"""Throws bytes at the native core for as long as one likes: `python -m tools.fuzz SECONDS`."""
