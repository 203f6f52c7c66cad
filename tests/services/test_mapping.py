"""Leads on a map: where they lie, in clusters that add up, and what a campaign searched."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from pipeline.geo.box import Box, read, written
from services import book, book_work, mapping
from services.errors import NotFound
from services.identity import Person
from services.mapping import Cluster, ColourBy, Found, View
from services.results import LeadFilter, LeadSort
from store import lead_map
from store.book_search import MOST_COUNTED
from store.database import Role, transaction
from store.ids import new_id
from tests.support.campaigns import TODAY, finished, lead
from tests.support.people import person
from tests.support.servers import Database, change

ALL = LeadFilter()
CITY = View(box=Box(24.5, 60.0, 25.5, 60.5), zoom=13)
CLOSE = View(box=Box(24.9, 60.16, 25.0, 60.2), zoom=19)
WORLD = View(box=Box(-180, -85, 180, 85), zoom=0)


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def campaign(owner: Person) -> UUID:
    """A hundred along a street, one at its own place far away, and one nobody knows the place of."""
    street = [lead(number, reach=number % 101) for number in range(100)]
    return finished(owner, [*street, lead(200, lat=-33.9, lon=151.2), lead(201, lat=None, lon=None)])


def counted(clusters: tuple[Cluster, ...]) -> int:
    return sum(cluster.count for cluster in clusters)


def test_the_map_holds_every_lead_that_has_a_place(owner: Person, campaign: UUID) -> None:
    extent = mapping.extent(owner, campaign, ALL, TODAY)
    assert (extent.drawn, extent.hidden, extent.unplaced, extent.is_cut) == (101, 0, 1, False)
    assert extent.box == Box(24.94, -33.9, 151.2, 60.1799)
    nobody = mapping.extent(owner, campaign, LeadFilter(text="nothing like it"), TODAY)
    assert (nobody.box, nobody.drawn) == (None, 0)


@pytest.mark.parametrize("colour", ColourBy)
@pytest.mark.parametrize(("view", "count"), [(WORLD, 101), (CITY, 100), (CLOSE, 100)])
def test_clusters_add_up_at_every_zoom(
    owner: Person, campaign: UUID, view: View, count: int, colour: ColourBy
) -> None:
    found = mapping.clusters(owner, campaign, ALL, TODAY, view, colour)
    assert counted(found) == count
    for each in found:
        assert each.box.south <= each.lat <= each.box.north
        assert (each.lead_id is not None) == (each.count == 1) == bool(each.name)
    if view is CLOSE:
        assert {each.name for each in found} == {f"Cafe {number:03}" for number in range(100)}
    else:
        assert len(found) < count / 2


def test_kinds_say_how_many_are_low_middle_high_or_not_rated(owner: Person) -> None:
    leads = [lead(number, reach=reach) for number, reach in enumerate((0, 39, 40, 69, 70, 100, None))]
    campaign = finished(owner, leads)
    (found,) = mapping.clusters(owner, campaign, ALL, TODAY, WORLD, ColourBy.REACH)
    assert found.kinds == (2, 2, 2, 1)


def test_of_the_book_a_single_one_names_its_company_and_its_status(owner: Person) -> None:
    finished(owner, [lead(1), lead(2)])
    everything = LeadFilter()
    one, other = mapping.clusters(owner, None, everything, TODAY, CLOSE, ColourBy.STATUS)
    assert one.lead_id is not None
    assert other.lead_id is not None
    book_work.change(owner, [one.lead_id], book_work.Change(status="won"))
    kinds = {
        each.name: each.kinds
        for each in mapping.clusters(owner, None, everything, TODAY, CLOSE, ColourBy.STATUS)
    }
    assert kinds == {one.name: (0, 0, 0, 1, 0), other.name: (1, 0, 0, 0, 0)}
    won = LeadFilter(team_status="won")
    assert mapping.extent(owner, None, won, TODAY).drawn == 1
    south = LeadFilter(box=Box(24, 60, 25, 60.17015))
    assert [each.name for each in mapping.clusters(owner, None, south, TODAY, CLOSE, ColourBy.REACH)] == [
        "Cafe 001"
    ]


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize(
    "asked",
    [
        {"text": "cafe 01"},
        {"text": "cafe", "min_reach": 50},
        {"tag": "vip"},
        {"is_exported": False},
        {"has_email": False},
        {},
    ],
)
def test_few_and_many_of_the_book_are_the_same_on_the_map(owner: Person, asked: dict[str, object]) -> None:
    """Few are looked up, many met in view; 3 are many here."""
    chosen = book.companies(owner, LeadFilter(text="cafe 05"), LeadSort.NAME, TODAY, 0).rows
    book_work.change(owner, [each.company_id for each in chosen], book_work.Change(adds=("vip",)))
    where = LeadFilter.model_validate(asked).where(TODAY)
    with transaction(Role.WEB, proof=owner.proof) as conn:
        few, many = (
            (
                lead_map.extent(conn, lead_map.of_book(owner.workspace_id, where, most), ()),
                {
                    (each.column, each.row, each.kinds, each.name)
                    for each in lead_map.squares(
                        conn,
                        lead_map.of_book(owner.workspace_id, where, most),
                        (),
                        CITY.box,
                        CITY.zoom,
                        ColourBy.REACH,
                    )
                },
            )
            for most in (MOST_COUNTED, 3)
        )
    assert few == many
    assert len(few[1]) > 0


def test_a_stranger_sees_no_cluster(owner: Person, campaign: UUID) -> None:
    stranger = person("stranger")
    assert mapping.clusters(stranger, campaign, ALL, TODAY, WORLD, ColourBy.REACH) == ()
    assert mapping.clusters(stranger, None, ALL, TODAY, WORLD, ColourBy.REACH) == ()
    with pytest.raises(NotFound):
        mapping.coverage(stranger, campaign)


def test_what_was_searched_is_read_from_what_was_asked(
    owner: Person, campaign: UUID, database: Database
) -> None:
    def asked(low: float, page: int, places: int | None, state: str = "done", text: str = "cafe") -> None:
        arguments = {
            "text": text,
            "page": page,
            "rectangle": {
                "low": {"latitude": low, "longitude": 24.0},
                "high": {"latitude": 61.0, "longitude": 25.0},
            },
        }
        answer = "null" if places is None else f"""'{json.dumps({"body": {"places": [{}] * places}})}'"""
        change(
            database.superuser_url,
            "insert into provider_calls (workspace_id, key, id, campaign_id, provider, operation, arguments, state,"
            f" price_micros, lease_token, found, response) values ('{owner.workspace_id}', '{new_id().hex}',"
            f" '{new_id()}',"
            f" '{campaign}', 'google_places', 'search', '{json.dumps(arguments)}', '{state}', 0, 0,"
            f" {bool(places) or places is None}, {answer})",
        )

    assert mapping.coverage(owner, campaign) == ()
    for page in range(3):
        asked(60.0, page, 20)
    asked(60.0, 0, 3, text="bar")
    asked(60.1, 0, 20)
    asked(60.1, 1, 4)
    asked(60.2, 0, 0)
    asked(60.3, 0, None, state="unknown")
    # The answers were removed since.
    for page in range(3):
        asked(60.4, page, None)
    assert [(each.box.south, each.found) for each in mapping.coverage(owner, campaign)] == [
        (60.0, Found.CAPPED),
        (60.1, Found.SOME),
        (60.2, Found.NOTHING),
        (60.3, Found.FAILED),
        (60.4, Found.CAPPED),
    ]


def test_an_area_reads_as_it_was_written() -> None:
    for box in (Box(-180, -90, 180, 90), Box(24.93331, 60.0, 25.1, 60.17), Box(179.5, -1, -179.5, 0)):
        assert read(written(box)) == box
    for text in ("", "1,2,3", "1,2,3,4,5", "a,b,c,d", "0,1,1,0", "inf,0,1,1", "1" * 5000):
        assert read(text) is None
