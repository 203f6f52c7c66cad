"""What the form may offer, and what an order would find."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.campaign import CampaignSpec
from services import catalogue, planning
from services.errors import Invalid
from services.identity import Person
from tests.support.catalogue import fill, row
from tests.support.servers import Database

_ANYONE = Person(id=uuid4(), email="someone@example.com", is_admin=False, workspace_id=uuid4())


def _estimate(typed: str, location: str, radius_km: float | None = None) -> planning.Estimate:
    spec = CampaignSpec(business_types=(typed,), location=location, radius_km=radius_km)
    return planning.estimate(_ANYONE, spec)


def test_choices_come_from_the_shipped_data_largest_first(database: Database) -> None:
    catalogue.ensure_first_fill()
    choices = planning.category_choices()
    assert (choices[0].label, choices[0].known) == ("Restaurant", 213)
    assert [choice.known for choice in choices] == sorted((choice.known for choice in choices), reverse=True)
    places = planning.location_choices()
    assert places[0] == "Helsinki"
    assert "Kluuvi" in places


def test_every_offered_choice_is_understood_again(database: Database) -> None:
    catalogue.ensure_first_fill()
    for choice in planning.category_choices():
        if choice.known:
            assert _estimate(choice.label, "Helsinki").known > 0, choice.label
    for name in planning.location_choices():
        assert _estimate("cafe", name).area_label == name


def test_an_estimate_counts_what_is_known_in_the_place(database: Database) -> None:
    catalogue.ensure_first_fill()
    found = _estimate("coffee shop", "helsinki, FINLAND")
    assert (found.known, found.area_label) == (85, "Helsinki")
    assert (found.cost_low_micros, found.cost_high_micros) == (0, 0)
    assert 1 <= found.duration_low_s <= found.duration_high_s
    assert 0 < _estimate("coffee shop", "Helsinki", 0.3).known < 85


def test_nothing_is_counted_in_a_place_nobody_knows(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1))
    unknown = _estimate("cafe", "asdfqwer")
    assert (unknown.known, unknown.area_label) == (0, None)
    assert _estimate("☕", "Town").known == 0


def test_coordinates_off_the_globe_are_refused(database: Database) -> None:
    with pytest.raises(Invalid, match="latitude goes from -90 to 90"):
        _estimate("cafe", "91,181")


def test_an_empty_catalogue_offers_all_categories_and_no_place(database: Database) -> None:
    assert planning.location_choices() == ()
    assert len(planning.category_choices()) > 200
