"""Tables as CSV 表格文件 that Excel opens in Chinese, no cell of which is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from webapp.exchange.xlsx import FORMULA_SIGNS

BYTE_ORDER_MARK = "\ufeff"


def write_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, CRLF, every cell quoted; a cell that begins like a formula gets a quote mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8", "replace")


def _plain(cell: object) -> str:
    text = "" if cell is None else str(cell).replace("\0", "")
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA_SIGNS) else text
