"""Every filter lets through exactly the leads a plain predicate picks, in the book and in a campaign alike; what is
exported, counted and changed together is the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from pipeline.contact.contacts import is_free_mail
from pipeline.geo.box import Box
from pipeline.geo.location import distance_km
from pipeline.lead import EmailStatus, Lead, Origin, StepOutcome, StepResult
from pipeline.qualification.criteria import Answer, Importance, Verdict, ruled_out
from services import (
    book,
    book_export,
    book_work,
    exporting,
    lead_choices,
    places,
    results,
    suppression_list,
)
from services.book_work import Change
from services.errors import Invalid, NotFound
from services.identity import Person
from services.lead_filter import EmailKind, FollowUp, LeadFilter, NearPlace, TeamStatus, in_words
from services.results import LeadSort
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database, change

TODAY = date(2026, 11, 26)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
GOOGLE = Origin(source="google_places", ref="a place")
TENTH = datetime(2026, 11, 10, tzinfo=UTC)
HERE = NearPlace(label="The first café", lat=60.1701, lon=24.94, km=0.5)


@dataclass(frozen=True)
class Stored:
    """A lead as it was stored, and what the team says of its company."""

    lead: Lead
    status: str = "new"
    is_mine: bool = False
    follow_up_on: date | None = None
    tags: tuple[str, ...] = ()
    is_old: bool = False
    is_customer: bool = False
    is_exported: bool = False
    exported_on: str | None = None
    is_suppressed: bool = False

    @property
    def email(self) -> str:
        return self.lead.business.email or ""

    def is_placed(self, *words: str) -> bool:
        business = self.lead.business
        parts = (
            " ".join(filter(None, (business.address, business.postcode, business.city))).casefold().split()
        )
        return all(any(part.startswith(word) for part in parts) for word in words)

    def km(self) -> float:
        business = self.lead.business
        if business.lat is None or business.lon is None:
            return float("inf")
        return distance_km(HERE.lat, HERE.lon, business.lat, business.lon)


def paid(found: Lead, micros: int) -> Lead:
    step = StepResult(step="hunter", outcome=StepOutcome.FOUND, detail="Found.", cost_micros=micros)
    return replace(found, steps=(*found.steps, step))


def mailed(number: int, email: str, status: EmailStatus, *, is_role: bool = False) -> Lead:
    return replace(lead(number, email=email), email_status=status, is_role_address=is_role)


def judged(importance: Importance, answer: Answer) -> Verdict:
    """A verdict on a criterion."""
    return Verdict(criterion="hiring", importance=importance, answer=answer, why="w", quote="q", page="p")


STORED = [
    Stored(lead(1, phone="+358401234567", reach=10), status="won", tags=("Lunch",), is_customer=True),
    Stored(
        lead(2, website="https://two.test", reach=50, phone="+14155552671"),
        is_mine=True,
        follow_up_on=TODAY,
        is_exported=True,
        exported_on="2026-11-02 12:00Z",
    ),
    Stored(
        lead(3, opening_hours="24/7", phone="+358912345678"),
        follow_up_on=TODAY - timedelta(days=1),
        is_exported=True,
        exported_on="2026-11-10 00:00Z",
        is_suppressed=True,
    ),
    Stored(
        lead(4, chain="Coffee chain", category="shop=bakery", opening_hours="off"), tags=("Lunch", "Dinner")
    ),
    Stored(mailed(5, "info@five.test", EmailStatus.VERIFIED, is_role=True)),
    Stored(
        replace(
            mailed(6, "someone@six.test", EmailStatus.INVALID),
            verdicts=(judged(Importance.MUST_HAVE, Answer.YES), judged(Importance.NICE_TO_HAVE, Answer.NO)),
        ),
        status="lost",
    ),
    Stored(mailed(7, "cafe@gmail.com", EmailStatus.UNVERIFIED, is_role=True)),
    Stored(mailed(8, "eight@hotmail.co.uk", EmailStatus.CATCHALL)),
    Stored(mailed(9, "nine@notgmail.com", EmailStatus.VERIFIED)),
    Stored(
        replace(lead(10, city="Espoo", postcode="02100"), profiles=("https://social.test/ten",)),
        is_suppressed=True,
    ),
    Stored(
        lead(11, city="Åbo", postcode="20100", details={"profiles": "https://social.test/11"}), is_old=True
    ),
    Stored(
        replace(lead(12, lat=None, lon=None), verdicts=(judged(Importance.MUST_NOT, Answer.YES),)),
        is_old=True,
        is_mine=True,
    ),
    Stored(paid(lead(13, origins=(GOOGLE,)), 20_000)),
    Stored(
        replace(paid(lead(14), 50_000), verdicts=(judged(Importance.MUST_HAVE, Answer.NO),)),
        follow_up_on=TODAY + timedelta(days=1),
    ),
    Stored(lead(15, origins=(Origin(source="openstreetmap", ref="node/15"), GOOGLE))),
    Stored(lead(400, city="Helsinki", postcode="00100")),
]

Predicate = Callable[[Stored], bool]
# What is asked for, and what a plain reading of that picks.
CASES: dict[str, tuple[LeadFilter, Predicate]] = {
    "nothing": (LeadFilter(), lambda s: True),
    "text": (LeadFilter(text="cafe 01"), lambda s: "Cafe 01" in s.lead.business.name),
    "a city": (LeadFilter(place="espoo"), lambda s: s.is_placed("espoo")),
    "a city without its accent": (LeadFilter(place="abo"), lambda s: s.lead.business.city == "Åbo"),
    "a postcode and a city": (LeadFilter(place="00100 hel"), lambda s: s.is_placed("00100", "hel")),
    "a street and its number": (LeadFilter(place="street 1"), lambda s: s.is_placed("street", "1")),
    "a name is no place": (LeadFilter(place="cafe"), lambda s: False),
    "a place of signs": (LeadFilter(place="%.*"), lambda s: False),
    "near": (LeadFilter(near=HERE), lambda s: s.km() <= HERE.km),
    "category": (LeadFilter(category="shop=bakery"), lambda s: s.lead.business.category == "shop=bakery"),
    "confidence": (LeadFilter(min_confidence=10), lambda s: s.lead.business.confidence >= 10),
    "reach": (LeadFilter(min_reach=20), lambda s: (s.lead.business.reach or 0) >= 20),
    "phone": (LeadFilter(has_phone=True), lambda s: s.lead.business.phone is not None),
    "no phone": (LeadFilter(has_phone=False), lambda s: s.lead.business.phone is None),
    # Numbers of the United States may be either.
    "mobile": (LeadFilter(has_mobile=True), lambda s: s.lead.business.phone == "+358401234567"),
    "no mobile": (LeadFilter(has_mobile=False), lambda s: s.lead.business.phone != "+358401234567"),
    "ruled out": (LeadFilter(is_ruled_out=True), lambda s: bool(ruled_out(s.lead.verdicts))),
    "not ruled out": (LeadFilter(is_ruled_out=False), lambda s: not ruled_out(s.lead.verdicts)),
    "website": (LeadFilter(has_website=True), lambda s: s.lead.business.website is not None),
    "hours": (LeadFilter(has_hours=True), lambda s: s.lead.business.opening_hours is not None),
    "no hours": (LeadFilter(has_hours=False), lambda s: s.lead.business.opening_hours is None),
    "open now": (LeadFilter(is_open=True), lambda s: s.lead.business.opening_hours == "24/7"),
    "closed now": (LeadFilter(is_open=False), lambda s: s.lead.business.opening_hours == "off"),
    "open cafés that were exported": (
        LeadFilter(is_open=True, text="cafe", is_exported=True, has_phone=True),
        lambda s: s.lead.business.opening_hours == "24/7",
    ),
    "closed, and tagged": (LeadFilter(is_open=False, tag="Lunch"), lambda s: "Dinner" in s.tags),
    "open, and tagged": (LeadFilter(is_open=True, tag="Lunch"), lambda s: False),
    "e-mail": (
        LeadFilter(has_email=True),
        lambda s: bool(s.email) and s.lead.email_status is not EmailStatus.INVALID,
    ),
    "profile": (
        LeadFilter(has_profile=True),
        lambda s: bool(s.lead.profiles or s.lead.business.details.get("profiles")),
    ),
    "no profile": (
        LeadFilter(has_profile=False),
        lambda s: not (s.lead.profiles or s.lead.business.details.get("profiles")),
    ),
    "e-mail status": (
        LeadFilter(status=EmailStatus.VERIFIED),
        lambda s: s.lead.email_status is EmailStatus.VERIFIED,
    ),
    "address of a mailbox provider": (
        LeadFilter(email_kind=EmailKind.FREE),
        lambda s: is_free_mail(s.email.partition("@")[2]),
    ),
    "shared address": (
        LeadFilter(email_kind=EmailKind.ROLE),
        lambda s: s.lead.is_role_address and not is_free_mail(s.email.partition("@")[2]),
    ),
    "address of one person": (
        LeadFilter(email_kind=EmailKind.PERSONAL),
        lambda s: (
            bool(s.email) and not s.lead.is_role_address and not is_free_mail(s.email.partition("@")[2])
        ),
    ),
    "chain": (LeadFilter(is_chain=True), lambda s: s.lead.business.chain is not None),
    "independent": (LeadFilter(is_chain=False), lambda s: s.lead.business.chain is None),
    "source": (
        LeadFilter(source="google_places"),
        lambda s: any(origin.source == "google_places" for origin in s.lead.business.origins),
    ),
    "found lately": (LeadFilter(found_since=LONG_AGO), lambda s: not s.is_old),
    "found long ago": (LeadFilter(found_before=LONG_AGO), lambda s: s.is_old),
    "seen lately": (LeadFilter(seen_since=LONG_AGO), lambda s: True),
    "seen long ago": (LeadFilter(seen_before=LONG_AGO), lambda s: False),
    "for nothing": (LeadFilter(max_cost_micros=0), lambda s: s.lead.cost_micros == 0),
    "for something": (LeadFilter(min_cost_micros=1), lambda s: s.lead.cost_micros > 0),
    "for much": (LeadFilter(min_cost_micros=50_000), lambda s: s.lead.cost_micros >= 50_000),
    "won": (LeadFilter(team_status=TeamStatus.WON), lambda s: s.status == "won"),
    "new": (LeadFilter(team_status=TeamStatus.NEW), lambda s: s.status == "new"),
    "won or lost": (LeadFilter(team_status=("won", "lost")), lambda s: s.status in ("won", "lost")),
    "cafés and bakeries": (LeadFilter(category=("shop=bakery", "amenity=cafe")), lambda s: True),
    "of neither category": (LeadFilter(category=("shop=tea", "shop=pastry")), lambda s: False),
    "verified or invalid": (
        LeadFilter(status=(EmailStatus.VERIFIED, EmailStatus.INVALID)),
        lambda s: s.lead.email_status in (EmailStatus.VERIFIED, EmailStatus.INVALID),
    ),
    "without owner": (LeadFilter(has_owner=False), lambda s: not s.is_mine),
    "with owner": (LeadFilter(has_owner=True), lambda s: s.is_mine),
    "tag": (LeadFilter(tag="Lunch"), lambda s: "Lunch" in s.tags),
    "one of two tags": (LeadFilter(tag=("Dinner", "Supper")), lambda s: "Dinner" in s.tags),
    "either tag, in Espoo": (LeadFilter(tag=("Dinner", "Lunch"), place="espoo"), lambda s: False),
    "due": (
        LeadFilter(follow_up=FollowUp.DUE, today=TODAY),
        lambda s: s.follow_up_on is not None and s.follow_up_on <= TODAY,
    ),
    "overdue": (
        LeadFilter(follow_up=FollowUp.OVERDUE, today=TODAY),
        lambda s: s.follow_up_on is not None and s.follow_up_on < TODAY,
    ),
    "today": (LeadFilter(follow_up=FollowUp.TODAY, today=TODAY), lambda s: s.follow_up_on == TODAY),
    "in the next days": (
        LeadFilter(follow_up=FollowUp.WEEK, today=TODAY),
        lambda s: s.follow_up_on is not None and s.follow_up_on > TODAY,
    ),
    "customers": (LeadFilter(is_customer=True), lambda s: s.is_customer),
    "no customers": (LeadFilter(is_customer=False), lambda s: not s.is_customer),
    "exported": (LeadFilter(is_exported=True), lambda s: s.is_exported),
    "not exported": (LeadFilter(is_exported=False), lambda s: not s.is_exported),
    "exported since a day": (
        LeadFilter(exported_since=TENTH),
        lambda s: s.exported_on is not None and s.exported_on >= "2026-11-10",
    ),
    "exported before a day": (
        LeadFilter(exported_before=TENTH),
        lambda s: s.exported_on is not None and s.exported_on < "2026-11-10",
    ),
    "exported within days, without a mobile number": (
        LeadFilter(exported_since=TENTH - timedelta(days=9), exported_before=TENTH, has_mobile=False),
        lambda s: s.exported_on == "2026-11-02 12:00Z",
    ),
    "suppressed, and exported since a day": (
        LeadFilter(is_suppressed=True, exported_since=TENTH, is_exported=True),
        lambda s: s.exported_on == "2026-11-10 00:00Z",
    ),
    "suppressed": (LeadFilter(is_suppressed=True), lambda s: s.is_suppressed),
    "not suppressed": (LeadFilter(is_suppressed=False), lambda s: not s.is_suppressed),
    "suppressed, but exported": (
        LeadFilter(is_suppressed=True, is_exported=True),
        lambda s: s.is_suppressed and s.is_exported,
    ),
    "exported cafés without a mobile number": (
        LeadFilter(text="cafe", is_exported=True, has_mobile=False, is_suppressed=False),
        lambda s: s.is_exported and not s.is_suppressed,
    ),
    "a drawn area": (
        LeadFilter(box=Box(24.9, 60.1, 25.0, 60.171)),
        lambda s: s.lead.business.lat is not None and s.lead.business.lat <= 60.171,
    ),
    "with a day": (LeadFilter(follow_up=FollowUp.SET), lambda s: s.follow_up_on is not None),
    "without a day": (LeadFilter(follow_up=FollowUp.NONE), lambda s: s.follow_up_on is None),
    "several at once": (
        LeadFilter(team_status=TeamStatus.NEW, has_owner=False, is_chain=False, has_phone=False),
        lambda s: (
            s.status == "new" and not s.is_mine and not (s.lead.business.chain or s.lead.business.phone)
        ),
    ),
}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def campaign(owner: Person, database: Database) -> UUID:
    """The campaign that found all of them; the team worked on some."""
    made = finished(owner, [stored.lead for stored in STORED])
    rows = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY, limit=100).rows
    company = {row.lead.name: row.company_id for row in rows}
    for stored in STORED:
        book_work.change(
            owner,
            [company[stored.lead.business.name]],
            Change(
                status=stored.status,
                sets_owner=True,
                owner_id=owner.id if stored.is_mine else None,
                sets_follow_up=True,
                follow_up_on=stored.follow_up_on,
                adds=stored.tags,
            ),
        )
    old = ", ".join(f"'{company[s.lead.business.name]}'" for s in STORED if s.is_old)
    for table, column in (("companies", "id"), ("leads", "company_id")):
        change(
            database.superuser_url,
            f"update {table} set first_seen_at = '2019-05-01' where {column} in ({old})",
        )
    customers = ", ".join(f"'{company[s.lead.business.name]}'" for s in STORED if s.is_customer)
    change(database.superuser_url, f"update companies set is_customer = true where id in ({customers})")
    taken = [company[s.lead.business.name] for s in STORED if s.is_exported]
    book_export.export(owner, LeadFilter(ids=tuple(taken)), LeadSort.NAME, "csv")
    for s in STORED:
        if s.exported_on:
            which = f"'{company[s.lead.business.name]}'"
            change(
                database.superuser_url,
                f"update companies set exported_at = '{s.exported_on}' where id = {which}",
            )
    silent = [suppression_list.understood(*named) for named in (("+358912345678",), ("Cafe 010", "Espoo"))]
    suppression_list.add(owner, silent, "Asked us")
    return made


def test_a_filter_picks_what_a_plain_predicate_picks_wherever_it_is_asked(
    owner: Person, campaign: UUID
) -> None:
    for name, (chosen, picks) in CASES.items():
        expected = [stored.lead.business.name for stored in STORED if picks(stored)]
        shown = book.companies(owner, chosen, LeadSort.NAME, TODAY, limit=100)
        assert [row.lead.name for row in shown.rows] == expected, name
        assert shown.matching == len(expected), name
        assert len(book_work.matching(owner, chosen, TODAY)) == len(expected), name
        of_it = results.leads(owner, campaign, chosen, LeadSort.NAME, limit=100)
        assert ([row.name for row in of_it.rows], of_it.matching) == (expected, len(expected)), name
        assert (in_words(chosen) == "none: every lead of the campaign") == (chosen == LeadFilter()), name
        assert LeadFilter.model_validate_json(chosen.as_kept()) == chosen


def test_a_file_holds_what_the_filter_shows_in_its_order(owner: Person, campaign: UUID) -> None:
    chosen, picks = CASES["several at once"]
    file = exporting.export(owner, campaign, chosen, LeadSort.NAME_REVERSED, "csv")
    names = [row["Name"] for row in csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))]
    assert names == [stored.lead.business.name for stored in STORED if picks(stored)][::-1]


def test_a_company_is_of_every_campaign_that_found_it(owner: Person, campaign: UUID) -> None:
    again = finished(owner, [STORED[0].lead, lead(99)])
    for which, expected in (
        (campaign, [stored.lead.business.name for stored in STORED]),
        (again, ["Cafe 001", "Cafe 099"]),
    ):
        shown = book.companies(owner, LeadFilter(campaign=which), LeadSort.NAME, TODAY, limit=100).rows
        assert [row.lead.name for row in shown] == expected
    # What the team says is the company's, also where an earlier campaign shows an older lead of it.
    won = results.leads(owner, campaign, LeadFilter(team_status=TeamStatus.WON), LeadSort.NAME).rows
    assert [row.name for row in won] == ["Cafe 001"]


def test_counts_are_those_of_the_filters_with_each_value(owner: Person, campaign: UUID) -> None:
    """Each value's count is what choosing it would show, whatever of its own filter is chosen."""
    chosen = LeadFilter(team_status=TeamStatus.NEW, category="amenity=cafe")
    others = chosen.model_copy(update={"team_status": ()})
    for of in (None, campaign):
        found = lead_choices.counts(owner, chosen, of)
        assert not any(facet.is_cut for facet in found.values())
        for name, base, values in (
            ("team_status", others, list(TeamStatus)),
            ("category", chosen.model_copy(update={"category": ()}), ["amenity=cafe", "shop=bakery"]),
            ("status", chosen, list(EmailStatus)),
            ("tag", chosen, ["Lunch", "Dinner"]),
            ("source", chosen, ["openstreetmap", "google_places"]),
            ("campaign", chosen, [campaign]),
        ):
            told = {value: found[name].counts.get(str(value), 0) for value in values}
            assert told == {
                value: book.companies(
                    owner, LeadFilter.model_validate({**base.model_dump(), name: value}), LeadSort.NAME, TODAY
                ).matching
                for value in values
            }, name
        mine = book.companies(owner, chosen.model_copy(update={"owner": owner.id}), LeadSort.NAME, TODAY)
        nobodys = book.companies(owner, chosen.model_copy(update={"has_owner": False}), LeadSort.NAME, TODAY)
        assert found["owner"].counts == {str(owner.id): mine.matching, lead_choices.NOBODY: nobodys.matching}


