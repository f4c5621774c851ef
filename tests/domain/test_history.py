"""The hash chain: canonical bytes, links, commitments."""

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.errors import Invalid
from webapp.domain.history import (
    GENESIS,
    Entry,
    canonical,
    commitment,
    commitment_holds,
    digest,
    entry,
    first_broken,
)

KEY = bytes(range(32))
TEXTS = (
    st.text(max_size=30)
    .map(lambda s: unicodedata.normalize("NFC", s))
    .filter(lambda s: unicodedata.is_normalized("NFC", s))
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=15,
)
QUIET = settings(database=None, deadline=None, max_examples=150)


def chain(length=5, stream="case:1"):
    links, previous = [], GENESIS
    for seq in range(1, length + 1):
        body = {"stream": stream, "seq": seq, "kind": "task_completed", "note": f"第{seq}步"}
        data, previous = entry(previous, body)
        links.append(Entry(stream, seq, data, previous))
    return links


@QUIET
@given(VALUES)
def test_canonical_bytes_read_back_as_the_same_value(value):
    assert json.loads(canonical(value)) == value


@QUIET
@given(st.dictionaries(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), st.integers(0, 9), max_size=6))
def test_the_order_of_keys_does_not_matter(mapping):
    assert canonical(mapping) == canonical(dict(reversed(mapping.items())))


def test_the_bytes_are_compact_sorted_and_utf8():
    assert canonical({"b": [1, True, None], "a": "钟谷雨"}) == '{"a":"钟谷雨","b":[1,true,null]}'.encode()


def test_days_and_instants_are_written_in_one_way():
    shanghai = timezone(timedelta(hours=8))
    same = canonical(datetime(2026, 11, 22, 8, tzinfo=shanghai))
    assert same == canonical(datetime(2026, 11, 22, 0, tzinfo=UTC)) == b'"2026-11-22T00:00:00.000000Z"'
    assert canonical(date(2026, 11, 22)) == b'"2026-11-22"'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "e\u0301",
        "\ud800",
        {"Key": 1},
        {"": 1},
        {1: 1},
        {"键": 1},
        Decimal("1.5"),
        b"bytes",
        {1, 2},
        datetime(2026, 1, 1),
        {"e\u0301": 1},
    ],
)
def test_values_outside_the_narrow_profile_are_refused_before_hashing(value):
    with pytest.raises(Invalid):
        canonical({"deep": [value]})


def test_a_refusal_says_where():
    with pytest.raises(Invalid) as refused:
        canonical({"facts": [{"score": 1.5}]})
    assert list(refused.value.problems) == ["facts[0].score"]


def test_bottomless_nesting_is_refused():
    value: list[object] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(Invalid):
        canonical(value)


def test_a_link_holds_the_digest_before_it_inside_its_bytes():
    data, own = entry(GENESIS, {"kind": "case_opened"})
    assert json.loads(data)["previous"] == GENESIS
    assert own == digest(data)
    with pytest.raises(Invalid):
        entry(GENESIS, {"previous": "x"})


def test_an_untouched_chain_is_whole_also_from_the_middle():
    links = chain()
    assert first_broken(links) is None
    assert first_broken([]) is None
    assert first_broken(links[3:], after=links[2]) is None


def test_one_changed_character_is_found_where_it_is():
    links = chain()
    links[2] = Entry("case:1", 3, links[2].body.replace(b"task", b"tusk"), links[2].digest)
    finding = first_broken(links)
    assert (finding.seq, finding.code) == (3, "DIGEST")


def test_a_rehashed_link_breaks_the_next():
    links = chain()
    body = links[2].body.replace(b"task", b"tusk")
    links[2] = Entry("case:1", 3, body, digest(body))
    finding = first_broken(links)
    assert (finding.seq, finding.code) == (4, "LINK")


def test_a_removed_link_and_a_renumbered_tail_are_found():
    links = chain()
    assert first_broken(links[:2] + links[3:]).code == "SEQUENCE"
    moved = [Entry(e.stream, e.seq - 1, e.body, e.digest) for e in links[3:]]
    assert first_broken(links[:2] + moved).code == "LINK"
    assert first_broken(links[1:]).code == "SEQUENCE"


def test_columns_that_differ_from_the_bytes_are_found():
    links = chain()
    links[1] = Entry("case:2", 2, links[1].body, links[1].digest)
    assert first_broken(links).code == "STREAM"
    relabelled = [Entry("case:9", e.seq, e.body, e.digest) for e in chain()]
    assert first_broken(relabelled).code == "COLUMN"


def test_a_change_of_suite_and_unreadable_bytes_are_found():
    links = chain()
    links[1] = Entry("case:1", 2, links[1].body, links[1].digest, "sm3")
    assert first_broken(links).code == "SUITE"
    assert first_broken([Entry("case:1", 1, b"[]", digest(b"[]"))]).code == "BODY"
    assert first_broken([Entry("case:1", 1, b"\xff", digest(b"\xff"))]).code == "BODY"


@QUIET
@given(st.integers(0, 4), st.data())
def test_any_flipped_byte_is_found(index, data):
    links = chain()
    body = bytearray(links[index].body)
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= 1 << data.draw(st.integers(0, 7))
    links[index] = Entry("case:1", index + 1, bytes(body), links[index].digest)
    assert first_broken(links).seq == index + 1


def test_an_unknown_suite_is_refused():
    with pytest.raises(Invalid):
        digest(b"", "md5")


def test_a_commitment_holds_for_its_value_and_key_only():
    made = commitment(KEY, {"name": "苏白露"})
    assert commitment_holds(KEY, {"name": "苏白露"}, made)
    assert not commitment_holds(KEY, {"name": "钟谷雨"}, made)
    assert not commitment_holds(bytes(32), {"name": "苏白露"}, made)
    with pytest.raises(Invalid):
        commitment(b"short", 1)
