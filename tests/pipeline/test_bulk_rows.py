"""Many orders as people write them: lines, cells, and every type in every place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline import bulk_rows
from pipeline.bulk_rows import MAX_ORDERS, BulkRow
from pipeline.imports import bulk_table
from pipeline.imports.bulk_table import Column
from pipeline.imports.table_text import Unreadable
from tests.pipeline.test_company_lists import workbook

COMMON = {"max_results": 25, "budget_usd": Decimal("0.5"), "sources": ("open_data",)}


def line(text: str) -> BulkRow:
    (row,) = bulk_rows.of_lines(text, COMMON)
    return row


@pytest.mark.parametrize(
    ("written", "types", "place", "leads", "budget"),
    [
        ("dentist; Helsinki; 20", ("dentist",), "Helsinki", 20, "0.5"),
        ("dentist;Helsinki", ("dentist",), "Helsinki", 25, "0.5"),
        ("dentist, Helsinki, 20", ("dentist",), "Helsinki", 20, "0.5"),
        ("cafe, bakery; Portland, OR; 1 000; $2,50", ("cafe", "bakery"), "Portland, OR", 1000, "2.50"),
        ("cafe\tTurku\t\t1", ("cafe",), "Turku", 25, "1"),
        ("cafe | Turku | 7 |", ("cafe",), "Turku", 7, "0.5"),
        ("cafe; 60.17, 24.94; 5.0", ("cafe",), "60.17, 24.94", 5, "0.5"),
    ],
)
def test_a_line_is_an_order(
    written: str, types: tuple[str, ...], place: str, leads: int, budget: str
) -> None:
    spec = line(written).spec
    assert spec is not None
    assert (spec.business_types, spec.location) == (types, place)
    assert (spec.max_results, spec.budget_usd) == (leads, Decimal(budget))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("dentist", "dentist; Helsinki; 20"),
        ("a;b;1;2;3", "dentist; Helsinki; 20"),
        ("; Helsinki", "at least one type"),
        ("dentist; ; 20", "Choose or type a place"),
        ("dentist; Helsinki; many", "“many” cannot be read as a number"),
        ("dentist; Helsinki; 1001", "between 1 and 1,000"),
        ("dentist; Helsinki; 20; -1", "between $0 and $10,000"),
        ("dentist; Helsinki; 20; NaN", "“NaN” cannot be read as a number"),
        (f"{'x' * 300}; Helsinki", "at most 200 characters"),
        (f"{','.join(map(str, range(11)))}; Helsinki", "at most 10 types"),
    ],
)
def test_a_line_that_is_none_says_what_to_do(written: str, says: str) -> None:
    row = line(written)
    assert row.spec is None
    assert says in row.problem


def test_lines_keep_their_numbers_and_empty_ones_are_none() -> None:
    rows = bulk_rows.of_lines("\n cafe; Turku \n\nnonsense\n", COMMON)
    assert [(row.row, row.spec is not None) for row in rows] == [(2, True), (4, False)]


def test_the_same_search_twice_is_told_whatever_the_number_and_the_spelling() -> None:
    rows = bulk_rows.of_lines("cafe; Turku; 5\nCafe ;TURKU; 9\ncafe; Espoo", COMMON)
    assert list(bulk_rows.repeated([row.spec for row in rows if row.spec])) == [(1, 0)]


def test_a_title_says_whom_and_where() -> None:
    assert bulk_rows.title_of(
        [row.spec for row in bulk_rows.crossed(["Café"], ["Turku"], COMMON) if row.spec]
    ) == ("Café in Turku")
    many = bulk_rows.crossed(["a", "b", "c", "d"], ["x", "y"], COMMON)
    assert bulk_rows.title_of([row.spec for row in many if row.spec]) == "4 types in 2 places"


_TABLE: list[list[object]] = [
    ["Ort", "Branche", "Anzahl", "Note"],
    ["Turku", "cafe", 5, "x"],
    ["Espoo", "dentist", "many", ""],
]
_TEXT = "\n".join(";".join(map(str, row)) for row in _TABLE)


@pytest.mark.parametrize("data", [_TEXT.encode("utf-16"), workbook(_TABLE)], ids=["text", "workbook"])
def test_a_file_is_read_by_its_titles(data: bytes) -> None:
    head = bulk_table.head(data)
    assert head.titles == ("Ort", "Branche", "Anzahl", "Note")
    assert head.guessed == {Column.TYPES: 1, Column.PLACE: 0, Column.LEADS: 2}
    first, second = bulk_table.rows(data, head.guessed, COMMON)
    assert first.spec is not None
    assert (first.spec.title, first.spec.max_results) == ("cafe in Turku", 5)
    assert (second.row, second.spec) == (3, None)


def test_too_many_rows_are_refused() -> None:
    data = ("type,place\n" + "cafe,Turku\n" * (MAX_ORDERS + 1)).encode()
    with pytest.raises(Unreadable, match="at most 1,000"):
        list(bulk_table.rows(data, {Column.TYPES: 0, Column.PLACE: 1}, COMMON))


def test_a_column_of_dollars_is_a_budget_and_not_a_number_of_leads() -> None:
    head = bulk_table.head("Branche;Ort;Anzahl;Max $\nCafé;Turku;5;0,50\n".encode())
    assert [head.titles[head.guessed[column]] for column in Column] == ["Branche", "Ort", "Anzahl", "Max $"]
