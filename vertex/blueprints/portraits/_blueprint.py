"""The blueprint its modules hang their views on."""

from flask import Blueprint

bp = Blueprint("portraits", __name__)
