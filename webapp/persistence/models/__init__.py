"""Every table of the product, one module a noun; importing this package fills the metadata."""

from webapp.persistence.models import (
    administration,
    cases,
    corrections,
    designs,
    history,
    identity,
    meetings,
    people,
    repository,
    runtime,
    tracking,
)

__all__ = [
    "administration",
    "cases",
    "corrections",
    "designs",
    "history",
    "identity",
    "meetings",
    "people",
    "repository",
    "runtime",
    "tracking",
]
