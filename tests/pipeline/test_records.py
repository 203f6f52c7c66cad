from __future__ import annotations

from datetime import date

import pytest

from pipeline.discovery.records import is_open, name_words, read
from pipeline.place_address import text
from tests.pipeline.memory import TODAY, place


@pytest.mark.parametrize(
    ("values", "listed"),
    [
        ({}, True),
        ({"name": "  "}, False),
        ({"name": "\u200b"}, False),
        ({"name": "\ud800"}, False),
        ({"lat": float("nan")}, False),
        ({"lon": float("inf")}, False),
        ({"category": "shop=vacant"}, False),
        ({"category": "amenity=disused"}, False),
        ({"tags": {"disused": "yes"}}, False),
        ({"tags": {"disused": "no"}}, True),
        ({"tags": {"abandoned": "yes"}}, False),
        ({"tags": {"disused:shop": "books"}}, True),
        ({"tags": {"operational_status": "closed"}}, False),
        ({"tags": {"operational_status": "open"}}, True),
        ({"tags": {"end_date": "2023-07-30"}}, False),
        ({"tags": {"end_date": "2026-11-23"}}, False),
        ({"tags": {"end_date": "2026-11-24"}}, True),
        ({"tags": {"end_date": "2026-10"}}, False),
        ({"tags": {"end_date": "2026-11"}}, True),
        ({"tags": {"end_date": "2025"}}, False),
        ({"tags": {"end_date": "2026"}}, True),
        ({"tags": {"end_date": "2030"}}, True),
        ({"tags": {"end_date": "soon"}}, True),
    ],
)
def test_it_leaves_out_what_is_unnamed_nowhere_or_closed(values: dict[str, object], listed: bool) -> None:
    assert is_open(place(**values), TODAY) is listed


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"street": "Pier Street", "housenumber": "5"}, "Pier Street 5"),
        ({"street": "Pier Street", "housenumber": "5", "country": "gb"}, "5 Pier Street"),
        ({"street": "Pier Street"}, "Pier Street"),
        ({"housenumber": "5"}, None),
        ({"street": "Pier Street", "housenumber": "5; 7"}, "Pier Street 5/7"),
        ({"street": "  Pier \n Street "}, "Pier Street"),
    ],
)
def test_it_writes_the_street_the_way_of_the_country(values: dict[str, object], line: str | None) -> None:
    assert read(place(**values), "FI").value("address") == line


@pytest.mark.parametrize(
    ("values", "field", "value"),
    [
        ({"city": "7"}, "city", None),
        ({"city": " Harbour Town "}, "city", "Harbour Town"),
        ({"country": "fi"}, "country", "FI"),
        ({"country": "Finland"}, "country", "FI"),
        ({"country": "UK"}, "country", "GB"),
        ({"country": "XX"}, "country", None),
        ({"country": "UK", "phone": "020 7946 0018"}, "phone", "+442079460018"),
        ({"country": "Finland", "phone": "09 1234567"}, "phone", "+35891234567"),
        ({"country": "SE", "phone": "09 1234567"}, "phone", "+4691234567"),
        ({"website": "anchor.example.com"}, "domain", "example.com"),
        ({"website": "https://facebook.com/anchor"}, "domain", None),
        ({"website": None}, "domain", None),
        ({"opening_hours": "Mo-Fr 09:00-17:00;\n Sa off"}, "opening_hours", "Mo-Fr 09:00-17:00; Sa off"),
        ({"brand": ""}, "brand", None),
    ],
)
def test_it_reads_each_field(values: dict[str, object], field: str, value: str | None) -> None:
    assert read(place(**values), "FI").value(field) == value


def test_the_origin_leads_back_to_the_map_only_for_map_records() -> None:
    on_map = read(place("way/7", observed_on=date(2026, 1, 2)), None).origin
    assert on_map.url == "https://www.openstreetmap.org/way/7"
    assert on_map.observed_on == date(2026, 1, 2)
    assert on_map.label == "OpenStreetMap"
    own = read(place(source="our list"), None).origin
    assert own.url is None
    assert own.label == "our list"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Café Anchor Oy", ("cafe", "anchor")),
        ("ANCHOR  G.m.b.H.", ("anchor",)),
        ("Anchor's", ("anchors",)),
        ("Oy Ab", ("oy", "ab")),
        ("!!!", ("!!!",)),
        ("錨", ("錨",)),
    ],
)
def test_a_name_is_compared_by_its_words(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


def test_a_text_is_one_line_of_bounded_length() -> None:
    assert text("a\tb") == "a b"
    assert text("\x00") is None
    assert text(None) is None
    assert len(text("x" * 1000) or "") == 300
