"""Files of orders in all the ways files come, and orders that cost more than there is."""

from __future__ import annotations

import gzip
from decimal import Decimal

import pytest

from pipeline.bulk_rows import MAX_ORDERS
from services import bulk_checks, bulk_drafts, bulk_orders, limits
from services.errors import Conflict, Invalid
from services.limits import Period
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.people import person

TWO = "type,place\ncafe,Helsinki\nbakery,Helsinki\n"
COMMON = {"budget_usd": Decimal(0)}


def _rows(good: int, bad: int = 0) -> bytes:
    lines = [f"cafe,Helsinki,{number % 1000 + 1}" for number in range(good)] + ["cafe,Helsinki,many"] * bad
    return "\n".join(["type,place,leads", *lines]).encode()


READ: tuple[Case[bytes, tuple[int, int]], ...] = (
    Case(39, "UTF-16 with its mark", TWO.encode("utf-16"), (2, 0)),
    Case(41, "cp1252", "type,place\nCafé,Orléans\n".encode("cp1252"), (1, 0)),
    Case(42, "semicolons", TWO.replace(",", ";").encode(), (2, 0)),
    Case(45, "NUL bytes", b"type,place\ncaf\x00e,Helsinki\n", (1, 0)),
    Case(48, "ragged rows", b"type,place\ncafe\ncafe,Helsinki,5,over\n", (1, 1)),
    Case(52, "a formula", b"type,place,leads\ncafe,Helsinki,=1+1\n", (0, 1)),
    Case(55, "999 good rows and a bad one", _rows(999, 1), (999, 1)),
)
REFUSED: tuple[Case[bytes, str], ...] = (
    Case(34, "empty", b"", "The file is empty"),
    Case(35, "headings alone", b"type,place\n", "nothing below it"),
    Case(36, "no headings", b"cafe,Helsinki\nbakery,Helsinki\n", "Choose the column"),
    Case(38, "headings of something else", b"colour,size\nred,1\n", "Choose the column"),
    Case(47, "more rows than are read", _rows(MAX_ORDERS + 1), "at most 1,000"),
    Case(51, "a picture", b"\x89PNG\r\n\x1a\n", "a picture"),
    Case(60, "a packed file", gzip.compress(TWO.encode()), "unpack it first"),
)
DEAR: tuple[Case[str, str], ...] = (
    Case(58, "a cap above the limit", "1.01", r"leaves \$1.00"),
    Case(58, "a cap beyond all there is", "1e12", "The cap is at least"),
)


@pytest.mark.parametrize("case", READ, ids=str)
def test_a_file_that_can_be_read(case: Case[bytes, tuple[int, int]]) -> None:
    rows = bulk_drafts.uploaded(case.given, bulk_drafts.head(case.given).guessed, COMMON)
    good = sum(row.spec is not None for row in rows)
    assert (good, len(rows) - good) == case.expected


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_a_file_that_cannot(case: Case[bytes, str]) -> None:
    with pytest.raises(Invalid, match=case.expected):
        bulk_drafts.uploaded(case.given, bulk_drafts.head(case.given).guessed, COMMON)


@pytest.mark.parametrize("case", DEAR, ids=str)
def test_orders_that_cost_more_than_there_is_and_nothing_is_kept_of_them(
    world: World, case: Case[str, str]
) -> None:
    poor = person(f"poor{case.given}")
    limits.set_limit(poor, Period.DAY, Decimal(1))
    text = "type,place,budget\n" + "cafe,Helsinki,2\n" * 3
    rows = bulk_drafts.uploaded(text.encode(), bulk_drafts.head(text.encode()).guessed, COMMON)
    specs = [row.spec for row in bulk_checks.checked(poor, rows) if row.spec]
    assert len(specs) == 3
    with pytest.raises((Conflict, Invalid), match=case.expected):
        bulk_orders.submit(poor, specs, Decimal(case.given), "more than there is")
    assert bulk_orders.listing(poor).total == 0
    assert bulk_orders.submit(poor, specs, Decimal(1), "all of it")
