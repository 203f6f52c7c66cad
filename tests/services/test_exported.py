"""Which companies were in a file: noted with the file, whichever way it is taken, and of those alone that are in it."""

from __future__ import annotations

import pytest

from services import (
    book,
    book_export,
    comparison_export,
    exporting,
    subject_reports,
    suppression_list,
)
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from tests.support.book_files import asked, work
from tests.support.campaigns import TODAY, finished, lead
from tests.support.people import person
from tests.support.servers import Database, change

MAILED = {"email": "info@cafe.test", "city": "Turku", "postcode": "20100", "address": "Street 1"}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def exported(owner: Person, *, been: bool = True) -> list[str]:
    found = book.companies(owner, LeadFilter(is_exported=been), LeadSort.NAME, TODAY).rows
    return [row.lead.name for row in found]


def test_a_file_of_a_campaign_notes_whom_it_holds(owner: Person) -> None:
    """Mail merge leaves out whom it has no address of."""
    made = finished(owner, [lead(1, **MAILED), lead(2), lead(3, **MAILED)])
    stranger = person("stranger")
    finished(stranger, [lead(1, **MAILED)])
    assert exported(owner) == []
    exporting.data_sheet(owner, made, LeadFilter(), LeadSort.NAME, "txt")
    assert exported(owner) == []
    file = exporting.export(owner, made, LeadFilter(text="cafe"), LeadSort.NAME, "mailing")
    assert file.rows == 2
    assert exported(owner) == ["Cafe 001", "Cafe 003"]
    assert exported(owner, been=False) == ["Cafe 002"]
    assert exported(stranger) == []


def test_a_company_says_when_it_last_left_and_a_report_does(owner: Person, database: Database) -> None:
    finished(owner, [lead(1, domain="cafe.test")])
    (row,) = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    assert book.company(owner, row.company_id).exported_at is None
    book_export.export(owner, LeadFilter(), LeadSort.NAME, "csv")
    change(database.superuser_url, "update companies set exported_at = '2026-11-03 10:00+00'")
    at = book.company(owner, row.company_id).exported_at
    assert at is not None
    assert f"{at:%Y-%m-%d}" == "2026-11-03"
    report = subject_reports.report(owner, suppression_list.understood("cafe.test"))
    assert "'last_in_a_file': '2026-11-03 10:00 UTC'" in str(report.told["leads"])
    # A later file is the last one.
    book_export.export(owner, LeadFilter(), LeadSort.NAME, "json")
    later = book.company(owner, row.company_id).exported_at
    assert later is not None
    assert later > at
    # Another campaign that finds the company says nothing else.
    finished(owner, [lead(1, domain="cafe.test"), lead(2)])
    assert exported(owner) == ["Cafe 001"]


def test_a_large_file_notes_them_once_it_is_whole(owner: Person) -> None:
    finished(owner, [lead(1, **MAILED), lead(2), lead(3)])
    asked(owner, "mailing")
    assert exported(owner) == []
    work()
    assert exported(owner) == ["Cafe 001"]
    asked(owner, filter=LeadFilter(text="003"))
    work()
    assert exported(owner) == ["Cafe 001", "Cafe 003"]


def test_a_file_of_what_two_runs_differ_in_holds_leads_too(owner: Person) -> None:
    first = finished(owner, [lead(1), lead(2)])
    second = finished(owner, [lead(2), lead(3)])
    comparison_export.differences_csv(owner, first, second)
    assert exported(owner) == ["Cafe 001", "Cafe 003"]
