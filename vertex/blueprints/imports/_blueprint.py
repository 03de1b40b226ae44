"""The blueprint its modules hang their views on."""

from flask import Blueprint

bp = Blueprint("imports", __name__)
