"""A workbook's container examined before anybody opens it: kind, expansion, macros, entity declarations."""

import io
import zipfile
import zlib

from webapp.domain.errors import Invalid

LARGEST = 5 * 1024 * 1024
MOST_EXPANDED = 32 * 1024 * 1024
MOST_PARTS = 300
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
CHUNK = 1024 * 1024
FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


def refused(sentence: str) -> Invalid:
    """Invalid under the field ``file``."""
    return Invalid({"file": sentence}, sentence)


def require_sound(data: bytes, name: str) -> None:
    """Invalid, saying what to do, unless the bytes are a harmless .xlsx of bearable size."""
    ending = name.lower().rpartition(".")[2]
    if not data:
        raise refused("文件是空的，请重新选择花名册（.xlsx）。")
    if data.startswith(OLD_WORKBOOK):
        raise refused("这是旧版 .xls 或加了密码的表格，请去掉密码并另存为“Excel 工作簿（.xlsx）”后再上传。")
    if not data.startswith(b"PK\x03\x04"):
        sentence = "文本表格（.csv）不能导入" if ending in ("csv", "txt") else "文件不是 Excel 工作簿"
        raise refused(f"{sentence}，请用 Excel 或 WPS 另存为 .xlsx 后再上传。")
    if ending != "xlsx":
        raise refused(f"文件扩展名是“.{ending[:10]}”，请另存为“Excel 工作簿（.xlsx）”后再上传。")
    if len(data) > LARGEST:
        raise refused("花名册超过5兆字节，请去掉图片和多余的工作表，或分成几个文件上传。")
    _require_sound_parts(data)


def _require_sound_parts(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_EXPANDED:
                raise refused("工作簿展开后过大，已拒绝读取；请只保留花名册一张表，另存后再上传。")
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise refused("压缩包里不是 Excel 工作簿，请上传 .xlsx 文件。")
            if any(part.lower().endswith(".bin") and "vba" in part.lower() for part in names):
                raise refused("工作簿带有宏，不能导入，请另存为不带宏的“Excel 工作簿（.xlsx）”。")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _require_plain(package, part)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise refused("工作簿已损坏或加了密码，不能读取，请用 Excel 或 WPS 重新保存后再上传。") from None


def _require_plain(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No declarations that could expand; the reader stops at the size the container names."""
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if not tail and chunk.startswith(WIDE_MARKS):
                raise refused("工作簿的内部编码不是 UTF-8，请用 Excel 或 WPS 重新保存后再上传。")
            if any(word in tail + chunk for word in FORBIDDEN):
                raise refused("工作簿中含有文档类型或实体声明，已拒绝读取。")
            tail = chunk[-16:]
