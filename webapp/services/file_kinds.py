"""What kind of document a file is 文件类型: by its content and its name together; anything else is refused."""

import io
import zipfile
from collections.abc import Mapping

# Signature of the first bytes → media type, whatever the name says.
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"PK\x03\x04", "application/zip"),
)
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
# Packages by ending → media type and the part without which it is only an archive.
PACKAGES: Mapping[str, tuple[str, str]] = {
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/document.xml"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/workbook.xml"),
    ".ofd": ("application/ofd", "OFD.xml"),
}
MOST_PARTS = 5000
LARGEST_UNFOLDED = 200 * 1024 * 1024


class Unfit(Exception):
    """Why a file is not taken, in Chinese, to follow the file's name."""


def media_type(name: str, data: bytes) -> str:
    """The media type of a document; Unfit for what is none, or hides behind another's name."""
    media = next((media for signature, media in SIGNATURES if data.startswith(signature)), None)
    if media is None:
        raise Unfit("不是可接收的文件，请上传 PDF、OFD、DOCX、XLSX、JPG 或 PNG。")
    if media == "application/zip":
        return _package(name, data)
    if not name.lower().endswith(ENDINGS[media]):
        raise Unfit(f"的扩展名与内容不符，请改为{'或'.join(ENDINGS[media])}后再上传。")
    return media


def _package(name: str, data: bytes) -> str:
    ending = next((one for one in PACKAGES if name.lower().endswith(one)), None)
    if ending is None:
        raise Unfit("是压缩包，请上传 PDF、OFD、DOCX、XLSX 或图片原件。")
    media, main_part = PACKAGES[ending]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unfit("已损坏，不能打开，请重新导出后上传。") from None
    if main_part not in {part.filename for part in parts}:
        raise Unfit(f"不是有效的{ending.removeprefix('.').upper()}文件，请重新导出后上传。")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise Unfit("展开后过大，请精简或另存为 PDF 后上传。")
    if any("vbaproject" in part.filename.lower() for part in parts):
        raise Unfit("含有宏，请另存为不含宏的文件或 PDF 后上传。")
    return media
