"""Built style sheets and scripts 静态资源: the manifest of hashed names, and their delivery.

``frontend/build.mjs`` writes ``static/`` with a manifest and gzip/brotli copies. Hashed names never change
their bytes, so browsers may keep them for a year.
"""

import json
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

STATIC = Path(__file__).parent / "static"
ENDPOINT = "assets_file"
_COPIES = (("br", ".br"), ("gzip", ".gz"))


@cache
def manifest(folder: Path = STATIC) -> dict[str, str]:
    """Plain name -> hashed file name; empty when the assets were never built."""
    path = folder / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def asset(name: str) -> str:
    """The URL of an asset by its plain name, e.g. ``app.js``."""
    return url_for(ENDPOINT, name=manifest().get(name, name))


def _send(name: str) -> Response:
    """One built file, in the best encoding the browser takes; 404 for anything outside the manifest."""
    if name not in manifest().values():
        abort(404)
    path, encoding = STATIC / name, None
    for accepted, suffix in _COPIES:
        copy = STATIC / f"{name}{suffix}"
        if request.accept_encodings[accepted] > 0 and copy.exists():
            path, encoding = copy, accepted
            break
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = Response(path.read_bytes(), mimetype=kind)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Vary"] = "Accept-Encoding"
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer


def install(app: Flask) -> None:
    """Serve the assets under ``/assets/`` and give templates ``asset(name)``."""
    app.add_url_rule("/assets/<name>", ENDPOINT, _send)
    app.jinja_env.globals["asset"] = asset
