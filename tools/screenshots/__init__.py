"""Photographs of every page, for the documents: `python -m tools.screenshots`."""
