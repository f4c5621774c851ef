"""The elements of an approval form and where they stand in its bytes; hostile XML is refused here.

Read with expat alone: it resolves nothing outside the file, and a DOCTYPE ends the reading at once.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from webapp.exchange.lrmx_text import refused

DEEPEST = 12
MOST_ELEMENTS = 20_000


@dataclass(slots=True)
class Element:
    """One element: its text, and the byte offsets of tag and content in the UTF-8 source."""

    tag: str
    start: int
    content_start: int
    content_end: int = 0
    end: int = 0
    is_closed_at_once: bool = False
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text without outer blanks."""
        return "".join(self.pieces).strip()

    def child(self, tag: str) -> "Element | None":
        """The first child of this name."""
        return next((one for one in self.children if one.tag == tag), None)


class _Builder:
    """Handlers of one reading."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.open: list[Element] = []
        self.root: Element | None = None
        self.count = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.forbidden
        self.parser.EntityDeclHandler = self.forbidden

    def forbidden(self, *_: object) -> None:
        raise refused("文件中含有文档类型或实体声明，任免审批表不应有这些内容，已拒绝读取。")

    def start(self, tag: str, _attributes: object) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise refused("文件的层次或栏目数量超出任免审批表的正常范围，已拒绝读取。")
        at = self.parser.CurrentByteIndex
        after = _end_of_tag(self.source, at)
        element = Element(tag, at, after, is_closed_at_once=self.source[after - 2 : after] == b"/>")
        if self.open:
            self.open[-1].children.append(element)
        self.open.append(element)

    def end(self, _tag: str) -> None:
        element = self.open.pop()
        if element.is_closed_at_once:
            element.content_end = element.end = element.content_start
        else:
            element.content_end = self.parser.CurrentByteIndex
            element.end = self.source.index(b">", element.content_end) + 1
        if not self.open:
            self.root = element

    def text(self, text: str) -> None:
        if self.open:
            self.open[-1].pieces.append(text)


def _end_of_tag(source: bytes, at: int) -> int:
    """The offset after the ``>`` of a start tag; one inside an attribute's quotes does not end it."""
    quote = 0
    for index in range(at, len(source)):
        sign = source[index]
        if quote:
            quote = 0 if sign == quote else quote
        elif sign in b"\"'":
            quote = sign
        elif sign == 0x3E:
            return index + 1
    raise refused("文件不完整，请用任免审批表编辑器重新保存为 .lrmx。")


def parse(source: bytes) -> Element:
    """The root of a UTF-8 source; Invalid for what is no well-formed, harmless XML."""
    builder = _Builder(source)
    try:
        builder.parser.Parse(source, True)
    except expat.ExpatError as error:
        where = f"第{error.lineno}行附近"
        raise refused(f"文件不是完整的任免审批表（{where}格式有误），请用编辑器重新保存为 .lrmx。") from None
    if builder.root is None or builder.root.tag != "Person":
        raise refused("这不是任免审批表：文件的根栏目不是 Person。请选择编辑器保存的 .lrmx 文件。")
    return builder.root
