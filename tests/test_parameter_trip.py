"""Every field of an order has an effect: on what a source is asked, on the leads, or on the export.

A field without an entry here fails, so no field can be stored and shown and do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
from openpyxl import load_workbook

from pipeline.campaign import CRITERIA, CampaignSpec
from pipeline.listed_companies import keys_of_company
from pipeline.output.export import About
from pipeline.output.formats import xlsx
from pipeline.run import run
from tests.pipeline.memory import (
    TODAY,
    ListBook,
    ListCustomers,
    ListMemory,
    ListSearch,
    from_places,
    full_place,
    place,
    ports,
    spec,
)

BASE = spec(max_results=3, radius_km=2.0, budget_usd=Decimal(1))

QUERY = {
    "business_types": ("bakery",),
    "by_name": ("cafe",),
    "location": "Lighthouse Bay",
    "radius_km": 3.0,
}
LEADS = {
    "max_results": 1,
    "min_confidence": 70,
    "min_reach": 50,
    "min_score": 60,
    "independents_only": True,
    "chains_only": True,
    "with_website": True,
    "without_website": True,
    "with_hours": True,
    "min_rating": 4.5,
    "min_reviews": 20,
    "founded_since": 2015,
    "company_sizes": ("micro", "small"),
    "known_companies": "skip",
    "skip_customers": True,
}
EXPORT = {
    "own_list": UUID(int=7),
    "budget_usd": Decimal(2),
    "waterfall": ("hunter",),
    # What they change of a lead is held where they are answered: tests/pipeline/test_qualifying.py.
    **{field: ("has its own kitchen",) for field in CRITERIA},
}
# An order for other sources asks none of those it did not choose.
ONLY_ONE = {"sources": ("open_data", "osm_live", "google_places")}


@dataclass(frozen=True)
class Trip:
    """All an order made happen outside."""

    asked: object
    leads: tuple[str, ...]
    exported: tuple[object, ...]


def trip(order: CampaignSpec) -> Trip:
    search, memory = (
        ListSearch([full_place("n/1"), place("n/2", name="Mast", lat=60.01, brand="Mast & Sons")]),
        ListMemory(),
    )
    book = ListBook(from_places([full_place("n/1")], "FI", TODAY))
    customers = ListCustomers(keys_of_company(from_places([full_place("n/1")], "FI", TODAY)[0]))
    run(order, ports(search, memory=memory, book=book, customers=customers))
    about = About(spec=order, filtered_by="All leads", exported_at=datetime(2026, 11, 24, tzinfo=UTC))
    sheet = load_workbook(BytesIO(xlsx.FORMAT.write([], about)))["About"]
    exported = tuple(cell.value for row in sheet.iter_rows() for cell in row)
    return Trip((search.located, search.asked), tuple(memory.stored), exported)


def changed(field: str, value: object) -> CampaignSpec:
    return CampaignSpec.model_validate(BASE.model_dump() | {field: value})


def test_every_field_of_an_order_is_on_the_trip() -> None:
    assert set(CampaignSpec.model_fields) == {*QUERY, *LEADS, *EXPORT, *ONLY_ONE}


@pytest.mark.parametrize(("field", "value"), QUERY.items())
def test_it_changes_what_the_source_is_asked(field: str, value: object) -> None:
    assert trip(changed(field, value)).asked != trip(BASE).asked


@pytest.mark.parametrize(("field", "value"), LEADS.items())
def test_it_changes_the_leads(field: str, value: object) -> None:
    assert trip(changed(field, value)).leads != trip(BASE).leads


@pytest.mark.parametrize(("field", "value"), [*QUERY.items(), *LEADS.items(), *EXPORT.items()])
def test_it_is_told_in_the_export(field: str, value: object) -> None:
    assert trip(changed(field, value)).exported != trip(BASE).exported


def test_only_the_chosen_sources_are_asked() -> None:
    assert BASE.sources == ("open_data",)
    other = ListSearch([full_place()], name="elsewhere")
    run(BASE, ports(other, ListSearch([full_place()])))
    assert (other.located, other.asked) == ([], [])
