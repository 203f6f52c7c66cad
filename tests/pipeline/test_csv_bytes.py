"""What the quick writer of CSV writes, byte by byte, beside one that looks at every cell by itself."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from itertools import product
from random import Random

import pytest

from pipeline.lead import EmailStatus
from pipeline.output.export import COLUMNS, About, Cell, ExportRow, Layout, Spelling, cell_text
from pipeline.output.export_presets import presets
from pipeline.output.formats import csv as csv_format
from pipeline.output.formulas import SEPARATORS, guarded
from tests.pipeline.memory import spec
from tests.support.varied_leads import PHONES, TEXTS

ABOUT = About(spec=spec(), filtered_by="All leads", exported_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
SPELLINGS = [
    Spelling.model_validate({"delimiter": delimiter, "has_mark": has_mark, "decimal_mark": decimal_mark})
    for delimiter, has_mark, decimal_mark in product(",;\t", (True, False), ".,")
]
# So many that parts of the file have odd texts beside plain ones, and others have none.
ODD, PLAIN = 700, 700
_ODD_TEXTS = (*TEXTS, "nul\x00", "half \ud800", "\x1b", "x" * 40_000)


def _rows() -> Iterator[ExportRow]:
    random = Random(7)  # noqa: S311 - the same in every run
    for number in range(ODD + PLAIN):
        texts = _ODD_TEXTS if number < ODD else (f"Anchor {number}", "Café")
        names = ("address", "city", "opening_hours", "email", "website", "state", "doubt", "also")
        yield ExportRow(
            name=random.choice([*texts, None]),
            category=random.choice(texts),
            values={
                **{
                    name: value for name in names if (value := random.choice(texts)) and random.random() < 0.6
                },
                "phone": random.choice(PHONES),
                "other_phones": "; ".join(random.sample(PHONES, 2)),
                "postcode": f"{number:05}",
            },
            email_status=random.choice([*EmailStatus]),
            is_role_address=random.random() < 0.5,
            confidence=random.choice([0, 1, number % 101]),
            reach=random.choice([None, 0, 1, 100]),
            chain=random.choice([None, *texts]),
            sources=("OpenStreetMap", *random.sample(texts, 1)),
            why_empty=random.choice(texts),
            lat=random.choice([None, 0.0, -0.0, 1.0, -33.9000000001, 60 + number / 7]),
            lon=random.choice([24.94, -180.0, number / 3]),
            source_refs=(f"node/{number}",),
            observed_on=random.choice([None, date(2026, 1, 2), date(2020, 1 + number % 12, 3)]),
            email_source=random.choice([None, "https://example.com/"]),
            cost_micros=random.choice([0, 0, 1, 24_500, 2_000_000]),
            is_simulated=random.random() < 0.5,
        )


ROWS = [*_rows()]


def _cell(value: Cell | None, spelling: Spelling) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        separators = SEPARATORS if spelling.delimiter == "," else f"{SEPARATORS},"
        return guarded(cell_text(value), separators).replace('"', '""')
    return str(value).replace(".", spelling.decimal_mark)


def _expected(titles: Sequence[str], lines: Sequence[Sequence[Cell | None]], spelling: Spelling) -> bytes:
    head = StringIO()
    csv.writer(head, delimiter=spelling.delimiter, lineterminator="\r\n").writerow(titles)
    quoted = ([f'"{_cell(cell, spelling)}"' for cell in line] for line in lines)
    text = head.getvalue() + "".join(f"{spelling.delimiter.join(line)}\r\n" for line in quoted)
    return text.encode("utf-8-sig" if spelling.has_mark else "utf-8")


@pytest.mark.parametrize("spelling", SPELLINGS, ids=repr)
def test_every_cell_is_as_if_it_had_been_written_alone(spelling: Spelling) -> None:
    lines = [[column.read(row) for column in COLUMNS] for row in ROWS]
    expected = _expected([column.title for column in COLUMNS], lines, spelling)
    layout = Layout(spelling=spelling)
    assert csv_format.FORMAT.file(ROWS, ABOUT, layout) == expected
    poured = BytesIO()
    csv_format.FORMAT.pour(iter(ROWS), lambda: ABOUT, layout, poured)
    assert poured.getvalue() == expected


def test_a_table_of_any_cells_is_written_the_same_way() -> None:
    cells: list[Cell | None] = [None, 1, 1.0, 0.0, -0.0, "1", *TEXTS]
    random = Random(3)  # noqa: S311 - the same in every run
    lines = [[random.choice(cells), number, random.choice(TEXTS)] for number in range(1200)]
    for spelling in SPELLINGS:
        assert csv_format.table(["A", "B, C", 'D "E"'], lines, spelling) == _expected(
            ["A", "B, C", 'D "E"'], lines, spelling
        )


def test_numbers_are_written_as_python_writes_them() -> None:
    random = Random(5)  # noqa: S311 - the same in every run
    tiny = [0.0, -0.0, 1e-4, 0.00005, -0.00001234, 1e-5, 1e-7, 5e-324]
    huge: list[Cell] = [1e15, 123456789012345680.0, 1e16, 1.5e300, 10**30, math.inf, -math.inf, math.nan]
    degrees: list[Cell] = [round(random.uniform(-180, 180) * 1e7) / 1e7 for _ in range(1000)]
    for numbers in (degrees, [*degrees, 7, -7], *([*degrees, number] for number in (*tiny, *huge))):
        lines = "".join(f'"{number}"\r\n' for number in numbers)
        written = csv_format.table(["A"], [[number] for number in numbers], Spelling(has_mark=False))
        assert written == f"A\r\n{lines}".encode()


def test_a_column_read_at_once_holds_what_it_holds_of_each_row() -> None:
    for column in COLUMNS:
        assert [*map(repr, column.cells(ROWS))] == [repr(column.read(row)) for row in ROWS], column.title


@pytest.mark.parametrize("key", [key for key, preset in presets().items() if preset.extension == "csv"])
def test_a_preset_is_written_at_once_as_row_by_row(key: str) -> None:
    preset, poured = presets()[key], BytesIO()
    taken = [row for row in ROWS if preset.takes is None or preset.takes(row)]
    preset.pour(iter(taken), lambda: ABOUT, Layout(), poured)
    assert poured.getvalue() == preset.write(taken, ABOUT)
