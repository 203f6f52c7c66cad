"""Many orders at once, as people write them: a line or a row each, or every type in every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import ValidationError

from pipeline.campaign import CampaignSpec
from pipeline.geo.place_words import place_key
from pipeline.output.notices import counted
from pipeline.output.order_errors import sentences, unreadable
from pipeline.words.text import one_line

MAX_ORDERS: Final = 1000
"""Campaigns of a bulk order; our own choice."""
MAX_WRITTEN: Final = 300_000
"""Characters of a pasted list: a thousand lines of 300."""
TOO_MANY: Final = f"A bulk order has at most {MAX_ORDERS:,} campaigns. Split it."
_SEPARATORS = ";\t|"
_FORM = "Write the type of business, the place and, if you like, how many leads and a budget: dentist; Helsinki; 20."
_PARTS = 4
_LONGEST_SHOWN = 120

Common = Mapping[str, Any]
"""Fields of ``CampaignSpec`` that hold for every order that does not say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRow:
    """One order as it was written, by its number in the list; without a ``spec`` it cannot be ordered, and ``problem``
    says why and what to do."""

    row: int
    written: str
    spec: CampaignSpec | None = None
    problem: str = ""


def of_lines(text: str, common: Common) -> tuple[BulkRow, ...]:
    """The orders of a pasted list, one a line; empty lines are none."""
    lines = enumerate(text.replace("\x00", "").splitlines(), start=1)
    return tuple(_of_line(number, line, common) for number, line in lines if line.strip())


def of_cells(number: int, cells: Mapping[str, str], common: Common) -> BulkRow:
    """The order of a row of a table, by the fields of ``CampaignSpec`` its columns stand for."""
    written = "; ".join(one_line(cell) for cell in cells.values() if cell.strip())[:_LONGEST_SHOWN]
    types = [part for part in map(one_line, cells.get("business_types", "").split(",")) if part]
    given: dict[str, Any] = {**common, "business_types": types, "location": cells.get("location", "")}
    wrong: list[str] = []
    for field, read in (("max_results", _whole), ("budget_usd", _amount)):
        if cell := cells.get(field, "").strip():
            given[field] = read(cell)
            if given[field] is None:
                wrong.append(unreadable(field, [cell]))
    if wrong:
        return BulkRow(row=number, written=written, problem=" ".join(wrong))
    try:
        return BulkRow(row=number, written=written, spec=CampaignSpec(**given))
    except ValidationError as error:
        return BulkRow(row=number, written=written, problem=" ".join(sentences(error).values()))


def crossed(types: Sequence[str], places: Sequence[str], common: Common) -> tuple[BulkRow, ...]:
    """Every type in every place, an order each, place by place."""
    pairs = ((kind, place) for place in places for kind in types)
    return tuple(
        of_cells(number, {"business_types": kind, "location": place}, common)
        for number, (kind, place) in enumerate(pairs, start=1)
    )


def repeated(specs: Sequence[CampaignSpec]) -> Iterator[tuple[int, int]]:
    """Which orders look for the same types in the same place as one before, and which one that is, by their index."""
    first: dict[object, int] = {}
    for index, spec in enumerate(specs):
        earlier = first.setdefault(search_of(spec), index)
        if earlier != index:
            yield index, earlier


def search_of(spec: CampaignSpec) -> object:
    """What is the same for two orders that look for the same businesses."""
    types = frozenset(kind.casefold() for kind in spec.business_types)
    return types, place_key(spec.location), spec.radius_km


def title_of(specs: Sequence[CampaignSpec]) -> str:
    """What a bulk order is called: ``Dentist in 12 places``."""
    types = list(dict.fromkeys(kind.casefold() for spec in specs for kind in spec.business_types))
    places = list({place_key(spec.location): spec.location for spec in specs}.values())
    whom = ", ".join(types[:3]) if len(types) <= 3 else counted(len(types), "type")
    where = places[0] if len(places) == 1 else counted(len(places), "place")
    return f"{whom[:1].upper()}{whom[1:]} in {where}"[:300]


def _of_line(number: int, line: str, common: Common) -> BulkRow:
    written = one_line(line)[:_LONGEST_SHOWN]
    separator = next((each for each in _SEPARATORS if each in line), ",")
    parts = [one_line(part) for part in line.split(separator)]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    if not 2 <= len(parts) <= _PARTS:
        return BulkRow(row=number, written=written, problem=_FORM)
    names = ("business_types", "location", "max_results", "budget_usd")
    made = of_cells(number, dict(zip(names, parts, strict=False)), common)
    return BulkRow(row=number, written=written, spec=made.spec, problem=made.problem)


def _whole(text: str) -> int | None:
    plain = "".join(text.split())
    # What a spreadsheet makes of a whole number.
    plain = plain.removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None


def _amount(text: str) -> Decimal | None:
    plain = "".join(text.split()).strip("$").replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
