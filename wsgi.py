"""The application for ``flask --app wsgi`` and for a WSGI server."""

from webapp.app import create_app

app = create_app()
