"""Kinship 亲属关系 for recusal 回避 (F05).

Spouse, lineal blood, collateral blood within three generations, close in-laws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from webapp.domain.errors import Reason, RuleBroken

Kind = Literal["spouse", "parent", "sibling", "lineal", "collateral", "in_law"]
Word = Literal["spouse", "lineal", "collateral", "in_law"]

WORDS_ZH: dict[Word, str] = {
    "spouse": "夫妻关系",
    "lineal": "直系血亲关系",
    "collateral": "三代以内旁系血亲关系",
    "in_law": "近姻亲关系",
}
KINDS_ZH: dict[str, str] = {
    "spouse": "配偶", "parent": "父母", "sibling": "兄弟姐妹", "lineal": "直系血亲",
    "collateral": "三代以内旁系血亲", "in_law": "近姻亲",
}  # fmt: skip
# What an entry rests on 登记来源.
SOURCES_ZH: dict[str, str] = {
    "personal_report": "领导干部个人有关事项报告",
    "archive": "干部人事档案",
    "own_statement": "本人书面说明",
    "verified_letter": "经核实的来信来访",
    "organ_letter": "有关机关来函",
    "other_paper": "其他书面材料",
}
ACTS_ZH: dict[str, str] = {"enter": "登记", "correct": "更正", "withdraw": "撤销"}
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


def through(relations: Iterable[Relation]) -> dict[frozenset[str], Word]:
    """Pairs that are kin through the recorded ones and are not recorded themselves 推知的近亲属."""
    recorded = list(relations)
    known = {frozenset((one.person_id, one.other_id)) for one in recorded}
    found: dict[frozenset[str], Word] = {}
    for person in sorted({one for pair in known for one in pair}):
        for other, word in sorted(relatives_of(person, recorded).items()):
            if frozenset((person, other)) not in known:
                found.setdefault(frozenset((person, other)), word)
    return found


def bearing_on_votes(
    pairs: Iterable[frozenset[str]], seated: Mapping[str, frozenset[str]]
) -> list[tuple[str, str]]:
    """Which new pairs keep a member from a vote: (subject of an open matter, member of the body that decides it).

    ``seated``: subject → members of the bodies that decide on the subject.
    """
    found = {
        (subject, member)
        for pair in pairs
        for subject in pair & seated.keys()
        for member in pair - {subject}
        if member in seated[subject]
    }
    return sorted(found)


def needs_second_person(act: str, bearing: Iterable[tuple[str, str]]) -> bool:
    """Two persons 双人办理: whatever takes a recusal away or changes it, and what keeps a member from a vote."""
    return act != "enter" or any(True for _ in bearing)


def require_settled(waiting: int) -> None:
    """No vote and no count while it is open whether one of the members must step aside (F03, F05)."""
    if waiting:
        sentence = f"有{waiting}项亲属关系登记涉及本议题的表决成员，尚待第二人确认；确认之后再付表决、计票。"
        raise RuleBroken([Reason("RECUSAL_OPEN", sentence, "F05")])
