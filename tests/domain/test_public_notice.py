"""A notice never tells what came before."""

import pytest

from webapp.domain.fields import fields_of
from webapp.domain.forms import read

SCHEMA = {
    "components": [
        {"type": "textfield", "key": "text", "label": "公示内容", "properties": {"format": "public_notice"}}
    ]
}


@pytest.mark.parametrize(
    "text", ["曾受政务处分，现拟任副局长", "重新任用", "影响期已满", "卷宗 2026-调-0001"]
)
def test_the_earlier_handling_is_not_published(text: str) -> None:
    _, problems = read(fields_of(SCHEMA), {"text": text}, {"text"})

    assert "不得出现" in problems["text"]


def test_an_id_number_is_refused_and_not_quoted_back() -> None:
    _, problems = read(fields_of(SCHEMA), {"text": "身份证 990101197001011234"}, {"text"})

    assert "身份证号" in problems["text"]
    assert "990101" not in problems["text"]


def test_what_a_notice_may_say_passes_as_written() -> None:
    text = "钟谷雨，男，1972年3月生，汉族，中共党员，现任副局长，拟任局长"

    answers, problems = read(fields_of(SCHEMA), {"text": text}, {"text"})

    assert (answers, problems) == ({"text": text}, {})
