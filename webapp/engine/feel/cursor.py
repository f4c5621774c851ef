"""A reading position in the tokens 读取位置, with the sentences of syntax errors."""

from typing import NoReturn

from . import nodes as n
from .errors import FeelSyntaxError
from .names import NameTable, normal
from .tokens import Token, tokenize

MAX_NESTING = 48
MAX_TREE_DEPTH = 140


class Cursor:
    """Tokens of one source and the place reached."""

    def __init__(self, source: str, names: NameTable) -> None:
        self.source = source
        self.names = names
        self.tokens = tokenize(source)
        self.at = 0
        self._nesting = 0

    @property
    def token(self) -> Token:
        """The next token, not yet taken."""
        return self.tokens[self.at]

    def operator(self) -> str:
        """The text of the next token when it can be an operator, else empty."""
        token = self.tokens[self.at]
        return token.text if token.kind in ("sign", "keyword") else ""

    def is_sign(self, text: str) -> bool:
        """Whether the next token is this sign."""
        token = self.tokens[self.at]
        return token.kind == "sign" and token.text == text

    def is_text(self, text: str) -> bool:
        """Whether the next token is this word or sign."""
        token = self.tokens[self.at]
        return token.kind != "string" and token.text == text

    def accept(self, text: str) -> bool:
        """Take the next token if it is this one."""
        if self.is_text(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Take the next token, which must be this one."""
        if not self.accept(text):
            self.fail(f"这里应当是“{text}”", f"expected {text}", (text,))

    def expect_end(self) -> None:
        """The source must end here."""
        if self.token.kind != "end":
            self.fail(
                f"“{self.token.text}”是多余的，或前面缺少运算符",
                f"{self.token.text} is too much, or an operator is missing before it",
                ("运算符 operator", "结尾 end"),
            )

    def enter(self) -> None:
        """One level deeper; too deep nesting is refused."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self.fail(f"括号或嵌套超过 {MAX_NESTING} 层", f"nested deeper than {MAX_NESTING}", ())

    def leave(self) -> None:
        """Back one level."""
        self._nesting -= 1

    def checked(self, node: n.Node) -> n.Node:
        """The tree itself, refused when its depth would make evaluation unsafe."""
        if n.measure(node)[1] > MAX_TREE_DEPTH:
            self.fail(f"表达式层次超过 {MAX_TREE_DEPTH} 层", f"deeper than {MAX_TREE_DEPTH}", ())
        return node

    def name(self, zh: str, en: str) -> str:
        """Take a name: the longest known one of several words, else one word."""
        known = self.names.match(self.source, self.tokens, self.at)
        if known is not None:
            self.at += known[0]
            return known[1]
        token = self.token
        if token.kind not in ("name", "keyword"):
            self.fail(f"这里应当是{zh}", f"expected {en}", (zh,))
        self.at += 1
        return token.text

    def label_until(self, *stops: str) -> str:
        """Take everything before one of the stop words as one name being declared."""
        first = self.at
        while self.token.kind != "end" and not (self.at > first and self.token.text in stops):
            if self.token.kind == "string" or self.token.text in "(){}[],":
                break
            self.at += 1
        if self.at == first:
            self.fail("这里应当是名称", "expected a name", ("名称 name",))
        return normal(self.source[self.tokens[first].start : self.tokens[self.at - 1].end])

    def label_before_colon(self) -> str | None:
        """Take ``name :`` of a named argument, or nothing."""
        ahead = self.at
        while self.tokens[ahead].kind in ("name", "keyword"):
            ahead += 1
        if ahead == self.at or self.tokens[ahead].text != ":":
            return None
        label = normal(self.source[self.token.start : self.tokens[ahead - 1].end])
        self.at = ahead + 1
        return label

    def fail(self, zh: str, en: str, expected: tuple[str, ...]) -> NoReturn:
        """Refuse the source at the present token."""
        at = self.token.start
        wanted = f"（可以写：{'、'.join(expected)}）" if expected else ""
        raise FeelSyntaxError(
            f"第 {at + 1} 个字处：{zh}{wanted}。", f"At character {at + 1}: {en}.", at, expected
        )
