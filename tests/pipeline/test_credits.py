"""What is taken away names whom its own rows need named, under which licence, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.discovery.records import read
from pipeline.lead import Origin
from pipeline.licences import in_words, together
from pipeline.output import data_sheet
from pipeline.output.credits import attributions, credits_of, licences
from pipeline.place import Place
from pipeline.words.osm_tags import CREDIT, place_from
from services.data_sheets import Tally
from services.leaving import row_that_leaves
from store.businesses import origin_json
from store.ids import new_id
from store.leads import StoredLead
from store.pieces import origin_of
from tests.support.campaigns import lead

FOURSQUARE = "Overture Maps Foundation, overturemaps.org: © Foursquare Labs, Inc."
ON_MAP = read(place_from("node/1", {"name": "Cup"}, "amenity=cafe", 60.0, 25.0, None), "FI").origin
OVERTURE = read(
    Place(
        source="overture",
        source_ref="08f1",
        name="Cup",
        category="amenity=cafe",
        lat=60.0,
        lon=25.0,
        licence="Apache-2.0",
        attribution=FOURSQUARE,
    ),
    "FI",
).origin


def test_a_record_says_what_its_source_does_not_say_of_all() -> None:
    assert (ON_MAP.licence, ON_MAP.attribution) == (None, None)
    assert (OVERTURE.label, OVERTURE.licence, OVERTURE.attribution) == (
        "Overture Maps", "Apache-2.0", FOURSQUARE,
    )  # fmt: skip
    for origin in (ON_MAP, OVERTURE):
        assert origin_of(origin_json(origin)) == origin
    assert "licence" not in origin_json(ON_MAP)


def test_credits_are_those_of_the_records() -> None:
    both = credits_of([ON_MAP, OVERTURE, ON_MAP])
    assert attributions(both) == f"{CREDIT} · {FOURSQUARE}"
    assert [part.split(",")[0] for part in licences(both).split(" · ")] == [
        "Open Database License (ODbL) 1.0",
        "Apache License 2.0",
    ]
    assert licences(credits_of([Origin(source="google_places", ref="1")])) == ""


def test_a_row_that_leaves_names_its_own_sources_alone() -> None:
    made = lead(1, origins=(OVERTURE,), provenance={"address": OVERTURE})
    row = row_that_leaves(StoredLead(id=new_id(), lead=made), frozenset(), is_simulated=False)
    assert (row.sources, row.attribution) == (("Overture Maps",), FOURSQUARE)
    assert row.licence.startswith("Apache License 2.0")
    tally = Tally(frozenset())
    tally.see(StoredLead(id=new_id(), lead=made))
    assert (tally.attribution, tally.licence) == (row.attribution, row.licence)
    assert tally.granted == (("overture", "Apache-2.0", FOURSQUARE),)


def test_the_data_sheet_has_a_line_for_each_licence_of_a_source() -> None:
    facts = data_sheet.SheetFacts(
        workspace="Ours", exported_by="a@example.com", exported_at=datetime(2026, 11, 24, tzinfo=UTC), campaign="Cafés",
        filtered_by="All leads", rows=2, granted=[("overture", one, FOURSQUARE) for one in ("Apache-2.0", "CC0-1.0")],
        observed=(), withheld=0, withheld_by=(), retained_days={}, leads_days=0, legal_basis="",
    )  # fmt: skip
    sources = [value for title, value in data_sheet.lines(facts) if title == "Source"]
    assert [value.split(";")[1].strip()[:20] for value in sources] == [
        "licence: Apache Lice",
        "licence: CC0 1.0, ht",
    ]
    assert all(f"attribution: {FOURSQUARE}" in value for value in sources)


def test_licences_of_parts_are_named_together_once() -> None:
    assert together(["CC0-1.0", "Apache-2.0", "CC0-1.0"]) == "Apache-2.0 AND CC0-1.0"
    assert in_words("Apache-2.0 AND Own-1.0").endswith("; Own-1.0")
