"""Leads taken from the book: every row, as they are shown, noted without a campaign."""

from __future__ import annotations

import csv
import hashlib
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from pipeline.lead import Origin
from pipeline.output.export import BY_TITLE, Layout, Spelling
from pipeline.suppression import subject_of
from services import auditing, book, book_export, erasing, exporting, subject_reports
from services.auditing import AuditWhere
from services.book_export import export
from services.errors import Invalid
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from store import retention
from store.database import Role, transaction
from tests.support.campaigns import TODAY, finished, lead
from tests.support.copies import copied
from tests.support.people import person
from tests.support.servers import Database, change, rows

NAME = LeadSort.NAME


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def names(data: bytes) -> list[str]:
    return [row["Name"] for row in csv.DictReader(StringIO(data.decode("utf-8-sig")))]


def noted(database: Database) -> list[tuple[object, ...]]:
    return rows(
        database.superuser_url,
        "select campaign_id, user_id, format, row_count, filter, sha256 from exports order by id",
    )


def test_a_file_holds_what_is_shown_of_all_campaigns_and_is_noted_without_one(
    owner: Person, database: Database
) -> None:
    first = finished(owner, [lead(number, city="Turku") for number in (3, 1)])
    finished(owner, [lead(number, city="Oulu") for number in (2, 4)])
    stranger = person("stranger")
    finished(stranger, [lead(9)])
    two = Layout(columns=(BY_TITLE["City"], BY_TITLE["Name"]), spelling=Spelling(delimiter=";"))
    file = export(owner, LeadFilter(), NAME, "csv", two)
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines == [
        "City;Name",
        '"Turku";"Cafe 001"',
        '"Oulu";"Cafe 002"',
        '"Turku";"Cafe 003"',
        '"Oulu";"Cafe 004"',
    ]
    assert file.filename.startswith("prospectpro-leads-2")
    only = export(owner, LeadFilter(campaign=first), LeadSort.NAME_REVERSED, "csv")
    assert names(only.data) == ["Cafe 003", "Cafe 001"]
    # The same leads as a campaign's own file has them, but for what is said of the campaign.
    assert only.data == exporting.export(owner, first, LeadFilter(), LeadSort.NAME_REVERSED, "csv").data
    assert [entry[:4] for entry in noted(database)][:2] == [
        (None, str(owner.id), "csv", 4),
        (None, str(owner.id), "csv", 2),
    ]
    where, sha = noted(database)[1][4:]
    assert where == {"campaign": str(first)}
    assert bytes(sha) == hashlib.sha256(only.data).digest()  # type: ignore[call-overload]
    boss = person("boss", is_admin=True)
    taken = [row for row in auditing.listing(boss, AuditWhere()).rows if row.action == "leads_exported"]
    assert [row.detail["leads"] for row in taken] == [2, 2, 4]


def test_ticked_companies_are_taken_with_their_newest_values(owner: Person) -> None:
    finished(owner, [lead(number) for number in range(4)])
    shown = book.companies(owner, LeadFilter(), NAME, TODAY).rows
    ticked = tuple(row.company_id for row in shown[1:3])
    # Another campaign finds one of them again after it was ticked.
    finished(owner, [lead(1, phone="+358401234567")])
    file = export(owner, LeadFilter(ids=ticked), NAME, "json")
    told = json.loads(file.data)
    assert [(one["name"], one["phone"]) for one in told["leads"]] == [
        ("Cafe 001", "+358401234567"),
        ("Cafe 002", None),
    ]
    assert told["about"]["Leads of"] == "Lead book: every company once, with its newest values"
    assert told["about"]["Leads in this file"] == 2
    assert told["about"]["Filter"] == "2 leads chosen one by one"
    assert told["data_sheet"]["Data sheet of"] == ["Lead book, 2 leads"]


@pytest.mark.parametrize("format", ["csv", "json", "vcard", "xlsx", "hubspot", "letters"])
def test_every_format_is_written_row_by_row_as_it_is_at_once(owner: Person, format: str) -> None:
    """A campaign's file is written from rows that are all there; leads of the book come one after another."""
    sold = {"website": "https://lantern.test/", "domain": "lantern.test", "city": "Turku"}
    campaign = finished(
        owner, [lead(number, details={"street": "Kauppatori 1"}, **sold) for number in range(3)]
    )
    at_once = exporting.export(owner, campaign, LeadFilter(), NAME, format).data
    by_row = export(owner, LeadFilter(), NAME, format).data
    if format in ("xlsx", "letters"):
        at_once, by_row = (
            ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml") for data in (at_once, by_row)
        )
    if format == "json":
        at_once, by_row = (json.dumps(json.loads(data)["leads"]).encode() for data in (at_once, by_row))
    if format == "vcard":
        at_once, by_row = (
            b"\n".join(line for line in data.splitlines() if not line.startswith(b"REV"))
            for data in (at_once, by_row)
        )
    assert by_row == at_once
    assert b"Cafe 002" in by_row


