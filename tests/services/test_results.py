"""Leads: filtered, sorted, paged, explained and exported."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from uuid import UUID

import openpyxl
import pytest
from pydantic import ValidationError

from pipeline.geo.box import Box
from pipeline.lead import EmailStatus, Origin
from services import book, exporting, mapping, results
from services.errors import NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from tests.support.campaigns import TODAY, finished, lead
from tests.support.people import person
from tests.support.servers import Database

ALL = LeadFilter()
BOXES = [
    {"box": box} for box in ((1, 2, 3), (0, 2, 1, 1), (-181, 0, 1, 1), (0, 0, 1, 91), (0, 0, float("nan"), 1))
]

_LITTLE = {"rating": "1.5", "reviews": "9", "founded": "1990", "company_size": "micro"}
_MUCH = {"rating": "4.5", "reviews": "10", "founded": "2015-03-02", "company_size": "large"}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def campaign(owner: Person) -> UUID:
    return finished(
        owner,
        [
            lead(10, phone="+358912345678", city="Espoo"),
            lead(90, website="https://cafe.example.com", email="info@cafe.example.com", reach=40),
            lead(50, name="100% _Bean", category="shop=bakery", reach=80, chain="Bean"),
            *(lead(number) for number in range(60, 75)),
        ],
    )


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (LeadFilter(has_phone=True), ["Cafe 010"]),
        (LeadFilter(has_email=True), ["Cafe 090"]),
        (LeadFilter(has_website=True, min_confidence=91), []),
        (LeadFilter(status=EmailStatus.UNVERIFIED), ["Cafe 090"]),
        (LeadFilter(category="shop=bakery"), ["100% _Bean"]),
        (LeadFilter(text="100% _b"), ["100% _Bean"]),
        (LeadFilter(text="%"), ["100% _Bean"]),
        (LeadFilter(min_confidence=74), ["Cafe 090", "Cafe 074"]),
        (LeadFilter(text="STREET 10"), ["Cafe 010"]),
        (LeadFilter(min_reach=41), ["100% _Bean"]),
        (LeadFilter(min_reach=1), ["Cafe 090", "100% _Bean"]),
        (LeadFilter(box=Box(24.9, 60.1749, 25, 60.1751)), ["100% _Bean"]),
        (LeadFilter(box=Box(179, 60, -179, 61)), []),
    ],
)
def test_a_filter_shows_exports_and_maps_the_same_leads(
    owner: Person, campaign: UUID, chosen: LeadFilter, names: list[str]
) -> None:
    page = results.leads(owner, campaign, chosen, LeadSort.CONFIDENCE)
    assert [row.name for row in page.rows] == names
    assert (page.matching, page.total) == (len(names), 18)
    assert mapping.extent(owner, campaign, chosen, TODAY).drawn == len(names)
    file = exporting.export(owner, campaign, chosen, LeadSort.CONFIDENCE, "csv")
    assert [row["Name"] for row in csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))] == names


@pytest.mark.parametrize("sort", list(LeadSort))
def test_paging_shows_every_lead_once_in_every_order(owner: Person, campaign: UUID, sort: LeadSort) -> None:
    seen: list[UUID] = []
    cursor = None
    while True:
        page = results.leads(owner, campaign, ALL, sort, cursor, limit=7)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 18


@pytest.mark.parametrize(
    ("sort", "up", "down"),
    [
        (LeadSort.RATING, "c b a -", "a b c -"),
        (LeadSort.REVIEWS, "b c a -", "a c b -"),
        (LeadSort.FOUNDED, "a c b -", "b c a -"),
        (LeadSort.COMPANY_SIZE, "c a b -", "b a c -"),
    ],
)
def test_what_only_some_sources_state_sorts_and_is_last_where_it_is_missing(
    owner: Person, sort: LeadSort, up: str, down: str
) -> None:
    stated = {
        "a": {"rating": "3.9", "reviews": "9", "founded": "2015-03-02", "company_size": "medium"},
        "b": {"rating": "4.5", "reviews": "120", "founded": "1990", "company_size": "micro"},
        "c": {"rating": "5.0", "reviews": "20", "founded": "2015", "company_size": "large"},
        "-": {},
    }
    several = [lead(each, name=name, details=said) for each, (name, said) in enumerate(stated.items())]
    campaign = finished(owner, several)
    for way, names in ((sort, up), (sort.other_way, down)):
        rows = results.leads(owner, campaign, ALL, way).rows
        assert " ".join(row.name for row in rows) == names, way
        found = book.companies(owner, ALL, way, TODAY).rows
        assert " ".join(each.lead.name for each in found) == names, way


def test_best_first_and_by_name(owner: Person, campaign: UUID) -> None:
    best = results.leads(owner, campaign, ALL, LeadSort.CONFIDENCE).rows
    assert [row.confidence for row in best] == sorted((row.confidence for row in best), reverse=True)
    reached = [row.reach for row in results.leads(owner, campaign, ALL, LeadSort.REACH).rows]
    assert reached == [80, 40, *[None] * 16]
    # What an earlier version rated counts twice: its one figure stands for both.
    both = results.leads(owner, campaign, ALL, LeadSort.BEST).rows
    assert [row.confidence for row in both][:3] == [74, 73, 72]
    assert [row.name for row in both if row.reach is not None] == ["Cafe 090", "100% _Bean"]
    names = [row.name for row in results.leads(owner, campaign, ALL, LeadSort.NAME).rows]
    assert names == sorted(names, key=str.lower)


# Orders of the book: leads of one campaign hardly differ in them.
_OF_BOOK = (
    LeadSort.NEWEST,
    LeadSort.LAST_SEEN,
    LeadSort.FOLLOW_UP,
    LeadSort.TEAM_STATUS,
    LeadSort.OWNER,
    LeadSort.TAGS,
)


@pytest.mark.parametrize("sort", [sort for sort in LeadSort if not sort.is_reversed and sort not in _OF_BOOK])
def test_every_order_can_be_turned_round(owner: Person, sort: LeadSort) -> None:
    """Of leads that differ in everything, the first becomes the last."""
    campaign = finished(
        owner,
        [
            lead(
                10,
                reach=10,
                name="A",
                city="A",
                postcode="A",
                country="A",
                opening_hours="A",
                chain="A",
                details={"state": "A", "also": "A", "doubt": "A", **_LITTLE},
                origins=(Origin(source="a", ref="node/1"),),
                phone="+1",
                website="https://a.test",
                email="a@a.test",
                category="a=a",
            ),
            lead(
                90,
                reach=90,
                name="b",
                city="b",
                postcode="b",
                country="b",
                opening_hours="b",
                chain="b",
                details={"state": "b", "also": "b", "doubt": "b", **_MUCH},
                origins=(Origin(source="b", ref="node/1"),),
                phone="+2",
                website="https://b.test",
                email="b@b.test",
                category="b=b",
            ),
        ],
    )
    there = [row.id for row in results.leads(owner, campaign, ALL, sort).rows]
    back = [row.id for row in results.leads(owner, campaign, ALL, sort.other_way).rows]
    if sort is not LeadSort.COST:
        assert back == there[::-1]
    assert results.leads(owner, campaign, ALL, sort, 1).rows[0].id == there[1]


def test_a_mailbox_that_does_not_exist_is_no_e_mail_and_comes_last(owner: Person) -> None:
    statuses = (EmailStatus.INVALID, EmailStatus.CATCHALL, EmailStatus.VERIFIED, EmailStatus.NONE)
    found = [
        replace(
            lead(90 - place, email=None if status is EmailStatus.NONE else f"a{place}@a.test"),
            email_status=status,
        )
        for place, status in enumerate(statuses)
    ]
    campaign = finished(owner, found)
    ordered = [row.email_status for row in results.leads(owner, campaign, ALL, LeadSort.EMAIL_STATUS).rows]
    assert ordered == [EmailStatus.VERIFIED, EmailStatus.CATCHALL, EmailStatus.NONE, EmailStatus.INVALID]
    for has_email, reached in ((True, ordered[:2]), (False, ordered[2:])):
        page = results.leads(owner, campaign, LeadFilter(has_email=has_email), LeadSort.EMAIL_STATUS)
        assert [row.email_status for row in page.rows] == reached


def test_both_files_hold_every_row_beyond_the_page(owner: Person) -> None:
    campaign = finished(owner, [lead(number) for number in range(1, 301)])
    sheet = exporting.export(owner, campaign, ALL, LeadSort.NAME, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet.data))
    text = exporting.export(owner, campaign, ALL, LeadSort.NAME, "csv").data.decode("utf-8-sig")
    assert book["Leads"].max_row == 301
    assert len(list(csv.reader(io.StringIO(text)))) == 301
    assert "OpenStreetMap" in text
    assert sheet.filename.startswith("prospectpro-cafe-helsinki-")


def test_an_empty_field_says_why_and_a_filled_one_where_from(owner: Person, campaign: UUID) -> None:
    row = results.leads(owner, campaign, LeadFilter(has_email=True), LeadSort.CONFIDENCE).rows[0]
    detail = results.lead(owner, campaign, row.id)
    fields = {field.field: field for field in detail.provenance}
    assert fields["phone"].empty_reason == "OpenStreetMap lists no phone for this business."
    assert fields["address"].origin is not None
    assert sum(part.points for part in detail.score_parts) == row.confidence
    assert "no phone" in row.why_empty


def test_a_stranger_sees_nothing_of_it(owner: Person, campaign: UUID) -> None:
    lead_id = results.leads(owner, campaign, ALL, LeadSort.NAME).rows[0].id
    stranger = person("stranger")
    with pytest.raises(NotFound):
        results.leads(stranger, campaign, ALL, LeadSort.NAME)
    with pytest.raises(NotFound):
        results.lead(stranger, campaign, lead_id)
    with pytest.raises(NotFound):
        mapping.extent(stranger, campaign, ALL, TODAY)
    with pytest.raises(NotFound):
        exporting.export(stranger, campaign, ALL, LeadSort.NAME, "csv")


def test_a_lead_of_another_campaign_is_not_found(owner: Person, campaign: UUID) -> None:
    other = finished(owner, [lead(1)])
    lead_id = results.leads(owner, other, ALL, LeadSort.NAME).rows[0].id
    with pytest.raises(NotFound):
        results.lead(owner, campaign, lead_id)


def test_a_filter_out_of_bounds_is_refused() -> None:
    for wrong in (
        {"min_confidence": 101},
        {"text": "x" * 201},
        {"text": "\x00"},
        {"status": "perfect"},
        *BOXES,
    ):
        with pytest.raises(ValidationError):
            LeadFilter.model_validate(wrong)


def test_leads_chosen_one_by_one_are_those_of_the_campaign(owner: Person, campaign: UUID) -> None:
    other = finished(owner, [lead(1)])
    (theirs,) = results.leads(owner, other, ALL, LeadSort.NAME).rows
    first, second, *_ = results.leads(owner, campaign, ALL, LeadSort.NAME).rows
    chosen = LeadFilter(ids=(second.id, theirs.id, first.id))
    assert [row.id for row in results.leads(owner, campaign, chosen, LeadSort.NAME).rows] == [
        first.id,
        second.id,
    ]
    assert exporting.export(owner, campaign, chosen, LeadSort.NAME, "csv").rows == 2
    assert exporting.in_words(chosen) == "3 leads chosen one by one"
