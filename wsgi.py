"""The app for any WSGI server, and for the `flask` command."""

import sys

from vertex import create_app
from vertex.settings import SettingsError

_NO_USE_TO_RETRY = 3  # gunicorn's word for a worker that will never boot

try:
    app = create_app()
except SettingsError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(_NO_USE_TO_RETRY)
