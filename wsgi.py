"""The application for ``flask --app wsgi`` and for a WSGI server."""

import sys

from webapp.app import create_app

try:
    app = create_app()
except ValueError as wrong:
    sys.exit(str(wrong))
