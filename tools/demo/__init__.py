"""Draws the demo's portrait, animates it, and writes both to vertex/demo."""
