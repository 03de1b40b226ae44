"""The blueprint its modules hang their views on."""

from flask import Blueprint

bp = Blueprint("batches", __name__)
