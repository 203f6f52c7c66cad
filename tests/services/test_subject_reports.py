"""What is held about somebody can be said, with its sources, to whoever asks for it."""

from __future__ import annotations

import json

import pytest

from pipeline.suppression import subject_of
from services import subject_reports, suppression_list
from services.identity import Person
from tests.services.test_deleting import DOMAIN, EMAIL, NAME, PERSON, PHONE, campaign
from tests.support.people import person
from tests.support.servers import Database, rows


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


@pytest.mark.parametrize("typed", [(EMAIL, ""), (DOMAIN, ""), (PHONE, ""), (NAME, "Helsinki")])
def test_a_report_says_what_is_held_from_where_since_when_and_who_took_it(
    owner: Person, database: Database, typed: tuple[str, str]
) -> None:
    campaign(owner)
    subject = subject_of(*typed)
    suppression_list.add(owner, [subject], "asked us")
    found = subject_reports.file(owner, subject, "json")
    told = json.loads(found.data)
    (held,) = told["leads"]
    assert (found.rows, held["ordered_by"]) == (1, "owner@example.com")
    assert held["found_for_the_campaign"] == f"{NAME} and others"
    (contact,) = held["contacts"] or [{"email": EMAIL, "name": PERSON, "source": "OpenStreetMap"}]
    assert (contact["email"], contact["name"], contact["source"]) == (EMAIL, PERSON, "OpenStreetMap")
    assert any(value["value"] in (EMAIL, DOMAIN, PHONE) for value in held["values"])
    assert {call["provider"] for call in told["questions_to_providers"]} <= {"Hunter", "NeverBounce"}
    assert told["questions_to_providers"]
    (export,) = told["exports"]
    assert (export["taken_by"], export["format"]) == ("owner@example.com", "csv")
    assert told["suppression_list"]["reason"] == "asked us"
    text = subject_reports.file(owner, subject, "txt").data.decode()
    assert text.startswith("WHAT IS HELD ABOUT YOU")
    assert "Taken by: owner@example.com" in text
    noted = rows(database.superuser_url, "select count(*) from audit_log where action = 'subject_reported'")
    assert noted == [(2,)]


def test_nothing_is_told_of_another_workspace(owner: Person) -> None:
    campaign(owner)
    stranger = person("stranger")
    found = subject_reports.report(stranger, subject_of(EMAIL))
    assert (found.leads, found.calls, found.exports) == (0, 0, 0)
