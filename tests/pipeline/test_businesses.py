from __future__ import annotations

from datetime import date

import pytest

from pipeline.geo.addresses import address_line
from pipeline.lead import Business, street_line
from pipeline.place import Place
from tests.pipeline.memory import METRE, TODAY, from_places, full_place, place

FIELDS = (
    "address", "city", "postcode", "country", "phone", "website", "domain", "email", "opening_hours", "brand"
)  # fmt: skip


def one(*places: Place) -> Business:
    (business,) = from_places(places, "FI", TODAY)
    return business


def test_a_complete_record_becomes_a_business() -> None:
    business = one(
        full_place(email="info@example.com", opening_hours="24/7", brand="Anchor", country="FI", lat=60.1)
    )
    assert business.name == "Anchor"
    assert business.address == "Pier Street 5, 00100 Harbour Town"
    assert business.street == "Pier Street 5"
    assert (business.phone, business.domain) == ("+35891234567", "example.com")
    assert (business.lat, business.lon) == (60.1, 25.0)
    assert business.key == "openstreetmap:node/1"
    assert business.empty_reasons == {}


def test_every_field_has_an_origin_or_a_reason_never_both() -> None:
    for business in (one(place()), one(full_place()), one(place("n/1"), full_place("n/2"))):
        named = business.provenance.keys() | business.empty_reasons.keys()
        assert named - business.details.keys() == {"name", "category", *FIELDS}
        assert not business.provenance.keys() & business.empty_reasons.keys()
        for field in FIELDS:
            assert (getattr(business, field) is None) == (field in business.empty_reasons)


def test_an_empty_field_says_that_the_source_lists_nothing() -> None:
    reasons = one(place()).empty_reasons
    assert reasons["phone"] == "OpenStreetMap lists no phone for this business."
    assert reasons["website"] == "OpenStreetMap lists no website for this business."
    assert reasons["domain"] == "OpenStreetMap lists no website for this business."
    assert reasons["address"] == "OpenStreetMap lists no street address for this business."


def test_an_unusable_value_says_so() -> None:
    reasons = one(place(phone="call us!", email="info", website="javascript:x")).empty_reasons
    assert reasons["phone"] == "The listed phone “call us!” is not a valid phone number."
    assert reasons["email"] == "The listed e-mail “info” is not a valid address."
    assert reasons["website"] == "The listed website “javascript:x” is not a web address (http or https)."
    assert reasons["domain"] == reasons["website"]


def test_a_social_page_is_kept_but_is_no_company_domain() -> None:
    business = one(place(website="https://www.facebook.com/anchor"))
    assert business.website == "https://www.facebook.com/anchor"
    assert business.empty_reasons["domain"] == ("The listed website is a Facebook page, not a company site.")


def test_the_richest_record_leads_and_the_others_fill_its_gaps() -> None:
    poor = place("node/1", name="ANCHOR", email="info@example.com", observed_on=date(2020, 1, 1))
    rich = full_place("way/2", lat=60.0 + 30 * METRE)
    for order in ((poor, rich), (rich, poor)):
        business = one(*order)
        assert (business.name, business.key) == ("Anchor", "openstreetmap:way/2")
        assert business.lat == rich.lat
        assert business.email == "info@example.com"
        assert business.provenance["email"].ref == "node/1"
        assert business.provenance["email"].observed_on == date(2020, 1, 1)
        assert business.provenance["phone"].ref == "way/2"
        assert [origin.ref for origin in business.origins] == ["way/2", "node/1"]


def test_a_street_with_its_house_number_beats_one_without() -> None:
    rich = full_place("node/1", housenumber=None)
    exact = place("node/2", street="Pier Street", housenumber="5")
    business = one(rich, exact)
    assert business.address == "Pier Street 5, 00100 Harbour Town"
    assert business.provenance["address"].ref == "node/2"


def test_an_own_site_beats_a_social_page_and_brings_its_domain() -> None:
    rich = full_place("node/1", website="https://facebook.com/anchor")
    own = place("node/2", website="https://anchor.example.com")
    business = one(rich, own)
    assert (business.website, business.domain) == ("https://anchor.example.com/", "example.com")
    assert business.provenance["website"] == business.provenance["domain"]


def test_a_valid_value_beats_the_reason_of_another_record() -> None:
    business = one(place("node/1", phone="call us!"), place("node/2", phone="+358 9 1234567"))
    assert business.phone == "+35891234567"
    assert "phone" not in business.empty_reasons


def test_two_sources_are_both_named_when_neither_lists_a_value() -> None:
    business = one(place("node/1"), place("7", source="our list"))
    assert business.empty_reasons["phone"] == "OpenStreetMap and our list list no phone for this business."


def test_a_record_found_twice_is_one_origin() -> None:
    assert len(one(place(), place()).origins) == 1


def test_closed_and_unnamed_records_are_left_out() -> None:
    assert from_places([place(name=" "), place(tags={"disused": "yes"})], "FI", TODAY) == []


