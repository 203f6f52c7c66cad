"""Which businesses belong to a chain: by what their records say, and by the names chains go by in their country."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from data.build_chains import build
from pipeline.chains.belonging import chain_of
from pipeline.chains.brands import FILE, by_name
from pipeline.run import run
from tests.pipeline.memory import (
    TODAY,
    ListMemory,
    ListSearch,
    cafes,
    from_places,
    full_place,
    place,
    ports,
    spec,
)

FAST = {"category": "amenity=fast_food"}


@pytest.mark.parametrize(
    ("values", "chain"),
    [
        ({"name": "Hesburger", **FAST}, "Hesburger"),
        ({"name": "HESBURGER  Kamppi", **FAST, "city": "Kamppi"}, "Hesburger"),
        ({"name": "McDonald’s Central Station", **FAST}, "McDonald's"),
        ({"name": "K-Market Kasarmitori", "category": "shop=convenience"}, "K-Market"),
        # A chain's name over another kind of business is another business.
        ({"name": "Hesburger", "category": "shop=optician"}, None),
        # Words for what is sold are no name of a chain.
        ({"name": "The Coffee Room"}, None),
        ({"name": "Anchor"}, None),
        ({"name": "Anchor", "brand": "Harbour Cafés"}, "Harbour Cafés"),
        ({"name": "Anchor", "tags": {"brand:wikidata": "Q1276832"}}, "Hesburger"),
        ({"name": "Anchor", "tags": {"brand:wikidata": "Q0"}}, None),
        ({"name": "Anchor", "brand": "independent"}, None),
        ({"name": "Anchor", "brand": "Coffee & Co; Tea & Co"}, None),
        # A dealer's makes are what it sells.
        ({"name": "Harbour Motors", "category": "shop=car", "brand": "Toyota"}, None),
        ({"name": "Harbour Toyota", "category": "shop=car", "brand": "Toyota"}, "Toyota"),
    ],
)
def test_the_chain_of_a_place(values: dict[str, object], chain: str | None) -> None:
    assert chain_of(place(**values), "FI") == chain


def test_a_chain_is_known_where_it_is() -> None:
    alepa = place(name="Alepa", category="shop=supermarket")
    assert (chain_of(alepa, "FI"), chain_of(alepa, "PT"), chain_of(alepa, None)) == ("Alepa", None, None)
    assert "hesburger" in by_name(None)
    assert "hesburger" not in by_name("PL")


def test_a_business_belongs_to_a_chain_when_one_of_its_records_says_so() -> None:
    (business,) = from_places(
        [full_place("node/1"), full_place("7", source="our list", brand="Anchors")], "FI", TODAY
    )
    assert business.chain == "Anchors"
    assert business.provenance["chain"].source == "our list"


def test_an_order_for_independents_leaves_chains_out_and_says_so() -> None:
    chained = full_place("n/1", name="Hesburger", lat=60.01)
    memory = ListMemory()
    outcome = run(spec(independents_only=True), ports(ListSearch([*cafes(2), chained]), memory=memory))
    assert [lead.business.name for lead in memory.stored.values()] == ["Anchor 0000", "Anchor 0001"]
    assert outcome.notice == (
        "Only 2 of 3 businesses found are independent. Let chains in or search a larger place."
    )
    nobody = run(spec(independents_only=True, min_confidence=10), ports(ListSearch([chained])))
    assert nobody.notice == (
        "Found 1 business, none that is independent and comes to a confidence of 10. Let chains in, lower the minimum"
        " or search a larger place."
    )
    assert run(spec(), ports(ListSearch([*cafes(2), chained]))).leads == 3


def test_the_list_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    item = {
        "displayName": "Anchor",
        "locationSet": {"include": ["fi", "us-ca.geojson", "fx"], "exclude": ["pl", "xy.geojson"]},
        "matchNames": ["anchor café"],
        "tags": {"brand": "Anchor", "brand:wikidata": "Q1", "name": "Anchor", "cuisine": "x"},
    }
    world = {"displayName": "Mast", "locationSet": {"include": ["001", "150"]}, "tags": {"brand": "Mast"}}
    folder = tmp_path / "dist/json"
    folder.mkdir(parents=True)
    index = {"brands/amenity/cafe": {"items": [item, world]}, "operators/amenity/bank": {"items": [item]}}
    (folder / "nsi.min.json").write_text(json.dumps({"nsi": index}))
    (folder / "matchGroups.min.json").write_text(
        json.dumps({"matchGroups": {"food": ["amenity/cafe", "shop/tea"]}})
    )
    assert gzip.decompress(build(tmp_path)).decode().splitlines() == [
        "@food\tamenity=cafe;shop=tea",
        "@grocery\tshop=convenience;shop=grocery;shop=supermarket",
        "*\tMast\t\tamenity=cafe;@food\tmast",
        "fi;fr;us;-pl\tAnchor\tQ1\tamenity=cafe;@food\tanchor;anchor cafe",
    ]
    assert build(tmp_path) == build(tmp_path)


def test_the_list_is_small_enough_to_ship() -> None:
    assert FILE.stat().st_size < 500_000
    assert (FILE.parent / "LICENSE-name-suggestion-index.md").read_text().startswith("## BSD 3-Clause")
