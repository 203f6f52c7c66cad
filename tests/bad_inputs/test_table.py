"""Every number of the list is tried, or the list says why it cannot be."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from tests.bad_inputs.table import LAST, Case

HERE = Path(__file__).parent
LIST = settings.PROJECT_ROOT / "docs" / "bad-input.md"
_WITHOUT = re.compile(r"^\| (\d+)(?:–(\d+))? \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def _cases(value: object) -> Iterator[Case[object, object]]:
    if isinstance(value, Case):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _cases(item)


def tried() -> set[int]:
    """The numbers of all tables: those of the modules, and those that stand at a test."""
    numbers: set[int] = set()
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.bad_inputs.{path.stem}")
        marks = [mark for value in vars(module).values() for mark in getattr(value, "pytestmark", ())]
        given = [mark.args[1] for mark in marks if mark.name == "parametrize"]
        numbers |= {case.number for case in _cases(given)}
    return numbers


def without_a_way_in() -> set[int]:
    """The numbers the list names as such."""
    section = LIST.read_text().partition("## Numbers without a way in")[2]
    return {
        number
        for first, last in _WITHOUT.findall(section)
        for number in range(int(first), int(last or first) + 1)
    }


def test_every_number_is_tried_or_has_a_reason_why_not() -> None:
    assert tried() | without_a_way_in() == set(range(1, LAST + 1))
    assert tried() & without_a_way_in() == set()


@pytest.mark.parametrize("path", sorted(HERE.glob("test_*.py")), ids=lambda path: path.name)
def test_every_table_is_named_in_the_list(path: Path) -> None:
    assert path.name in LIST.read_text()
