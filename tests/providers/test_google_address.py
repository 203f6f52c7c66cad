"""Addresses of Google places, country by country and with parts missing."""

from __future__ import annotations

import pytest

from pipeline.discovery.records import read
from pipeline.providers.google.address import Address, Component, address_of
from tests.pipeline.memory import place


def part(kinds: str, long: str, short: str = "") -> Component:
    return Component(longText=long, shortText=short or long, types=kinds.split())


GB, US, FI, JP = (
    part("country political", name, code)
    for name, code in (("United Kingdom", "GB"), ("United States", "US"), ("Finland", "FI"), ("Japan", "JP"))
)
LONDON = [part("postal_town", "London"), part("postal_code", "SE1 9SG"), GB]


def line(address: Address) -> str | None:
    """The street line as a lead shows it."""
    given = place(street=address.street, housenumber=address.housenumber, country=address.country)
    return read(given, None).value("address")


@pytest.mark.parametrize(
    ("parts", "written", "shown", "city", "postcode"),
    [
        pytest.param(
            [part("street_number", "32"), part("route", "London Bridge Street", "London Bridge St"), *LONDON],
            "32 London Bridge St, London SE1 9SG, UK",
            "32 London Bridge Street",
            "London",
            "SE1 9SG",
            id="all parts",
        ),
        pytest.param(
            [part("premise", "The Shard"), *LONDON],
            "The Shard, 32 London Bridge St, London SE1 9SG, UK",
            "32 London Bridge St",
            "London",
            "SE1 9SG",
            id="a premise without a route",
        ),
        pytest.param(
            [part("subpremise", "Unit 5"), part("premise", "The Shard"), *LONDON],
            "Unit 5, The Shard, 32 London Bridge St, Level 3, London SE1 9SG, UK",
            "32 London Bridge St",
            "London",
            "SE1 9SG",
            id="a subpremise and a floor",
        ),
        pytest.param(
            [part("premise", "Rose Cottage"), *LONDON],
            "Rose Cottage, London SE1 9SG, UK",
            "Rose Cottage",
            "London",
            "SE1 9SG",
            id="a house that has only a name",
        ),
        pytest.param(
            [part("premise", "Lantern House"), part("locality", "Helsinki"), part("postal_code", "00100"), FI],
            "Lantern House, Harbour street 7 B, 00100 Helsinki, Finland",
            "Harbour street 7 B",
            "Helsinki",
            "00100",
            id="the number behind the street",
        ),
        pytest.param(
            [part("locality", "Madrid"), part("postal_code", "28013"), part("country", "Spain", "ES")],
            "Calle Mayor, 5, 28013 Madrid, Spain",
            "Calle Mayor 5",
            "Madrid",
            "28013",
            id="the number behind a comma",
        ),
        pytest.param(
            [
                part("street_number", "12"),
                part("locality", "Village"),
                part("postal_code", "51000"),
                part("country", "Croatia", "HR"),
            ],
            "12, 51000, Village, Croatia",
            None,
            "Village",
            "51000",
            id="a number without a street",
        ),
        pytest.param(
            [
                part("premise", "12"),
                part("sublocality_level_4 sublocality political", "2-chōme"),
                part("sublocality_level_2 sublocality political", "Shibuya"),
                part("locality political", "Shibuya City"),
                part("administrative_area_level_1 political", "Tokyo"),
                part("postal_code", "150-6101"),
                JP,
            ],
            "2-chōme-24-12 Shibuya, Shibuya City, Tokyo 150-6101, Japan",
            "2-chōme-24-12 Shibuya",
            "Shibuya City",
            "150-6101",
            id="Japan, where streets have no names",
        ),
        pytest.param(
            [
                part("administrative_area_level_1", "東京都"),
                part("locality", "渋谷区"),
                part("postal_code", "150-6101"),
                JP,
            ],
            "日本、〒150-6101 東京都渋谷区渋谷２丁目２４−１２",
            "東京都渋谷区渋谷２丁目２４−１２",
            "渋谷区",
            "150-6101",
            id="Japan in Japanese",
        ),
        pytest.param(
            [part("plus_code", "GCG2+3R"), part("locality", "Helsinki"), FI],
            "GCG2+3R Helsinki, Finland",
            None,
            "Helsinki",
            None,
            id="a plus code is no street",
        ),
        pytest.param([part("locality", "Helsinki"), FI], "Helsinki, Finland", None, "Helsinki", None, id="a city"),
        pytest.param(
            [
                part("street_number", "10"),
                part("route", "Bedford Avenue"),
                part("sublocality_level_1 sublocality", "Brooklyn"),
                part("administrative_area_level_2", "Kings County"),
                part("administrative_area_level_1", "New York", "NY"),
                part("postal_code", "11211"),
                US,
            ],
            "10 Bedford Ave, Brooklyn, NY 11211, USA",
            "10 Bedford Avenue",
            "Brooklyn",
            "11211",
            id="a part of a city that is not named",
        ),
        pytest.param(
            [
                part("route", "Drottningholmsvägen"),
                part("street_number", "5"),
                part("locality", "Stockholm"),
                part("postal_town", "Bromma"),
                part("country", "Sweden", "SE"),
            ],
            "Drottningholmsvägen 5, 168 67 Bromma, Sweden",
            "Drottningholmsvägen 5",
            "Bromma",
            None,
            id="a post town",
        ),
        pytest.param(
            [
                part("sublocality_level_1 sublocality", "Sector 18"),
                part("locality", "Noida"),
                part("country", "India", "IN"),
            ],
            "Sector 18, Noida, India",
            "Sector 18",
            "Noida",
            None,
            id="a quarter where there is no street",
        ),
        pytest.param([], "367 Pitt St, Sydney NSW 2000, Australia", "367 Pitt St", None, None, id="no parts"),
        pytest.param([], "Sydney, Australia", None, None, None, id="no parts and no number"),
        pytest.param([*LONDON], None, None, "London", "SE1 9SG", id="nothing written"),
        pytest.param([part("premise", " "), part("route", ""), FI], "", None, None, None, id="empty parts"),
    ],
)  # fmt: skip
def test_an_address_is_what_its_country_writes(
    parts: list[Component], written: str | None, shown: str | None, city: str | None, postcode: str | None
) -> None:
    address = address_of(parts, written)
    assert (line(address), address.city, address.postcode) == (shown, city, postcode)


def test_a_street_read_from_the_written_address_compares_like_one_from_parts() -> None:
    written = address_of(
        [part("premise", "The Shard"), *LONDON], "The Shard, 32 London Bridge St, London, UK"
    )
    assert (written.street, written.housenumber) == ("London Bridge St", "32")
    behind = address_of([FI], "Harbour street 7, Finland")
    assert (behind.street, behind.housenumber) == ("Harbour street", "7")
