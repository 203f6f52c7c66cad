"""What a typed place means in a catalogue, who belongs to it, and what cannot be started."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.catalogue_search import CatalogueSearch, known_locality
from pipeline.campaign import CampaignSpec
from pipeline.errors import SpecError
from pipeline.place import PlaceQuery
from pipeline.words.understanding import match_types
from services import campaigns, places
from services.errors import Invalid
from store.database import Role, transaction
from tests.support.catalogue import fill, row
from tests.support.people import person
from tests.support.servers import Database

_Rows = list[dict[str, object]]


def _town(first: int, city: str, lat: float, lon: float, number: int = 6, **more: object) -> _Rows:
    """Cafés of a town, 55 metres apart."""
    return [row(first + index, city=city, lat=lat + index / 2000, lon=lon, **more) for index in range(number)]


def _named(name: str, lat: float, lon: float, **more: object) -> dict[str, object]:
    return row(int(lat * 1e5 + lon), **{"name": name, "lat": lat, "lon": lon, "city": None, **more})


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> None:
    """Towns that share names, a river between two of them, quarters of one."""
    old, new = {"addr:suburb": "Old Quarter"}, {"addr:suburb": "New Quarter"}
    fill(
        tmp_path,
        *_town(0, "Springfield", 39.80, -89.65, country="US", tags={"addr:state": "IL"}),
        *_town(100, "Springfield", 42.10, -72.59, 9, country="US", tags={"addr:state": "MA"}),
        *_town(200, "Baltimore", 39.29, -76.61, country="US", postcode="21201"),
        _named("Far Crab", 39.40, -76.50, city="Baltimore", country="US"),
        *_town(300, "Northbank", 41.150, -8.610, 8, country="PT", postcode="4000-443"),
        *_town(400, "Southbank", 41.136, -8.610, 8, country="PT", postcode="4400-017"),
        _named("Silent South", 41.1375, -8.6105, country="PT"),
        *_town(500, "Great City", 52.50, 13.40, country="DE", tags=old),
        *_town(600, "Great City", 52.50, 13.401, country="DE", tags=new),
        _named("Silent Quarter", 52.5005, 13.4005, city="Great City", country="DE"),
    )


def _found(typed: str) -> set[str]:
    area = known_locality(typed, None)
    assert area is not None, typed
    query = PlaceQuery(types=match_types(["cafe"]), area=area, limit=5000)
    return {place.name for batch in CatalogueSearch().search(query) for place in batch}


def test_places_are_found_as_people_write_them(filled: None) -> None:
    for typed, label in [
        ("Springfield, IL", "Springfield, Illinois, United States"),
        ("springfield massachusetts", "Springfield, Massachusetts, United States"),
        ("Baltimore, MD", "Baltimore"),
        ("Baltimore Maryland USA", "Baltimore"),
        ("Great City Old Quarter", "Old Quarter"),
        ("Old-Quarter, Great City, Germany", "Old Quarter"),
        ("4000-443 Northbank", "4000-443"),
        ("4400", "4400"),
    ]:
        area = known_locality(typed, None)
        assert area is not None, typed
        assert area.label == label
    assert known_locality("Baltimore, Moldova", None) is None


def test_what_an_address_says_decides_and_the_circle_only_for_the_rest(filled: None) -> None:
    assert _found("Baltimore") == {*(f"Cup {number}" for number in range(200, 206)), "Far Crab"}
    assert _found("Northbank") == {f"Cup {number}" for number in range(300, 308)}
    assert _found("Southbank") == {*(f"Cup {number}" for number in range(400, 408)), "Silent South"}
    assert _found("Old Quarter") == {*(f"Cup {number}" for number in range(500, 506)), "Silent Quarter"}
    assert _found("4400-017") == _found("Southbank")


def test_a_radius_is_a_circle_whatever_addresses_say(filled: None) -> None:
    area = known_locality("Southbank", 3.0)
    assert area is not None
    assert area.named is None


def test_of_several_places_none_is_guessed(filled: None) -> None:
    meaning = places.meaning("Springfield")
    assert not meaning.is_chosen
    assert [(offer.label, offer.country, offer.businesses) for offer in meaning.offers] == [
        ("Springfield, Massachusetts, United States", "US", 9),
        ("Springfield, Illinois, United States", "US", 6),
    ]
    with pytest.raises(SpecError, match="may mean Springfield, Massachusetts"):
        known_locality("Springfield", None)


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (
            "Springfield",
            "may mean Springfield, Massachusetts, United States \\(9 businesses\\) or Springfield,",
        ),
        ("Strand Street", "No place called “Strand Street” is known here. Check"),
        ("Nortbank", "Did you mean Northbank \\(8 businesses\\)\\?"),
        ("Baltimore, Texas", "Did you mean Baltimore \\(7 businesses\\)\\?"),
        ("South", "Did you mean Southbank"),
        ("95, 200", "not on Earth"),
    ],
)
def test_what_is_no_single_place_cannot_be_started(filled: None, location: str, says: str) -> None:
    owner = person("owner")
    with pytest.raises(Invalid, match=says) as refused:
        campaigns.submit(owner, CampaignSpec(business_types=("cafe",), location=location), "a key")
    assert list(refused.value.fields) == ["location"]
    assert campaigns.list_mine(owner).total == 0


def test_a_place_only_a_live_source_may_know_can_be_started_but_not_guessed(filled: None) -> None:
    spec = CampaignSpec(business_types=("cafe",), location="Somewhere", sources=("osm_live",))
    campaigns.check(spec)
    with pytest.raises(Invalid, match="may mean"):
        campaigns.check(spec.model_copy(update={"location": "Springfield"}))


def test_localities_of_an_earlier_version_are_worked_out_again(filled: None) -> None:
    with transaction(Role.IMPORTER) as conn:
        conn.execute(sa.text("update localities set label = null, named = null"))
    assert places.ensure_worked_out()
    assert not places.ensure_worked_out()
    assert "Far Crab" in _found("Baltimore")
