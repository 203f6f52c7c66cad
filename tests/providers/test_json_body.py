"""What can be read of a body that is no sane JSON in some of its places."""

from __future__ import annotations

import pytest

from pipeline.network.json_body import is_readable, lenient_json, readable_items

BAD = [
    b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b'{"a": 1, "a": 2}', b'{"b": [{"c": NaN}]}',
    b"[" * 100 + b"]" * 100, b"[" * 500_000 + b"]" * 500_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("body", [b"[1, %s, 2]", b"[%s, 1, 2]", b"[1, 2, %s]"])
def test_only_the_item_that_cannot_be_read_is_lost(body: bytes, bad: bytes) -> None:
    value = lenient_json(body % bad)
    assert not is_readable(value)
    assert readable_items(value) == [1, 2]


@pytest.mark.parametrize(
    "bad", [*BAD, b"[1, 2", b"[1,, 2]", b'"' + b'\\"' * 500_000, b"[" * 500_000, b"\xff"]
)
def test_a_body_that_is_nothing_else_holds_nothing(bad: bytes) -> None:
    assert readable_items(lenient_json(bad)) == []


@pytest.mark.parametrize("raw", [None, "text", 5, {"a": 1}])
def test_what_is_no_list_has_no_items(raw: object) -> None:
    assert readable_items(raw) == []
