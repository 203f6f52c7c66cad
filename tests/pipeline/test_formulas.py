"""Formulas in the middle of a cell, for a spreadsheet that parts a file with commas at other signs."""

from __future__ import annotations

import csv
import re
import sys
from io import StringIO

import pytest

from pipeline.output.export import cell_text
from pipeline.output.formats.csv import table
from pipeline.output.formulas import SEPARATORS, guarded, is_harmless

HIDDEN = (
    "Anchor;=cmd|'/C calc'!A0", "Anchor; =1+1", 'Anchor;"=1+1', 'Anchor;""@x', "a|=1", "a;b;－1", "a;;+1", "a;−1",
    "a;﹦1",     '"=1+1', '" "=1', "\ufe0f=1", "+358912345678;=1", "a;\u200b=1", "a;\u3164@x", "=1;=2",
)  # fmt: skip
_STARTS = set("=+-@＝＋－＠﹦﹢﹣﹫−")


@pytest.mark.parametrize("text", HIDDEN)
def test_no_part_of_a_cell_starts_like_a_formula(text: str) -> None:
    line = table(["A", "B"], [[text, text]]).decode("utf-8-sig").splitlines()[1]
    # Quotes mean nothing to a spreadsheet whose separator they do not stand beside.
    parts = [part.strip(' "\ufe0f') for part in re.split("[;|]", line)]
    starts = {part[:1] for part in parts if not re.fullmatch(r"\+[0-9]{6,15}", part)}
    assert not starts & _STARTS
    assert "'" in line


@pytest.mark.parametrize(
    "text",
    [
        "+358912345678", "+358912345678; +358912345679", "Mo-Fr 08:00-18:00; Sa,Su off", "Anchor & Sons - Pub", "a=b",
        "info@example.com; sales@example.com", "https://example.com/?a=b|c", "",
    ],
)  # fmt: skip
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
    (row,) = csv.DictReader(StringIO(table(["A"], [[text]]).decode("utf-8-sig")))
    assert row["A"] == text


def test_what_is_called_harmless_at_a_glance_is_so_at_a_closer_look() -> None:
    # Of the scripts with many thousand letters one of each will do.
    many = {
        *range(0x3401, 0x9FFF),
        *range(0xAC01, 0xD7A3),
        *range(0x17001, 0x18CFF),
        *range(0x20001, 0x323AF),
    }
    signs = [chr(number) for number in range(sys.maxunicode + 1) if number not in many]
    texts = [
        *(sign for sign in signs if sign.isalnum()),
        *(f"a{sign}=1" for sign in signs if sign.isprintable()),
        *(f"a{before}{sign}" for sign in signs if sign.isprintable() for before in (";", "| ")),
        *(*HIDDEN, " a", "a ", "a  b", "+358912345678", "a,=1"),
    ]
    for separators in (SEPARATORS, f"{SEPARATORS},"):
        harmless = [text for text in texts if is_harmless(text, separators)]
        assert len(harmless) > 50_000
        assert [text for text in harmless if guarded(cell_text(text), separators) != text] == []
