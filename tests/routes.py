"""Addresses of the pages, prepared once for all sites of a test process."""

from collections.abc import Callable
from typing import Any, ClassVar

from werkzeug.routing import Rule

import webapp.app

Builder = Callable[..., tuple[str, str]]


class Prepared(Rule):
    """A route whose address builder is compiled once: several hundred of them cost more than most tests do."""

    kept: ClassVar[dict[tuple[Any, ...], Builder]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if key not in self.kept:
            self.kept[key] = super()._compile_builder(append_unknown)
        return self.kept[key]


def prepare() -> None:
    """Let every site of this process use them."""
    webapp.app.Site.url_rule_class = Prepared
