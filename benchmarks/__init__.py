"""Measurements by which decisions were made; nothing here is part of the product."""
