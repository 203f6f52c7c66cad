"""Localities worked out from addresses and map points, and the choice among them."""

from __future__ import annotations

from pipeline.geo.gazetteer import GridCount, derive
from pipeline.geo.localities import Locality, choose, from_node
from pipeline.geo.location import PlaceName, parse_location
from pipeline.place import Place


def _count(city: str | None, lat: float, lon: float, places: int = 10, **more: str) -> GridCount:
    return GridCount(
        city=city,
        country=more.get("country"),
        region=more.get("region"),
        lat=lat,
        lon=lon,
        places=places,
    )


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


def _wanted(typed: str) -> PlaceName:
    place = parse_location(typed)
    assert isinstance(place, PlaceName)
    return place


def _named(found: list[Locality], typed: str) -> tuple[Locality, str]:
    chosen = choose(found, _wanted(typed))
    assert chosen is not None
    return chosen


def test_places_without_a_city_count_where_they_lie() -> None:
    found = derive([_count("Porto", 41.15, -8.61, 5), _count(None, 41.155, -8.61, 20)], [])
    porto, label = _named(found, "porto")
    assert (label, porto.places) == ("Porto", 25)


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
        assert choose([found], _wanted(name)) is not None


def test_well_known_cities_are_found_by_their_english_name() -> None:
    found = derive([_count("München", 48.14, 11.58)], [])
    for name in ("Munich", "munchen", "Muenchen", "MÜNCHEN"):
        assert _named(found, name)[1] == "München"


def test_a_quarter_ends_before_its_neighbour() -> None:
    quarters = [_node("North", "suburb", 60.18, 24.94), _node("South", "suburb", 60.17, 24.94)]
    north, _ = _named(derive([], quarters), "north")
    assert 0.5 <= north.radius_km < 1.0


def test_the_largest_of_one_name_wins_and_says_where_it_is() -> None:
    found = derive(
        [
            _count("Springfield", 39.78, -89.65, 50, country="US", region="Illinois"),
            _count("Springfield", 42.10, -72.59, 90, country="US", region="Massachusetts"),
        ],
        [],
    )
    assert _named(found, "Springfield")[1] == "Springfield, Massachusetts, United States"
    assert _named(found, "Springfield, Illinois")[1] == "Springfield, Illinois, United States"


def test_what_follows_the_comma_has_to_fit() -> None:
    found = derive([_count("Helsinki", 60.17, 24.94, 9, country="FI")], [])
    assert _named(found, "Helsinki, FI")
    assert choose(found, _wanted("Helsinki, Sweden")) is None
    assert choose(found, _wanted("Helsinki, Texas")) is None


def test_a_quarter_may_be_named_with_its_city() -> None:
    found = derive([_count("Helsinki", 60.17, 24.94, 9)], [_node("Kluuvi", "suburb", 60.171, 24.947)])
    assert _named(found, "Kluuvi, Helsinki")[0].name == "Kluuvi"


def test_a_country_is_offered_once_several_of_its_towns_are_known() -> None:
    towns = [_count(name, 42.4 + step / 20, 1.5, 9, country="AD") for step, name in enumerate("ABCDE")]
    andorra, _ = _named(derive(towns, []), "Andorra")
    assert (andorra.kind, andorra.places) == ("country", 45)
    assert choose(derive(towns[:4], []), _wanted("Andorra")) is None