def test_what_only_google_said_stays_and_what_a_stand_in_said_is_marked(
    owner: Person, database: Database
) -> None:
    google = Origin(source="google_places", ref="places/1")
    finished(owner, [lead(1, phone="+358401234567", provenance={"phone": google}, origins=(google,))])
    made_up = finished(owner, [lead(2)])
    change(database.superuser_url, f"update campaigns set simulated = true where id = '{made_up}'")
    assert book_export.is_simulated(owner, LeadFilter())
    assert not book_export.is_simulated(owner, LeadFilter(text="001"))
    file = export(owner, LeadFilter(), NAME, "csv")
    table = list(csv.DictReader(StringIO(file.data.decode("utf-8-sig"))))
    assert [(row["Name"], row["Simulated"], row["Phone"]) for row in table] == [
        ("Cafe 001", "", ""),
        ("SIMULATED Cafe 002", "SIMULATED", ""),
    ]
    assert (file.withheld, file.left_out) == (1, 0)
    assert file.filename.startswith("SIMULATED-")
    assert not export(owner, LeadFilter(text="001"), NAME, "csv").filename.startswith("SIMULATED")
    sheet = book_export.data_sheet(owner, LeadFilter(), "txt").data.decode()
    assert "Withheld: values only Google Maps gave, of 1 lead" in sheet
    # A card requires a name.
    other = Origin(source="google_places", ref="places/3")
    finished(owner, [lead(3, provenance={"name": other}, origins=(other,))])
    cards = export(owner, LeadFilter(), NAME, "vcard")
    assert (cards.rows, cards.left_out) == (2, 1)


def test_an_export_of_the_book_is_told_of_and_forgotten(owner: Person, database: Database) -> None:
    somebody = subject_of("info@lantern.test")
    finished(owner, [lead(1, email="info@lantern.test")])
    export(owner, LeadFilter(text="info@lantern.test"), NAME, "csv")
    told = subject_reports.report(owner, somebody).told["exports"]
    assert [(one["campaign"], one["leads_in_the_file"]) for one in told] == [("Lead book", 1)]  # type: ignore[union-attr, index, call-overload]
    assert erasing.erase(owner, somebody)["exports"] == 1
    assert noted(database)[0][4] == {"text": "[erased]"}
    with transaction(Role.SYSTEM) as conn:
        retention.forget_leads(conn, 30)
    assert noted(database)[0][4] != {}
    change(database.superuser_url, "update exports set created_at = now() - interval '31 days'")
    with transaction(Role.SYSTEM) as conn:
        retention.forget_leads(conn, 30)
    assert noted(database)[0][4] == {}


def test_who_would_be_left_out_is_told_before(owner: Person) -> None:
    finished(owner, [lead(1, email="info@lantern.test"), lead(2), lead(3, city="Turku")])
    for filter in (LeadFilter(), LeadFilter(text="cafe"), LeadFilter(has_email=False)):
        for format in ("csv", "hubspot", "mailing", "letters"):
            assert book_export.left_out(owner, filter, format) == export(owner, filter, NAME, format).left_out
    assert book_export.left_out(owner, LeadFilter(), "mailing") == 2
    # What its source alone gave may not leave: a card requires a name.
    google = Origin(source="google_places", ref="places/3")
    finished(owner, [lead(4, provenance={"name": google}, origins=(google,))])
    assert book_export.left_out(owner, LeadFilter(), "vcard") == 1


def test_more_than_are_written_while_somebody_waits_are_refused(owner: Person, database: Database) -> None:
    finished(owner, [lead(number) for number in range(2)])
    copied(database, book_export.MOST_AT_ONCE)
    with pytest.raises(Invalid, match="more than 10,000 leads"):
        export(owner, LeadFilter(), NAME, "csv")
    assert names(export(owner, LeadFilter(text="001"), NAME, "csv").data) == ["Cafe 001"]
