"""Approval forms come in whatever their encoding, go out byte for byte, and hostile files stay outside."""

import base64
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from webapp.domain.errors import Invalid
from webapp.exchange import lrmx

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
BODY = f"""<Person>
  <XingMing>苏白露</XingMing>
  <XingBie>女</XingBie>
  <ChuShengNianYue>197805</ChuShengNianYue>
  <MinZu>汉族</MinZu>
  <JiGuan/>
  <JianLi>1999.07--2003.05  星屿市水务局科员\r
2003.05--  星屿市水务局副局长</JianLi>
  <JiaTingChengYuan>
    <Item>
      <ChengWei>丈夫</ChengWei><XingMing>齐&#x6811;</XingMing><ChuShengRiQi>197611</ChuShengRiQi>
      <ZhengZhiMianMao>群众</ZhengZhiMianMao><GongZuoDanWeiJiZhiWu>示例 &amp; 单位</GongZuoDanWeiJiZhiWu>
      <BeiZhu a="x>y">保留</BeiZhu>
    </Item>
    <Item><ChengWei></ChengWei><XingMing></XingMing></Item>
  </JiaTingChengYuan>
  <ShenFenZheng>990101197805060022</ShenFenZheng>
  <ZhaoPian>{base64.b64encode(PHOTO).decode()}</ZhaoPian>
  <DaoLingNianYue>203805</DaoLingNianYue>
  <!-- 说明 --><Version>3.2.1.16</Version>
</Person>
"""
ENCODINGS = {
    "utf-8": ('<?xml version="1.0" encoding="utf-8"?>\r\n' + BODY).encode(),
    "utf-8 with a mark": b"\xef\xbb\xbf" + ('<?xml version="1.0"?>' + BODY).encode(),
    "utf-8 undeclared": BODY.encode(),
    "gb18030 declared": ('<?xml version="1.0" encoding="GB2312"?>' + BODY).encode("gb18030"),
    "gb18030 undeclared": BODY.encode("gb18030"),
    "gb18030 declared as utf-8": ("<?xml version='1.0' encoding='UTF-8'?>" + BODY).encode("gb18030"),
}


@pytest.mark.parametrize("data", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_a_form_is_read_in_every_encoding_and_comes_back_byte_for_byte(data: bytes) -> None:
    form = lrmx.read(data)

    assert (form.name, form.sex, form.birth_month, form.native_place) == ("苏白露", "女", "1978-05", "")
    assert form.family == (lrmx.Member("丈夫", "齐树", "197611", "群众", "示例 & 单位"),)
    assert form.photo == PHOTO
    assert form.unknown == ("DaoLingNianYue",)
    assert lrmx.write(form) == data


@pytest.mark.parametrize("data", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_only_what_changed_is_patched(data: bytes) -> None:
    form = lrmx.read(data)
    encoding = "gb18030" if "苏".encode("gb18030") in data else "utf-8"

    written = lrmx.write(replace(form, name="苏<白>露"))

    assert written == data.replace("苏白露".encode(encoding), "苏&lt;白&gt;露".encode(encoding))


def test_an_empty_tag_a_missing_one_and_the_family_are_filled_in() -> None:
    form = lrmx.read(ENCODINGS["utf-8"])
    child = lrmx.Member("女儿", "齐小树", "200901", "群众", "学生")
    changed = replace(
        form, native_place="云汀星屿", rewards="无", family=(replace(form.family[0], work="退休"), child)
    )

    again = lrmx.read(lrmx.write(changed))

    assert again == changed
    assert "保留" in again.original.decode()
    assert "DaoLingNianYue" in again.original.decode()


def test_a_member_taken_out_leaves_the_others() -> None:
    form = replace(lrmx.read(ENCODINGS["utf-8"]), family=())

    again = lrmx.read(lrmx.write(form))

    assert again == form
    assert "齐" not in again.original.decode()


def test_a_form_that_never_was_a_file_is_written_whole() -> None:
    family = (lrmx.Member("妻子", "安<宁>"),)
    form = lrmx.Form(name="顾半夏", born="1981.03", photo=PHOTO, family=family, version="3.2.1.16")

    data = lrmx.write(form)

    assert ElementTree.fromstring(data).findtext("JiaTingChengYuan/Item/XingMing") == "安<宁>"
    assert ElementTree.fromstring(data).findtext("NianLing") is None
    assert lrmx.read(data) == form
    assert lrmx.write(lrmx.read(data)) == data


@pytest.mark.parametrize(
    ("written", "month", "day"),
    [
        ("197805", "1978-05", date(1978, 5, 1)),
        ("19780506", "1978-05", date(1978, 5, 6)),
        ("1978.05", "1978-05", date(1978, 5, 1)),
        ("1978.5.6", "1978-05", date(1978, 5, 6)),
        ("１９７８年５月", "1978-05", date(1978, 5, 1)),
        ("1978", None, None),
        ("197813", None, None),
        ("19780231", None, None),
        ("不详", None, None),
        ("", None, None),
    ],
)
def test_dates_are_read_as_offices_write_them(written: str, month: str | None, day: date | None) -> None:
    assert lrmx.month_of(written) == month
    assert lrmx.day_of(written) == day


def test_a_broken_photo_is_said_and_kept() -> None:
    data = BODY.replace(base64.b64encode(PHOTO).decode(), "not base64!").encode()

    form = lrmx.read(data)

    assert form.photo == b""
    assert "照片" in form.problems[0]
    assert lrmx.write(replace(form, sex="男")) == data.replace("女<".encode(), "男<".encode(), 1)


LAUGHS = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><Person><XingMing>&b;</XingMing></Person>'
HOSTILE = {
    "external entity": b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Person><XingMing>&x;</XingMing></Person>',
    "billion laughs": LAUGHS.encode(),
    "external subset": b'<!DOCTYPE p SYSTEM "http://127.0.0.1/x.dtd"><Person/>',
    "undeclared entity": b"<Person><XingMing>&x;</XingMing></Person>",
    "deep": b"<Person>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</Person>",
    "many": b"<Person>" + b"<a/>" * 30_000 + b"</Person>",
    "large": b"<Person><JianLi>" + b"a" * lrmx.LARGEST + b"</JianLi></Person>",
    "another root": b"<html><body/></html>",
    "cut short": BODY[:400].encode(),
    "no xml": "干部任免审批表".encode(),
    "nothing": b"  \n",
    "utf-16": BODY.encode("utf-16"),
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?><Person/>',
    "broken bytes": b"<Person><XingMing>\xff\xff</XingMing></Person>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_or_foreign_file_is_refused_with_a_sentence(data: bytes) -> None:

    with pytest.raises(Invalid) as refusal:
        lrmx.read(data)

    assert refusal.value.problems["file"].endswith("。")
    assert "passwd" not in refusal.value.sentence


def test_control_characters_are_not_written() -> None:
    with pytest.raises(Invalid):
        lrmx.write(lrmx.Form(name="苏\x0b白露"))