def test_an_address_line_repeats_nothing_and_needs_a_street() -> None:
    assert address_line(None, "00100", "Harbour Town") is None
    assert address_line("Pier Street 5", None, "Harbour Town") == "Pier Street 5, Harbour Town"
    assert address_line("Pier Street 5", None, None) == "Pier Street 5"
    assert address_line("Pier Street 5, 00100 Harbour Town", "00100", "Harbour Town") == (
        "Pier Street 5, 00100 Harbour Town"
    )
    assert street_line("Pier Street 5, Harbour Town", None, "Harbour Town") == "Pier Street 5"
    assert street_line("Pier Street 5", None, None) == "Pier Street 5"
    assert street_line(None, "00100", None) is None


@pytest.mark.parametrize(
    ("country", "parts", "line"),
    [
        ("GB", ("5 Pier Street", "EC1A 1AA", "London"), "5 Pier Street, London EC1A 1AA"),
        ("IM", ("5 Pier Street", "IM1 1AA", "Douglas"), "5 Pier Street, Douglas IM1 1AA"),
        ("JE", ("5 Pier Street", "JE2 3AB", "St Helier"), "5 Pier Street, St Helier JE2 3AB"),
        ("IE", ("5 Pier Street", "A65 F4E2", "Dublin"), "5 Pier Street, Dublin A65 F4E2"),
        ("DE", ("Hafenstr. 5", "10115", "Berlin"), "Hafenstr. 5, 10115 Berlin"),
        ("FR", ("5 rue du Port", "75001", "Paris"), "5 rue du Port, 75001 Paris"),
        ("SG", ("5 Pier Road", "238000", "Singapore"), "5 Pier Road, Singapore 238000"),
        ("AE", ("5 Pier Road", None, "Dubai"), "5 Pier Road, Dubai"),
        (None, ("Pier Street 5", "00100", "Town"), "Pier Street 5, 00100 Town"),
        ("XX", ("Pier Street 5", "00100", "Town"), "Pier Street 5, 00100 Town"),
    ],
)
def test_an_address_has_the_form_of_its_country(
    country: str | None, parts: tuple[str, str | None, str], line: str
) -> None:
    street, postcode, city = parts
    assert address_line(street, postcode, city, country=country) == line


@pytest.mark.parametrize(
    ("country", "state", "line"),
    [
        ("US", "MD", "5 Pier Street, Town, MD 21202"),
        ("AU", "NSW", "5 Pier Street, Town NSW 21202"),
        ("US", None, "5 Pier Street, Town, 21202"),
        ("FI", "Uusimaa", "5 Pier Street, 21202 Town"),
    ],
)
def test_a_state_stands_where_its_country_has_it(country: str, state: str | None, line: str) -> None:
    assert address_line("5 Pier Street", "21202", "Town", state=state, country=country) == line


def test_the_address_says_state_house_unit_and_floor() -> None:
    tags = {"addr:state": "MD", "addr:housename": "Harbour House", "addr:unit": "4", "addr:floor": "2"}
    business = one(full_place(country="US", postcode="21202", tags=tags))
    assert business.address == "Harbour House, unit 4, floor 2, 5 Pier Street, Harbour Town, MD 21202"
    assert business.street == "Harbour House, unit 4, floor 2, 5 Pier Street"
    assert business.details["state"] == "MD"
    behind = one(full_place(tags={"addr:floor": "3rd floor", "addr:housename": "5"}))
    assert behind.address == "Pier Street 5, 3rd floor, 00100 Harbour Town"
    assert one(place(tags={"addr:housename": "Harbour House"}, city="Town")).address == "Harbour House, Town"


def test_the_first_valid_value_counts_and_the_others_are_kept() -> None:
    business = one(
        place(
            phone="call us",
            email="nobody; Info@Example.com; boss@example.com",
            website="https://www.facebook.com/anchor",
            opening_hours="from nine to five",
            tags={
                "contact:mobile": "+358 40 1234567",
                "contact:phone": "09 1234567; 09 7654321",
                "url": "https://anchor.example.com/",
                "website:2": "http://www.anchor.example.com",
                "contact:website": "https://example.com/menu",
                "contact:instagram": "@anchor.cafe",
                "contact:opening_hours": "Mo-Fr 09:00-17:00",
                "postal_code": "00100",
                "addr:town": "Harbour Town",
            },
        )
    )
    assert (business.phone, business.website) == ("+35891234567", "https://anchor.example.com/")
    assert (business.email, business.opening_hours) == ("info@example.com", "Mo-Fr 09:00-17:00")
    assert (business.postcode, business.city) == ("00100", "Harbour Town")
    assert business.details == {
        "other_phones": "+35897654321; +358401234567",
        "other_emails": "boss@example.com",
        "other_websites": "https://example.com/menu",
        "region": "FI",
        "profiles": "https://www.facebook.com/anchor; https://www.instagram.com/anchor.cafe",
    }


def test_other_values_of_a_second_record_are_kept_with_their_origin() -> None:
    business = one(full_place(), full_place("node/2", phone="09 7654321", source="our list"))
    assert business.phone == "+35891234567"
    assert business.details["other_phones"] == "+35897654321"
    assert business.provenance["other_phones"].source == "our list"


def test_a_postcode_that_lost_its_zeros_is_none() -> None:
    business = one(full_place(postcode="170"))
    assert business.postcode is None
    assert business.empty_reasons["postcode"].startswith("The listed postcode “170” is none of Finland")