def test_what_there_is_to_choose(owner: Person, campaign: UUID) -> None:
    for found in (book.choices(owner), lead_choices.of_the_campaign(owner, campaign)):
        assert [(tag, count) for tag, _, count in found.categories] == [
            ("amenity=cafe", 15),
            ("shop=bakery", 1),
        ]
        assert found.tags == ("Dinner", "Lunch")
        assert found.people == ((owner.id, "owner@example.com"),)
        assert [which for which, _ in found.campaigns] == [campaign]
        assert dict(found.sources)["google_places"] == "Google Maps"
    with pytest.raises(NotFound):
        lead_choices.of_the_campaign(person("stranger"), campaign)


@pytest.mark.parametrize("sort", [LeadSort.TEAM_STATUS, LeadSort.OWNER, LeadSort.TAGS, LeadSort.FOLLOW_UP])
def test_companies_of_which_the_team_says_nothing_come_last_either_way(
    owner: Person, campaign: UUID, sort: LeadSort
) -> None:
    def says(row: book.CompanyRow) -> object:
        told = {
            LeadSort.TEAM_STATUS: list(TeamStatus).index(row.status),
            LeadSort.OWNER: row.owner,
            LeadSort.TAGS: ", ".join(row.tags) or None,
            LeadSort.FOLLOW_UP: row.follow_up_on,
        }
        return told[sort]

    for way in (sort, sort.other_way):
        rows = book.companies(owner, LeadFilter(), way, TODAY, limit=100).rows
        told = [said for row in rows if (said := says(row)) is not None]
        assert told == sorted(told, reverse=way.is_reversed)  # type: ignore[type-var]
        assert [says(row) for row in rows] == told + [None] * (len(rows) - len(told))


def test_a_place_is_found_by_coordinates_and_what_names_none_is_said(database: Database) -> None:
    assert places.point("60.17, 24.94").lat == 60.17
    for text in ("Nowhere-at-all", "999, 999"):
        with pytest.raises(Invalid):
            places.point(text)


def test_a_filter_that_was_kept_with_one_value_means_that_one() -> None:
    """As records of exports and files that wait have them from before there could be several."""
    kept = LeadFilter.model_validate_json(
        '{"category": "shop=bakery", "status": "verified", "team_status": "won", "tag": "Lunch"}'
    )
    assert kept == LeadFilter(
        category=("shop=bakery",),
        status=(EmailStatus.VERIFIED,),
        team_status=(TeamStatus.WON,),
        tag=("Lunch",),
    )
    assert LeadFilter.model_validate({"tag": None}) == LeadFilter()
    assert in_words(LeadFilter(tag=("Lunch", "Dinner"))) == "tag Lunch or Dinner"
