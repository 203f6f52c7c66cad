"""What a company is known again by."""

from __future__ import annotations

import pytest

from pipeline.company_keys import company_keys, stand_apart
from pipeline.lead import Business
from tests.support.campaigns import business


def shared(a: Business, b: Business) -> int:
    """By how many keys the one finds the other."""
    return len(
        {key.hashed for key in company_keys(a) if key.is_sought} & {key.hashed for key in company_keys(b)},
    )


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 3),
        # The legal form, letter case and accents say nothing.
        ({"name": "CORNER CAFÉ"}, 3),
        ({"name": "Another Cafe"}, 1),
        ({"phone": "+358400000000"}, 2),
        ({"details": {"street": "Main street 5"}}, 2),
        ({"origins": business(2).origins}, 2),
        ({"origins": business(2).origins, "name": "Another Cafe"}, 0),
    ],
)
def test_a_record_a_phone_or_an_address_with_the_name_is_enough(
    change: dict[str, object], count: int
) -> None:
    values = {
        "name": "Corner Cafe Oy",
        "postcode": "00100",
        "city": "Helsinki",
        "phone": "+358401234567",
        "details": {"street": "Main street 4"},
    }
    assert shared(business(1, **values), business(1, **{**values, **change})) == count


def test_a_domain_alone_is_a_key_only_of_what_stands_nowhere() -> None:
    nowhere = business(1, domain="cafe.example.com", lat=None, lon=None)
    assert shared(nowhere, business(2, domain="cafe.example.com", lat=None, lon=None, name=nowhere.name)) == 1
    assert shared(nowhere, business(2, domain="cafe.example.com", name=nowhere.name)) == 0


def test_only_a_phone_asks_for_nearness() -> None:
    asks = [key.needs_nearness for key in company_keys(business(1, phone="+358401234567"))]
    assert asks == [False, True]
    assert stand_apart(60.17, 24.94, 60.17, 24.95)
    assert not stand_apart(60.17, 24.94, 60.1709, 24.94)
    assert not stand_apart(None, None, 60.17, 24.95)
