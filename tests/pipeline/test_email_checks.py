"""Whose an address is, and which domains are worth asking for."""

from __future__ import annotations

import pytest

from pipeline.contact.email_checks import FreeChecks, is_own_address
from pipeline.contact.likeness import is_alike, own_folder
from pipeline.lead import Business
from tests.pipeline.memory import TODAY, from_places, full_place
from tests.support.calls import ListSuppressions


def business(website: str, name: str = "Anchor Shoes") -> Business:
    (one,) = from_places([full_place(name=name, website=website)], "FI", TODAY)
    return one


@pytest.mark.parametrize(
    ("website", "email", "own"),
    [
        ("https://anchor.adv.br/", "info@anchor.adv.br", True),
        ("https://anchor.adv.br/", "partner@stranger.adv.br", False),
        ("https://anchor.odoo.com/", "info@stranger.odoo.com", False),
        ("https://anchor.odoo.com/", "info@odoo.com", False),
        ("https://anchor.wordpress.com/", "press@wordpress.com", False),
        ("https://www.anchor.co.uk/", "info@mail.anchor.co.uk", True),
    ],
)
def test_a_strangers_address_below_the_same_ending_is_not_the_companys(
    website: str, email: str, own: bool
) -> None:
    assert is_own_address(email, business(website)) is own


@pytest.mark.parametrize(
    ("name", "website", "folder"),
    [
        ("Anchor Shoes", "https://mall.test/shops/anchor-shoes", "/shops/anchor-shoes"),
        ("Anchor Shoes", "https://mall.test/anchor/index.html", "/anchor"),
        ("Anchor Shoes", "https://mall.test/en/harbour/unit-7.html", "/en/harbour/unit-7"),
        ("Anchor Shoes", "https://mall.test/", None),
        ("Anchor Shoes", "https://lantern.test/en/", None),
        ("Anchor Shoes", "https://lantern.test/contact", None),
        ("Anchor Shoes", "https://www.anchor.test/shops/harbour", None),
        ("Zur Möwe", "https://moewe.test/stadt/hafen", None),
        ("Möwe", "https://xn--mwe-sna.test/stadt/hafen", None),
        ("Salt and Pepper Shop", "https://saps.test/stores/harbour", None),
        ("Ταβέρνα", "https://mall.test/shops/taverna", None),
    ],
)
def test_a_page_on_somebody_elses_site_is_known_by_its_address(
    name: str, website: str, folder: str | None
) -> None:
    assert own_folder(business(website, name)) == folder


def test_nobody_is_asked_for_the_domain_of_a_site_that_others_share() -> None:
    checks = FreeChecks(ListSuppressions(), lambda _: None)
    assert checks.domain(business("https://anchor.test/shops/7")) is None
    why = checks.domain(business("https://mall.test/shops/anchor-shoes"))
    assert why == "It has but a page on mall.test, which others share."


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("anchor.test", "anchor.example", True),
        ("anchor.test", "anchor-cafe.test", True),
        ("shop.anchor.test", "cafeanchor.test", True),
        ("anchor.test", "lantern.test", False),
        ("studio.test", "webstudio.test", False),
        ("art.test", "smart.test", False),
    ],
)
def test_domains_that_go_by_one_name_are_alike(one: str, other: str, alike: bool) -> None:
    assert is_alike(one, other) is is_alike(other, one) is alike
