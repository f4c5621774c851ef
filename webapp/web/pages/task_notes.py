"""What is left beside a task 留言、附件: a note to the colleagues, a file."""

from typing import Any

from flask import Blueprint, Response, request

from webapp.domain.errors import Invalid
from webapp.services import attachments, comments
from webapp.services.attachments import Upload
from webapp.web.pages.tasks import back
from webapp.web.repeats import once
from webapp.web.session import current_actor

page = Blueprint("task_notes", __name__, url_prefix="/tasks")


@page.post("/<uuid:task_id>/comment")
def comment(task_id: Any) -> Response:
    """留言."""
    once(
        lambda one: comments.add(
            one, current_actor(), task_id=str(task_id), text=request.form.get("text", "")
        )
    )
    return back(task_id, "已留言。")


@page.post("/<uuid:task_id>/attach")
def attach(task_id: Any) -> Response:
    """上传附件."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid({"file": "请选择要上传的文件。"})
    upload = Upload(file.filename, file.read())
    once(
        lambda one: attachments.add(
            one, current_actor(), task_id=str(task_id), upload=upload, note=request.form.get("note", "")
        )
    )
    return back(task_id, "附件已上传。")
