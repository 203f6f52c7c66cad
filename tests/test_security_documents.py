"""The security checklist names tests that exist, has every item once, and says of each what holds it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "asvs.md").read_text()
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| (.+?) \| (.+) \|$", TEXT, re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED = sorted({*TEST.findall(TEXT), *TEST.findall((ROOT / "SECURITY.md").read_text())})
# How many items of levels 1 and 2 each section of the standard has, in version 5.0.0.
ITEMS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip


@cache
def cases_in(path: str) -> set[str]:
    return {
        node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert name in cases_in(path)
    assert name.startswith("test_")


def test_every_item_stands_there_once() -> None:
    """A range goes from its first item to its last, through whole sections between them."""
    found: Counter[str] = Counter()
    for first, last, *_ in ROWS:
        (begin, number), (end, final) = (item.rsplit(".", 1) for item in (first, last or first))
        between = list(ITEMS)[list(ITEMS).index(begin) : list(ITEMS).index(end) + 1]
        for section in between:
            until = int(final) if section == end else ITEMS[section]
            found[section] += until - (int(number) - 1 if section == begin else 0)
    assert dict(found) == ITEMS
    assert [first for first, *_ in ROWS] == sorted(
        {first for first, *_ in ROWS}, key=lambda item: [int(part) for part in item.split(".")]
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_item_says_what_holds_it(row: tuple[str, str, str, str]) -> None:
    assert re.match(r"`tests/|document: |tool: |not applicable: |open: ", row[3])
