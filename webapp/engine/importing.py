"""Which process of a foreign file is meant 导入: the one that is executable, else the only one with something in it."""

from typing import Any

from lxml import etree

from webapp.engine import markup
from webapp.engine.markup import bpmn
from webapp.engine.nouns import Problem
from webapp.engine.reader import NODES
from webapp.engine.translation import Translation

_TAGS = frozenset(bpmn(name) for name in NODES)


def one_process(content: bytes, file: str) -> Translation:
    """The file with one executable process, the others only drawn; raises ``markup.Unreadable`` where none is meant.

    Many tools write that nothing is executable, or do not say. The same bytes where one process is and none might be.
    """
    markup.parse(content, file)
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    every = list(root.iterchildren(bpmn("process")))
    meant = _meant(every, file)
    notes = []
    if meant.get("isExecutable") == "false":
        zh = "文件把流程标为不可执行，已改为可执行。"
        notes.append(_note(meant, "import.executable", zh, "Marked as executable."))
    others = [one for one in every if one is not meant and one.get("isExecutable") != "false"]
    for one in others:
        label = one.get("name") or one.get("id") or ""
        zh = f"另一个参与者的流程“{label}”只作说明，不会被执行。"
        notes.append(_note(one, "import.other", zh, f'"{label}" is only drawn.'))
        one.set("isExecutable", "false")
    if not notes:
        return Translation(content, ())
    meant.set("isExecutable", "true")
    written = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return Translation(written, tuple(notes))


def _note(process: Any, code: str, zh: str, en: str) -> Problem:
    return Problem(process.get("id"), code, zh, en, "warning", process.sourceline)


def _meant(every: list[Any], file: str) -> Any:
    wanted = [one for one in every if one.get("isExecutable") == "true"]
    wanted = wanted or [one for one in every if any(part.tag in _TAGS for part in one.iter(etree.Element))]
    if len(wanted) == 1:
        return wanted[0]
    if not wanted:
        zh, en = "文件里没有画了内容的流程，不能作为流程图导入。", "There is no process with anything in it."
        raise markup.Unreadable(Problem(None, "process.none", zh, en, file=file))
    names = "、".join(one.get("name") or one.get("id") or "" for one in wanted)
    zh = f"文件里有{len(wanted)}个流程（{names}），请在原来的工具里只把其中一个标为可执行（isExecutable），再导入。"
    en = "Mark exactly one process as executable."
    raise markup.Unreadable(Problem(None, "process.several", zh, en, file=file))
