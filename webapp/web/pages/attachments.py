"""Downloads of attachments 附件: as a file, never shown inside the site, recorded before the bytes leave."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response

from webapp.services import looking
from webapp.web.session import current_actor, office

page = Blueprint("attachments", __name__, url_prefix="/attachments")


@page.get("/<uuid:attachment_id>")
def show(attachment_id: Any) -> Response:
    """The file."""
    row, name, data = looking.attachment(office(), current_actor(), str(attachment_id))
    answer = Response(data, mimetype=row["media_type"])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
