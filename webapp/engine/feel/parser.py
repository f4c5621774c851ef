"""Reads an expression 语法分析: tokens to a syntax tree by recursive descent with a depth limit."""

from decimal import Decimal

from . import nodes as n
from .cursor import Cursor
from .names import NameTable
from .parser_types import parse_type
from .temporal import parse_at_literal
from .tokens import unescape

LEVELS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
}
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
CONSTANTS = {"true": True, "false": False, "null": None}


class Parser(Cursor):
    """One reading of one source; ``names`` are the known names of several words."""

    def __init__(self, source: str, names: NameTable) -> None:
        super().__init__(source, names)
        self.plain_end = False
        self._keyword_forms = {
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            "function": self._function,
        }

    def whole_expression(self) -> n.Node:
        """The whole source as one expression."""
        node = self.expression()
        self.expect_end()
        return self.checked(node)

    def whole_tests(self) -> n.Tests:
        """The whole source as the unary tests of a cell."""
        if self.is_sign("-") and self.tokens[self.at + 1].kind == "end":
            self.at += 1
            return n.Tests((), anything=True)
        negated = self.is_text("not") and self.tokens[self.at + 1].text == "("
        if negated:
            self.at += 2
        tests = n.Tests(self._tests(), negated=negated)
        if negated:
            self.expect(")")
        self.expect_end()
        self.checked(tests)
        return tests

    def expression(self) -> n.Node:
        """One expression with its own nesting level; ends of ranges do not reach inside."""
        self.enter()
        outer, self.plain_end = self.plain_end, False
        node = self._binary(1)
        self.plain_end = outer
        self.leave()
        return node

    def _binary(self, minimum: int) -> n.Node:
        left = self._unary()
        while True:
            op = self.operator()
            level = LEVELS.get(op, 0)
            if level < minimum or level == 0:
                return left
            self.at += 1
            left = self._combined(op, level, left)

    def _combined(self, op: str, level: int, left: n.Node) -> n.Node:
        if op == "between":
            low = self._binary(4)
            self.expect("and")
            return n.Between(left, low, self._binary(4))
        if op == "in":
            return n.In(left, self._in_tests())
        right = self._binary(level + 1)
        if op in ("and", "or"):
            same = isinstance(left, n.Logic) and left.op == op
            return n.Logic(op, (*(left.items if same and isinstance(left, n.Logic) else (left,)), right))
        return n.Binary(op, left, right)

    def _unary(self) -> n.Node:
        signs = 0
        while self.is_sign("-"):
            self.at += 1
            signs += 1
        node = self._postfix(self._primary())
        for _ in range(signs):
            node = n.Negation(node)
        return node

    def _postfix(self, node: n.Node) -> n.Node:
        while True:
            if self.is_sign("."):
                self.at += 1
                node = n.Path(node, self.name("属性名", "a property name"))
            elif self.is_sign("[") and not self.plain_end:
                self.at += 1
                node = n.Filter(node, self.expression())
                self.expect("]")
            elif self.is_sign("("):
                self.at += 1
                node = self._call(node)
            elif self.is_text("instance"):
                self.at += 1
                self.expect("of")
                node = n.InstanceOf(node, parse_type(self))
            else:
                return node

    def _call(self, target: n.Node) -> n.Call:
        args: list[n.Node] = []
        names: list[str] = []
        while not self.accept(")"):
            if args:
                self.expect(",")
            name = self.label_before_colon()
            if name is not None:
                names.append(name)
            args.append(self.expression())
        if names and len(names) != len(args):
            self.fail("调用函数时，参数要么都写名称，要么都不写", "name all arguments or none", ())
        return n.Call(target, tuple(args), tuple(names))

    def _primary(self) -> n.Node:
        token = self.token
        if token.kind == "number":
            self.at += 1
            return n.Literal(Decimal(token.text))
        if token.kind == "string":
            self.at += 1
            return n.Literal(unescape(token.text))
        if token.kind == "keyword":
            return self._keyword()
        if token.kind == "name":
            return n.Name(self.name("名称", "a name"))
        if token.kind == "sign":
            return self._sign()
        return self.fail("这里缺少内容", "something is missing", ("表达式 expression",))

    def _keyword(self) -> n.Node:
        text = self.token.text
        known = self.names.match(self.source, self.tokens, self.at)
        if known is not None:
            self.at += known[0]
            return n.Name(known[1])
        if text in CONSTANTS:
            self.at += 1
            return n.Literal(CONSTANTS[text])
        form = self._keyword_forms.get(text)
        if form is None:
            return self.fail(f"“{text}”不能出现在这里", f"{text} cannot stand here", ("表达式 expression",))
        self.at += 1
        return form()

    def _sign(self) -> n.Node:
        sign = self.token.text
        self.at += 1
        if sign == "(":
            return self._parenthesis()
        if sign in "[]":
            return self._bracket(closed=sign == "[")
        if sign == "{":
            return self._context()
        if sign == "?":
            return n.Name("?")
        if sign == "@" and self.token.kind == "string":
            return self._at_literal()
        self.at -= 1
        return self.fail(f"“{sign}”不能出现在这里", f"{sign} cannot stand here", ("表达式 expression",))

    def _at_literal(self) -> n.Node:
        value = parse_at_literal(unescape(self.token.text))
        if value is None:
            self.fail(
                "@ 后的日期、时间或时长写法有误",
                "no date, time or duration",
                ('@"2024-05-01"', '@"P1Y6M"', '@"P10D"'),
            )
        self.at += 1
        return n.Literal(value)

    def _parenthesis(self) -> n.Node:
        if self.token.text in COMPARISONS:
            test = self._test()
            self.expect(")")
            return self._half_range(test)
        node = self.expression()
        if self.is_sign(".."):
            return self._range(node, low_closed=False)
        self.expect(")")
        return node

    @staticmethod
    def _half_range(test: n.Test) -> n.Node:
        closed = test.op in ("<=", ">=", "=")
        low = test.operand if test.op in (">", ">=", "=") else None
        high = test.operand if test.op in ("<", "<=", "=") else None
        if test.op == "!=":
            return n.Tests((test,))
        return n.RangeOf(low, high, closed and low is not None, closed and high is not None)

    def _bracket(self, *, closed: bool) -> n.Node:
        if closed and self.accept("]"):
            return n.ListOf(())
        first = self._list_item()
        if self.is_sign(".."):
            return self._range(first, low_closed=closed)
        if not closed:
            self.fail("区间写法有误", "no range", ("..",))
        items = [first]
        while self.accept(","):
            items.append(self._list_item())
        self.expect("]")
        return n.ListOf(tuple(items))

    def _list_item(self) -> n.Node:
        if self.token.text in COMPARISONS and self.token.kind == "sign":
            return self._half_range(self._test())
        return self.expression()

    def _range(self, low: n.Node, *, low_closed: bool) -> n.Node:
        self.expect("..")
        self.enter()
        outer, self.plain_end = self.plain_end, True
        high = self._binary(4)
        self.plain_end = outer
        self.leave()
        closing = self.token.text
        if closing not in ("]", ")", "["):
            self.fail("区间没有写完", "the range is not closed", ("]", ")"))
        self.at += 1
        return n.RangeOf(low, high, low_closed, closing == "]")

    def _context(self) -> n.Node:
        entries: list[n.Entry] = []
        while not self.accept("}"):
            if entries:
                self.expect(",")
            if self.token.kind == "string":
                key = unescape(self.token.text)
                self.at += 1
                self.expect(":")
            else:
                key = self.label_until(":")
                self.expect(":")
            self.names.add(key)
            entries.append(n.Entry(key, self.expression()))
        return n.ContextOf(tuple(entries))

    def _test(self) -> n.Test:
        op = self.token.text if self.token.kind == "sign" and self.token.text in COMPARISONS else ""
        if not op:
            return n.Test("", self.expression())
        self.at += 1
        return n.Test(op, self._binary(4))

    def _tests(self) -> tuple[n.Test, ...]:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return tuple(tests)

    def _in_tests(self) -> n.Tests:
        if not self.is_sign("("):
            if self.token.kind == "sign" and self.token.text in COMPARISONS:
                return n.Tests((self._test(),))
            return n.Tests((n.Test("", self._binary(4)),))
        self.at += 1
        self.enter()
        outer, self.plain_end = self.plain_end, False
        first = self._test()
        if not first.op and self.is_sign(".."):
            items: tuple[n.Test, ...] = (n.Test("", self._range(first.operand, low_closed=False)),)
        else:
            items = (first, *self._tests()) if self.accept(",") else (first,)
            self.expect(")")
        self.plain_end = outer
        self.leave()
        return n.Tests(items)

    def _if(self) -> n.Node:
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return n.If(condition, then, self.expression())

    def _bindings(self) -> tuple[n.Binding, ...]:
        bindings: list[n.Binding] = []
        while not bindings or self.accept(","):
            name = self.label_until("in")
            self.names.add(name)
            self.expect("in")
            source = self.expression()
            last = self.expression() if self.accept("..") else None
            bindings.append(n.Binding(name, source, last))
        return tuple(bindings)

    def _for(self) -> n.Node:
        bindings = self._bindings()
        self.expect("return")
        return n.For(bindings, self.expression())

    def _quantified(self) -> n.Node:
        kind = self.tokens[self.at - 1].text
        bindings = self._bindings()
        self.expect("satisfies")
        return n.Quantified(kind, bindings, self.expression())

    def _function(self) -> n.Node:
        params: list[str] = []
        types: list[n.TypeRef | None] = []
        self.expect("(")
        while not self.accept(")"):
            if params:
                self.expect(",")
            params.append(self.label_until(",", ":", ")"))
            self.names.add(params[-1])
            types.append(parse_type(self) if self.accept(":") else None)
        if self.is_text("external"):
            self.fail("不支持外部函数", "external functions are not supported", ())
        return n.Function(tuple(params), tuple(types), self.expression())


def parse_expression(source: str, names: NameTable) -> n.Node:
    """The tree of one expression; FeelSyntaxError says where and what was expected."""
    return Parser(source, names).whole_expression()


def parse_tests(source: str, names: NameTable) -> n.Tests:
    """The tree of the unary tests of a decision table cell."""
    return Parser(source, names).whole_tests()
