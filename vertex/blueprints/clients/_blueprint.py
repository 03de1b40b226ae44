"""The blueprint its modules hang their views on."""

from flask import Blueprint

bp = Blueprint("clients", __name__)
