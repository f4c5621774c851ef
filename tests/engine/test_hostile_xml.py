"""Files that mean harm or are simply broken: each is refused with a sentence, none is run or fetched."""

from itertools import pairwise

import pytest

from tests.engine.builder import CATALOGUE, HEAD, diagram
from tests.engine.play import NOW
from webapp.domain.errors import Invalid
from webapp.engine import Start, check, markup, parse, run

GOOD = diagram().start().user("a").end().xml()
BOMB = b'<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

HOSTILE = {
    "empty": (b"", "xml.empty"),
    "blank": (b" \n", "xml.empty"),
    "no xml": (b"hello", "xml.broken"),
    "binary": (bytes(range(256)) * 10, "xml.broken"),
    "cut off": (GOOD[: len(GOOD) // 2], "xml.broken"),
    "wrong encoding": (b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe\xfa</a>', "xml.broken"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "xml.broken"),
    "undeclared prefix": (b"<bpmn:definitions/>", "xml.broken"),
    "doctype": (b"<!DOCTYPE a>" + GOOD, "xml.doctype"),
    "doctype in small letters": (b"<!doctype html><html></html>", "xml.doctype"),
    "external entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml.doctype"),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><a/>', "xml.doctype"),
    "bomb": (BOMB + b"<a>&b;</a>", "xml.doctype"),
    "doctype in utf-16": ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "xml.doctype"),
    "too big": (GOOD + b" " * markup.MOST_BYTES, "xml.too_big"),
    "too many elements": (b"<a>" + b"<b/>" * (markup.MOST_ELEMENTS + 1) + b"</a>", "xml.too_many"),
    "too deep": (b"<a>" * 100 + b"</a>" * 100, "xml.too_deep"),
    "very deep": (b"<a>" * 5000 + b"</a>" * 5000, "xml.broken"),
    "html": (b"<html><body/></html>", "bpmn.root"),
    "another namespace": (b'<definitions xmlns="urn:x"/>', "bpmn.root"),
    "nothing in it": ((HEAD + "</bpmn:definitions>").encode(), "process.none"),
    "not executable": (GOOD.replace(b'"true"', b'"false"', 1), "process.none"),
    "strange process id": (GOOD.replace(b'process id="p"', b'process id="../etc"'), "process.key"),
    "unknown element": (
        GOOD.replace(b"</bpmn:process>", b'<bpmn:choreographyTask id="c"/></bpmn:process>'), "element.unsupported"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    content, code = HOSTILE[name]

    problems = check({"p.bpmn": content}, CATALOGUE)

    assert code in {problem.code for problem in problems}
    problem = next(problem for problem in problems if problem.code == code)
    assert problem.file == "p.bpmn"
    assert problem.zh.endswith(("。", "）。"))
    assert "Traceback" not in problem.en
    with pytest.raises(Invalid):
        parse({"p.bpmn": content}, CATALOGUE)


def test_any_cut_or_flipped_byte_gives_problems_and_never_an_exception() -> None:
    for place in range(0, len(GOOD), 7):
        flipped = GOOD[:place] + bytes([GOOD[place] ^ 1]) + GOOD[place + 1 :]

        assert check({"p.bpmn": GOOD[:place]}, CATALOGUE), f"cut at {place}"
        assert all(problem.zh for problem in check({"p.bpmn": flipped}, CATALOGUE)), f"flipped at {place}"


def test_a_byte_order_mark_and_utf_16_are_read() -> None:
    text = GOOD.decode()
    assert parse({"p.bpmn": b"\xef\xbb\xbf" + GOOD}, CATALOGUE).key == "p"
    assert parse({"p.bpmn": text.encode("utf-16")}, CATALOGUE).key == "p"


def test_a_chain_of_five_thousand_nodes_is_read_and_run() -> None:
    ids = ["s", *(f"n{number}" for number in range(4998)), "e"]
    drawn = "".join(f'<bpmn:manualTask id="{name}"/>' for name in ids[1:-1])
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{one}" sourceRef="{one}" targetRef="{two}"/>' for one, two in pairwise(ids)
    )
    text = (
        f'{HEAD}<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/>{drawn}'
        f'<bpmn:endEvent id="e"/>{flows}</bpmn:process></bpmn:definitions>'
    )
    definition = parse({"p.bpmn": text.encode()}, CATALOGUE)

    assert len(definition.nodes) == 5000
    assert run(None, definition, Start(), now=NOW, seed="chain").finished
