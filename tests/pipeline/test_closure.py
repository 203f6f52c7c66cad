"""Which records say that their business is gone, is yet to open, or may be gone."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.words.closure import doubt, ends_on, is_ahead, is_closed
from pipeline.words.osm_tags import place_from

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ({}, False),
        ({"opening_hours": "closed"}, True),
        ({"opening_hours": "Off"}, True),
        ({"opening_hours": "Mo-Fr 09:00-17:00; Sa off"}, False),
        ({"disused": "yes"}, True),
        ({"disused": "no"}, False),
        ({"abandoned:amenity": "cafe"}, True),
        ({"disused:amenity": "pub"}, False),
        ({"disused:website": "https://example.com"}, False),
        ({"end_date": "2023-07-30"}, True),
        ({"end_date": "2023"}, True),
        ({"end_date": "2031"}, False),
        ({"end_date": "soon"}, False),
        ({"end_date": "2019..2020"}, True),
        ({"end_date": "~2019"}, True),
        ({"end_date": "31.12.2019"}, True),
        ({"end_date": "before 2021"}, True),
        ({"end_date": "after 2019"}, False),
        ({"end_date": "2025..2026"}, False),
        ({"closing_date": "2024-05"}, True),
        ({"opening_hours": "Mo-Su off"}, True),
        ({"opening_hours": 'off "closed for good"'}, True),
        ({"opening_hours": 'closed "permanently"'}, True),
        ({"opening_hours": "Mo-Fr off; Sa-Su off"}, True),
        ({"opening_hours": "Mo-Fr 09:00-17:00; 2020 Mar 01+ off"}, True),
        ({"opening_hours": "Permanently closed"}, True),
        ({"opening_hours": "geschlossen"}, True),
        ({"contact:opening_hours": "off"}, True),
        ({"opening_hours": "PH off"}, False),
        ({"opening_hours": "Nov-Mar off"}, False),
        ({"opening_hours": "Mo-Sa off"}, False),
        ({"opening_hours": 'off "by appointment"'}, False),
        ({"opening_hours": "Mo-Fr 10:00-18:00; 2030 Jan 01+ off"}, False),
        ({"removed:amenity": "cafe"}, True),
        ({"razed:amenity": "yes"}, True),
        ({"was:amenity": "restaurant;cafe"}, True),
        ({"was:amenity": "bank"}, False),
        ({"construction": "yes"}, True),
        ({"construction:amenity": "cafe"}, True),
        ({"construction": "no"}, False),
        ({"historic": "yes"}, False),
        ({"business_status": "CLOSED_PERMANENTLY"}, True),
        ({"operational_status": "Permanently closed"}, True),
        ({"fixme": "closed?"}, False),
    ],
)
def test_records_of_closed_businesses_say_so(tags: dict[str, str], closed: bool) -> None:
    place = place_from("node/1", {"name": "Cup", "amenity": "cafe", **tags}, "amenity=cafe", 0, 0, None)
    assert is_closed(place, TODAY) is closed


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024", date(2024, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2024-13", None), ("0000", None)],
)
def test_the_last_day_is_read_from_part_dates(text: str, day: date | None) -> None:
    assert ends_on({"end_date": text}) == day


@pytest.mark.parametrize(
    ("tags", "ahead"),
    [
        ({"opening_date": "2027-06"}, True),
        ({"opening_date": "2026"}, False),
        ({"opening_date": "2027..2028"}, True),
        ({"opening_date": "2026-01-02"}, True),
        ({"opening_date": "2025-12-31"}, False),
        ({"start_date": "2027"}, True),
        ({"start_date": "1925"}, False),
        ({"opening_date": "soon"}, False),
    ],
)
def test_a_business_that_opens_later_is_not_there_yet(tags: dict[str, str], ahead: bool) -> None:
    place = place_from("node/1", {"name": "Cup", "amenity": "cafe", **tags}, "amenity=cafe", 0, 0, None)
    assert is_ahead(place, TODAY) is ahead


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"fixme": "geschlossen"}, "fixme: “geschlossen”"),
        ({"description": "vacant"}, "description: “vacant”"),
        ({"note:de": "Laden steht leer seit 2020"}, "note:de: “Laden steht leer seit 2020”"),
        ({"FIXME": "Does it still exist?"}, "FIXME: “Does it still exist?”"),
        ({"name": "Cup (closed)"}, "name: “Cup (closed)”"),
        (
            {"note": "Permanently closed, was open on Sundays"},
            "note: “Permanently closed, was open on Sundays”",
        ),
        ({"end_date": "soon"}, "end_date: “soon”"),
        ({"end_date": "after 2019"}, "end_date: “after 2019”"),
        ({"name": "La Ferme"}, None),
        ({"description": "Ferme pédagogique"}, None),
        ({"note": "fermé"}, "note: “fermé”"),
        ({"description": "Closed on Mondays"}, None),
        ({"description": "Sonntags geschlossen"}, None),
        ({"description": "Open air, enclosed garden"}, None),
        ({"opening_hours": "Mo-Fr 09:00-17:00; Sa off"}, None),
        ({"end_date": "2031"}, None),
        ({"fixme": "position"}, None),
    ],
)
def test_what_is_only_said_in_words_is_a_doubt(tags: dict[str, str], said: str | None) -> None:
    place = place_from("node/1", {"name": "Cup", "amenity": "cafe", **tags}, "amenity=cafe", 0, 0, None)
    assert doubt(place) == said
