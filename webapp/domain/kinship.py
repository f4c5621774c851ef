"""Kinship 亲属关系 for recusal 回避 (F05).

Spouse, lineal blood, collateral blood within three generations, close in-laws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["spouse", "parent", "sibling", "lineal", "collateral", "in_law"]
Word = Literal["spouse", "lineal", "collateral", "in_law"]

WORDS_ZH: dict[Word, str] = {
    "spouse": "夫妻关系",
    "lineal": "直系血亲关系",
    "collateral": "三代以内旁系血亲关系",
    "in_law": "近姻亲关系",
}
# A grandparent is the third generation, counting oneself as the first.
UP_TO_COMMON_ANCESTOR = 2
LINEAL_REACH = 5
_DECLARED: dict[str, Word] = {"lineal": "lineal", "collateral": "collateral", "in_law": "in_law"}


@dataclass(frozen=True, slots=True)
class Relation:
    """One recorded relation: ``person_id`` is the spouse/parent/sibling/… of ``other_id``.

    ``lineal``, ``collateral`` and ``in_law`` record a declared relation whose middle persons are not on file.
    """

    person_id: str
    other_id: str
    kind: Kind


class _Family:
    """Recorded relations as look-ups."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        self.parents: dict[str, set[str]] = {}
        self.children: dict[str, set[str]] = {}
        self.spouses: dict[str, set[str]] = {}
        self.siblings: dict[str, set[str]] = {}
        self.declared: dict[str, dict[str, Word]] = {}
        for relation in relations:
            self._add(relation)

    def _add(self, relation: Relation) -> None:
        one, other = relation.person_id, relation.other_id
        if relation.kind == "parent":
            self.parents.setdefault(other, set()).add(one)
            self.children.setdefault(one, set()).add(other)
        elif relation.kind in ("spouse", "sibling"):
            table = self.spouses if relation.kind == "spouse" else self.siblings
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
        else:
            word = _DECLARED[relation.kind]
            self.declared.setdefault(one, {})[other] = word
            self.declared.setdefault(other, {})[one] = word

    def ancestors(self, person: str) -> Mapping[str, int]:
        return _reach(self.parents, person, LINEAL_REACH)

    def descendants(self, person: str, reach: int = LINEAL_REACH) -> Mapping[str, int]:
        return _reach(self.children, person, reach)

    def lineal(self, person: str) -> set[str]:
        return set(self.ancestors(person)) | set(self.descendants(person))

    def full_siblings(self, person: str) -> set[str]:
        by_parent = {c for p in self.parents.get(person, set()) for c in self.children.get(p, set())}
        return (by_parent | self.siblings.get(person, set())) - {person}

    def collateral(self, person: str) -> set[str]:
        near = _reach(self.parents, person, UP_TO_COMMON_ANCESTOR)
        found = {kin for a in near for kin in self.descendants(a, UP_TO_COMMON_ANCESTOR)}
        # Siblings may be on file without their parents: theirs and the parents' count as well.
        roots = self.full_siblings(person) | {
            s for p in self.parents.get(person, set()) for s in self.full_siblings(p)
        }
        found |= roots | {child for root in roots for child in self.children.get(root, set())}
        return found - self.lineal(person) - {person}

    def spouses_of(self, people: Iterable[str]) -> set[str]:
        return {spouse for person in people for spouse in self.spouses.get(person, set())}

    def in_laws(self, person: str, blood: set[str]) -> set[str]:
        found = self.spouses_of(blood - set(self.ancestors(person)))
        for spouse in self.spouses.get(person, set()):
            siblings = self.full_siblings(spouse)
            found |= set(self.ancestors(spouse)) | siblings | self.spouses_of(siblings)
            found |= set(self.descendants(spouse))
        for child_in_law in self.spouses_of(self.children.get(person, set())):
            found |= self.parents.get(child_in_law, set())
        return found


def _reach(table: Mapping[str, set[str]], person: str, steps: int) -> dict[str, int]:
    reached: dict[str, int] = {}
    ring = {person}
    for step in range(1, steps + 1):
        ring = {n for p in ring for n in table.get(p, set())} - set(reached) - {person}
        reached |= dict.fromkeys(ring, step)
    return reached


def relatives_of(person_id: str, relations: Iterable[Relation]) -> dict[str, Word]:
    """Every relative for whom recusal holds → the nearest word for the relation.

    Follows recorded parents, spouses and siblings; declared relations count as declared.
    """
    family = _Family(relations)
    lineal, collateral = family.lineal(person_id), family.collateral(person_id)
    found: dict[str, Word] = dict.fromkeys(family.in_laws(person_id, lineal | collateral), "in_law")
    found |= dict.fromkeys(collateral, "collateral")
    found |= dict.fromkeys(lineal, "lineal")
    found |= {other: word for other, word in family.declared.get(person_id, {}).items() if other not in found}
    found |= dict.fromkeys(family.spouses.get(person_id, set()), "spouse")
    found.pop(person_id, None)
    return found
