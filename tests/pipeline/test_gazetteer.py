"""Localities worked out from addresses and map points."""

from __future__ import annotations

import random

import pytest

from pipeline.geo.gazetteer import derive
from pipeline.geo.localities import Locality, from_node
from pipeline.geo.location import distance_km, square_number, square_of
from pipeline.geo.meaning import Meaning, meaning
from pipeline.geo.recorded import GridCount
from pipeline.geo.typed import TypedName, parse_location
from pipeline.place import Level, Place


def _count(
    name: str | None, lat: float, lon: float, places: int = 10, level: Level = Level.CITY, **more: str
) -> GridCount:
    return GridCount(level=level, name=name, lat=lat, lon=lon, places=places, **more)


def _node(name: str, kind: str, lat: float, lon: float, **tags: str) -> Locality:
    return from_node(
        Place(
            source="openstreetmap",
            source_ref=f"node/{name}",
            name=name,
            category=f"place={kind}",
            lat=lat,
            lon=lon,
            tags={tag.replace("__", ":"): value for tag, value in tags.items()},
        )
    )


def _meant(found: list[Locality], text: str) -> Meaning:
    typed = parse_location(text)
    assert isinstance(typed, TypedName)
    return meaning(typed, found)


def _named(found: list[Locality], text: str) -> tuple[Locality, str]:
    chosen = _meant(found, text).chosen
    assert chosen is not None
    return chosen, chosen.label


def test_places_without_a_city_count_where_they_lie() -> None:
    found = derive([_count("Porto", 41.15, -8.61, 5), _count(None, 41.155, -8.61, 20)], [])
    porto, label = _named(found, "porto")
    assert (label, porto.places) == ("Porto", 25)


@pytest.mark.parametrize(("lat", "lon"), [(0.003, -0.004), (-33.87, 151.21), (59.99, 24.94), (69.65, -18.96)])
def test_a_circle_holds_exactly_what_lies_in_it(lat: float, lon: float) -> None:
    draw = random.Random(1)  # noqa: S311 - a sample, no secret
    at = [(lat + draw.gauss(0, 0.05), lon + draw.gauss(0, 0.1)) for _ in range(500)]
    (town,) = derive([_count(None, *point, places=1) for point in at], [_node("Town", "town", lat, lon)])
    inside = [point for point in at if distance_km(lat, lon, *point) <= town.radius_km]
    assert town.places == len(inside)
    assert 0 < len(inside) < len(at)


def test_spellings_of_one_city_are_one_locality() -> None:
    found = derive([_count("Porto", 41.15, -8.61, 9), _count("PORTO", 41.16, -8.61, 1)], [])
    assert [item.name for item in found] == ["Porto"]


def test_an_address_far_from_the_others_does_not_stretch_a_town() -> None:
    counts = [_count("Encamp", 42.535, 1.58, 8), _count("Encamp", 42.54, 1.73, 1)]
    (encamp,) = derive(counts, [])
    assert encamp.radius_km < 3


def test_house_numbers_and_whole_addresses_are_no_towns() -> None:
    found = derive([_count("7", 60, 24), _count("50 Leather Lane, London", 51.5, 0)], [])
    assert found == []
    (farringdon,) = derive([_count("Farringdon, London", 51.5, 0)], [])
    assert farringdon.name == "Farringdon"


def test_a_map_point_lends_its_names_to_the_addresses_around() -> None:
    node = _node("Helsinki", "city", 60.167, 24.943, name__sv="Helsingfors", alt_name="Hesa;Stadi")
    (found,) = derive([_count("Helsinki", 60.17, 24.94, 100, country="FI")], [node])
    assert (found.ref, found.kind, found.country) == ("node/Helsinki", "city", "FI")
    for name in ("Helsingfors", "hesa", "STADI", "Helsinki, Finland"):
        assert _meant([found], name).chosen is not None


def test_well_known_cities_are_found_by_their_english_name() -> None:
    found = derive([_count("München", 48.14, 11.58)], [])
    for name in ("Munich", "munchen", "Muenchen", "MÜNCHEN"):
        assert _named(found, name)[1] == "München"


def test_a_quarter_ends_before_its_neighbour() -> None:
    quarters = [_node("North", "suburb", 60.18, 24.94), _node("South", "suburb", 60.17, 24.94)]
    north, _ = _named(derive([], quarters), "north")
    assert 0.5 <= north.radius_km < 1.0


SPRINGFIELDS = [
    _count("Springfield", 39.78, -89.65, 50, country="US", region="IL"),
    _count("Springfield", 42.10, -72.59, 90, country="US", region="Massachusetts"),
]


def test_of_several_of_one_name_none_is_guessed_and_each_can_be_named() -> None:
    found = derive(SPRINGFIELDS, [])
    meant = _meant(found, "Springfield")
    assert meant.chosen is None
    assert [(item.label, item.places) for item in meant.candidates] == [
        ("Springfield, Massachusetts, United States", 90),
        ("Springfield, Illinois, United States", 50),
    ]
    for item in meant.candidates:
        assert _meant(found, item.label).chosen == item


def test_what_follows_the_comma_has_to_fit() -> None:
    found = derive([_count("Helsinki", 60.17, 24.94, 9, country="FI")], [])
    assert _named(found, "Helsinki, FI")
    for wrong in ("Helsinki, Sweden", "Helsinki, Texas", "Helsinki Sweden"):
        assert _meant(found, wrong).chosen is None
        assert [item.label for item in _meant(found, wrong).candidates] == ["Helsinki"]


def test_a_quarter_may_be_named_with_its_city() -> None:
    found = derive([_count("Helsinki", 60.17, 24.94, 9)], [_node("Kluuvi", "suburb", 60.171, 24.947)])
    assert _named(found, "Kluuvi, Helsinki")[0].name == "Kluuvi"


def test_a_country_is_offered_once_several_of_its_towns_are_known() -> None:
    towns = [_count(name, 42.4 + step / 20, 1.5, 9, country="AD") for step, name in enumerate("ABCDE")]
    andorra, _ = _named(derive(towns, []), "Andorra")
    assert (andorra.kind, andorra.places) == ("country", 45)
    assert _meant(derive(towns[:4], []), "Andorra").chosen is None


def test_a_neighbourhood_inside_a_suburb_does_not_cut_it() -> None:
    nodes = [_node("Wedding", "suburb", 52.55, 13.36), _node("Kiez", "neighbourhood", 52.549, 13.361)]
    found = {item.name: item for item in derive([], nodes)}
    assert (found["Wedding"].radius_km, found["Kiez"].radius_km) == (1.5, 0.7)


def test_squares_where_most_name_another_town_are_left_to_it() -> None:
    here, there = (41.145, -8.615), (41.135, -8.605)
    counts = [
        _count("Porto", *here, 40),
        _count("Vila Nova de Gaia", *here, 2),
        _count("Vila Nova de Gaia", *there, 30),
        _count(None, *here, 5),
        _count(None, *there, 7),
    ]
    found = {item.name: item for item in derive(counts, [])}
    assert found["Vila Nova de Gaia"].ceded == (square_number(square_of(*here)),)
    assert (found["Porto"].places, found["Vila Nova de Gaia"].places) == (45, 39)


def test_later_parts_of_an_address_lend_it_to_a_city() -> None:
    found = {
        item.name: item
        for item in derive([_count("London", 51.5, 0, 9), _count("Farringdon, London", 51.51, 0, 1)], [])
    }
    assert found["London"].spellings == ("Farringdon, London", "London")
    assert found["Farringdon"].spellings == ("Farringdon, London",)
