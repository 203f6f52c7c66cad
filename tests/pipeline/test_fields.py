"""Every field of a lead, followed from the place it is read from to the file it is exported to."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from io import StringIO

import pytest

from pipeline.fields import BY_NAME, DETAILS, FIELDS, NAMED
from pipeline.lead import Business
from pipeline.output.formats.csv import FORMAT
from tests.pipeline.memory import TODAY, from_places, place
from tests.pipeline.test_export import ABOUT, ROW

# Of each field: what a source gives, and what the lead says then.
EXAMPLES: dict[str, tuple[dict[str, object], str]] = {
    "address": ({"street": "Pier Street", "housenumber": "5"}, "Pier Street 5"),
    "postcode": ({"postcode": " 00100"}, "00100"),
    "city": ({"city": "Harbour  Town"}, "Harbour Town"),
    "country": ({"country": "fi"}, "FI"),
    "phone": ({"phone": "09 1234567"}, "+35891234567"),
    "website": ({"website": "anchor.example.com"}, "http://anchor.example.com/"),
    "domain": ({"website": "https://www.anchor.example.com/menu"}, "example.com"),
    "email": ({"email": "Info@Example.com"}, "info@example.com"),
    "opening_hours": ({"opening_hours": "24/7\n"}, "24/7"),
    "brand": ({"brand": "Anchor"}, "Anchor"),
    "street": ({"street": "Pier Street", "housenumber": "5"}, "Pier Street 5"),
    "state": ({"tags": {"addr:state": "MD"}}, "MD"),
    "other_phones": ({"phone": "09 1234567; 09 7654321"}, "+35897654321"),
    "other_emails": ({"email": "info@example.com;boss@example.com"}, "boss@example.com"),
    "other_websites": ({"website": "https://a.test", "tags": {"url": "https://b.test"}}, "https://b.test/"),
    "profiles": ({"tags": {"contact:facebook": "anchor"}}, "https://www.facebook.com/anchor"),
    "doubt": ({"tags": {"fixme": "closed?"}}, "fixme: “closed?”"),
    "also": (
        {"category": "amenity=restaurant", "tags": {"shop": "bakery", "cuisine": "pizza"}},
        "Bakery; Pizzeria",
    ),
    "rating": ({"tags": {"google:rating": "4.5"}}, "4.5"),
    "reviews": ({"tags": {"google:reviews": "120"}}, "120"),
    "legal_name": ({"source": "prh", "name": "Anchor Oy"}, "Anchor Oy"),
    "register": ({"tags": {"company:register": "prh"}}, "PRH, the Finnish register"),
    "company_number": ({"tags": {"company:number": "1234567-1"}}, "1234567-1"),
    "founded": ({"tags": {"company:founded": "2015-03-06"}}, "2015-03-06"),
    "company_size": ({"tags": {"company:size": "micro"}}, "micro"),
    "company_status": ({"tags": {"company:status": "Active"}}, "Active"),
    "registered_office": (
        {"source": "prh", "street": "Pier Street", "housenumber": "5", "postcode": "00100", "city": "Town"},
        "Pier Street 5, 00100 Town",
    ),
}


def test_every_field_has_an_example() -> None:
    assert list(EXAMPLES) == [field.name for field in FIELDS]


def example(name: str) -> tuple[Business, Business]:
    """A business whose source gives the field, and one whose source does not."""
    (given,), (empty,) = (from_places([place(**values)], "FI", TODAY) for values in (EXAMPLES[name][0], {}))
    return given, empty


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_field_is_read_with_its_origin_or_says_why_it_is_empty(name: str) -> None:
    given, empty = example(name)
    assert (given.value(name), given.provenance[name]) == (EXAMPLES[name][1], given.origins[0])
    assert (empty.value(name), name in empty.provenance) == (None, False)
    why = (
        None
        if BY_NAME[name].is_optional
        else f"OpenStreetMap lists no {BY_NAME[name].noun} for this business."
    )
    assert empty.empty_reasons.get(name) == why


@pytest.mark.parametrize("name", [field.name for field in FIELDS if field.width])
def test_a_field_that_is_exported_has_a_column_of_its_name(name: str) -> None:
    def cell(values: dict[str, str]) -> str:
        file = FORMAT.write([replace(ROW, values=values)], ABOUT).decode("utf-8-sig")
        (line,) = csv.DictReader(StringIO(file))
        return line[BY_NAME[name].label]

    assert (cell({name: "Word"}), cell({})) == ("Word", "")


def test_a_field_is_an_attribute_of_a_business_or_one_of_its_details() -> None:
    assert {field.name for field in NAMED} < {field.name for field in fields(Business)}
    assert {*NAMED, *DETAILS} == set(FIELDS)
    assert [field for field in DETAILS if not (field.read or field.tags or field.others_of)] == []
