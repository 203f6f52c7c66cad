"""A table of orders somebody uploads: which column says what, and the order of each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.bulk_rows import MAX_ORDERS, TOO_MANY, BulkRow, Common, of_cells
from pipeline.imports import table_head, tables
from pipeline.imports.table_text import Unreadable


class Column(StrEnum):
    """What a column can say of an order, by the field of ``CampaignSpec``."""

    TYPES = "business_types"
    PLACE = "location"
    LEADS = "max_results"
    BUDGET = "budget_usd"


NEEDED = (Column.TYPES, Column.PLACE)
_TITLES: Mapping[Column, tuple[str, ...]] = {
    Column.TYPES: (
        *("business types", "business type", "types", "type", "category", "categories", "industry", "branch"),
        *("business", "whom", "branche", "kategorie", "toimiala", "tyyppi", "categorie", "tipo", "secteur"),
    ),
    Column.PLACE: (
        *("location", "place", "city", "town", "where", "area", "region", "ort", "stadt", "ville", "lieu"),
        *("paikka", "kaupunki", "paikkakunta", "ciudad", "lugar", "citta", "luogo", "plaats", "stad"),
    ),
    Column.LEADS: (
        *("max results", "leads", "number of leads", "how many", "number", "count", "max", "limit"),
        *("anzahl", "maara", "lukumaara", "nombre", "numero", "cantidad", "aantal", "antal"),
    ),
    Column.BUDGET: (
        *(
            "budget usd",
            "budget",
            "budget in us dollars",
            "usd",
            "max usd",
            "most usd",
            "cost usd",
            "max budget",
        ),
        *("budjetti", "presupuesto"),
    ),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a table of orders: the title of each column, each once, and what they are taken for."""

    titles: tuple[str, ...]
    guessed: Mapping[Column, int]


def head(data: bytes) -> Head:
    """Raises Unreadable."""
    cells, _ = table_head.beginning(data, 1)
    # A sign is no word: without it a most of dollars would be a most of leads.
    worded = [cell.replace("$", " usd ") for cell in cells]
    return Head(table_head.titles(cells), table_head.guessed(worded, _TITLES))


def rows(data: bytes, columns: Mapping[Column, int], common: Common) -> Iterator[BulkRow]:
    """The order of every row below the titles. Raises Unreadable, also after some rows."""
    found = tables.read(data)
    next(found, None)
    for count, row in enumerate(found, start=1):
        if count > MAX_ORDERS:
            raise Unreadable(TOO_MANY)
        cells = {column.value: table_head.cell(row, place) for column, place in columns.items()}
        yield of_cells(row.number, cells, common)
