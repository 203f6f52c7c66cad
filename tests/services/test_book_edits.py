"""What a person corrects stands before what campaigns find, in every list and file, until it is taken back."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pipeline.lead import Contact, EmailStatus, Lead, Origin
from pipeline.suppression import subject_of
from services import book, book_edits, exporting, results, suppression_list
from services.book import Company, CompanyRow
from services.errors import Invalid, NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import lead_rows, retention
from store.database import Role, transaction
from tests.support.campaigns import claimed, finished, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows

TODAY = date(2026, 11, 26)
FOUND = {
    "phone": "+358401234567",
    "email": "info@found.test",
    "website": "https://found.test/",
    "domain": "found.test",
}
EDITS = {
    "name": "Corner Café",
    "category": "shop=bakery",
    "street": "Harbour street 2",
    "postcode": "00100",
    "city": "Helsinki",
    "phone": "040 765 4321",
    "email": "Desk@Typed.test",
    "website": "typed.test",
    "opening_hours": "Mo-Fr 09:00-17:00",
}


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def origin(source: str = "openstreetmap") -> Origin:
    return Origin(source=source, ref="node/1", observed_on=date(2019, 4, 1))


def found(number: int = 1, **values: object) -> Lead:
    given: dict[str, Any] = {**FOUND, **values}
    provenance = {name: origin() for name in (*given, "address")}
    return lead(number, **given, country="FI", provenance=provenance)


def only(who: Person, **filter: object) -> CompanyRow:
    (row,) = book.companies(who, LeadFilter.model_validate(filter), LeadSort.NAME, TODAY).rows
    return row


def opened(who: Person) -> Company:
    return book.company(who, only(who).company_id)


def shown(who: Person) -> dict[str, str]:
    return dict(book_edits.typed_parts(opened(who).detail.business))


def test_what_a_person_typed_wins_in_lists_filters_and_files_of_every_campaign(owner: Person) -> None:
    first = finished(owner, [found()])
    company = only(owner).company_id
    assert set(book_edits.edit(owner, company, EDITS)) == set(book_edits.FIELDS)
    again = finished(owner, [found(phone="+358409999999", name="Cafe 001")])
    row = only(owner, text="harbour corner", has_email=True)
    assert (row.company_id, row.campaign_id, row.lead.name) == (company, again, "Corner Café")
    assert (row.lead.phone, row.lead.email, row.lead.website) == (
        "+358407654321",
        "Desk@typed.test",
        "http://typed.test/",
    )
    assert (row.lead.category_label, row.lead.city) == ("Bakery", "Helsinki")
    assert only(owner, text="358 40 765").company_id == company
    assert not book.companies(owner, LeadFilter(text="found"), LeadSort.NAME, TODAY).rows
    for campaign in (first, again):
        file = exporting.export(owner, campaign, LeadFilter(category="shop=bakery"), LeadSort.NAME, "csv")
        (line,) = csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))
        assert (line["Name"], line["E-mail"], line["E-mail status"]) == (
            "Corner Café",
            "Desk@typed.test",
            "typed",
        )
        assert (line["Street"], line["Postcode"]) == ("Harbour street 2", "00100")
        assert line["E-mail source"] == "Typed by a person"


def test_an_edit_is_marked_noted_and_taken_back(owner: Person) -> None:
    finished(owner, [found()])
    before, company = shown(owner), only(owner).company_id
    assert book_edits.edit(owner, company, {"phone": "+358407654321", "city": ""}) == ("phone",)
    assert book_edits.edit(owner, company, {"phone": "", "opening_hours": "24/7"}) == (
        "phone",
        "opening_hours",
    )
    now = opened(owner)
    assert [(edit.field, edit.found, edit.by) for edit in now.edits] == [
        ("opening_hours", None, "owner@example.com"),
        ("phone", FOUND["phone"], "owner@example.com"),
    ]
    by_field = {field.field: field for field in now.detail.provenance}
    assert by_field["opening_hours"].origin is not None
    assert by_field["opening_hours"].origin.label == "Typed by a person"
    assert by_field["phone"].empty_reason == "A person says that there is none."
    book_edits.take_back(owner, company, ["phone", "opening_hours"])
    assert shown(owner) == before
    done = [(act.detail["field"], act.detail["from"], act.detail["to"]) for act in opened(owner).activities]
    assert done[-1] == ("phone", FOUND["phone"], "+358407654321")
    assert ("phone", None, FOUND["phone"]) in done
    with pytest.raises(NotFound):
        book_edits.take_back(owner, company, ["phone"])


def test_taking_back_brings_what_the_newest_campaign_found(owner: Person) -> None:
    finished(owner, [found()])
    company = only(owner).company_id
    book_edits.edit(owner, company, EDITS)
    finished(owner, [found(phone="+358409999999")])
    (edit,) = [edit for edit in opened(owner).edits if edit.field == "phone"]
    assert edit.found == "+358409999999"
    book_edits.take_back(owner, company, list(book_edits.FIELDS))
    row = only(owner)
    assert (row.lead.phone, row.lead.email, row.lead.email_status) == (
        "+358409999999",
        "info@found.test",
        EmailStatus.UNVERIFIED,
    )
    assert (row.lead.name, row.lead.address) == ("Cafe 001", "Test street 1")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("other@found.test", EmailStatus.TYPED),
        ("INFO@found.test", EmailStatus.VERIFIED),
        ("desk@found.test", EmailStatus.CATCHALL),
        ("", EmailStatus.NONE),
    ],
)
def test_a_typed_address_is_verified_only_where_a_look_up_checked_it(
    owner: Person, typed: str, status: EmailStatus
) -> None:
    contact = Contact(email="desk@found.test", origin=origin(), status=EmailStatus.CATCHALL)
    made = found()
    checked = Lead(business=made.business, email_status=EmailStatus.VERIFIED, contacts=(contact,))
    finished(owner, [checked])
    book_edits.edit(owner, only(owner).company_id, {"email": typed})
    assert only(owner).lead.email_status is status
    assert (only(owner).lead.email or "").casefold() == typed.casefold()


def test_a_campaign_that_goes_on_meets_what_it_found_itself(owner: Person) -> None:
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [found()])
    with transaction(Role.WORKER, lease=lease) as conn:
        before = lead_rows.stored(conn, lease)
    book_edits.edit(owner, only(owner).company_id, EDITS)
    with transaction(Role.WORKER, lease=lease) as conn:
        assert lead_rows.stored(conn, lease) == before
        lead_rows.save(conn, lease, before, TODAY, {})
        assert lead_rows.stored(conn, lease) == before
    assert only(owner).lead.name == "Corner Café"


@pytest.mark.parametrize(
    ("corrected", "wrong"),
    [
        ({"phone": "12"}, {"phone": "“12” is not a valid phone number."}),
        ({"email": "nobody"}, {"email": "“nobody” is not a valid address."}),
        ({"name": "A\x00"}, {"name": "It contains characters that cannot be stored"}),
        ({"website": "\ud800"}, {"website": "It contains characters that cannot be stored"}),
        ({"name": " "}, {"name": "A company needs a name."}),
        ({"category": "made=up"}, {"category": "Choose a type from the list."}),
        ({"opening_hours": "mornings"}, {"opening_hours": ""}),
        ({"website": "javascript:alert(1)"}, {"website": ""}),
        ({"city": "x" * 301}, {"address": "At most 300 characters."}),
        (
            {"phone": "+358401111111", "email": "no@listed.test"},
            {"phone": "It is on the suppression list.", "email": ""},
        ),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_for_each_field(
    owner: Person, corrected: dict[str, str], wrong: dict[str, str]
) -> None:
    finished(owner, [found()])
    listed = [subject_of("+358401111111"), subject_of("listed.test")]
    suppression_list.add(owner, listed, "asked us")
    with pytest.raises(Invalid) as refused:
        book_edits.edit(owner, only(owner).company_id, corrected)
    assert set(refused.value.fields) == set(wrong)
    assert all(sentence in refused.value.fields[field] for field, sentence in wrong.items())
    assert opened(owner).edits == ()


def test_a_value_that_may_be_kept_for_some_days_only_is_not_kept_behind_a_persons(
    owner: Person, database: Database
) -> None:
    made = found()
    google = {**made.business.provenance, "phone": origin("google_places")}
    finished(owner, [lead(1, **FOUND, provenance=google)])
    company = only(owner).company_id
    book_edits.edit(owner, company, {"phone": "+358407654321"})
    change(database.superuser_url, "update leads set retain_until = current_date")
    with transaction(Role.SYSTEM) as conn:
        retention.forget_values(conn)
    assert FOUND["phone"] not in str(rows(database.superuser_url, "select found from leads"))
    assert only(owner).lead.phone == "+358407654321"
    book_edits.take_back(owner, company, ["phone"])
    assert only(owner).lead.phone is None


@pytest.mark.parametrize("table", ["leads", "companies"])
def test_nobody_writes_in_another_ones_name_and_what_goes_takes_corrections_along(
    owner: Person, database: Database, table: str
) -> None:
    campaign = finished(owner, [found()])
    company = only(owner).company_id
    book_edits.edit(owner, company, {"phone": ""})
    other = person("other")
    with pytest.raises(DBAPIError), transaction(Role.WEB, proof=owner.proof) as conn:
        conn.execute(
            sa.text("update company_edits set user_id = :other where company_id = :company"),
            {"other": other.id, "company": company},
        )
    assert results.leads(owner, campaign, LeadFilter(has_phone=False), LeadSort.NAME).matching == 1
    change(database.superuser_url, f"delete from {table}")
    assert rows(database.superuser_url, "select count(*) from company_edits") == [(0,)]


def test_the_panel_of_a_campaigns_lead_is_that_of_its_company(owner: Person) -> None:
    first = finished(owner, [found()])
    finished(owner, [found(phone="+358409999999")])
    (row,) = results.leads(owner, first, LeadFilter(), LeadSort.NAME).rows
    seen = book.company_of_lead(owner, first, row.id)
    assert (seen.row.lead.phone, len(seen.sightings)) == (FOUND["phone"], 2)
    assert seen.row.company_id == only(owner).company_id
    with pytest.raises(NotFound):
        book.company_of_lead(owner, UUID(int=7), row.id)


def test_a_typed_number_is_told_to_be_a_mobile_one_until_it_goes(owner: Person) -> None:
    made = finished(owner, [lead(1, phone="+358912345678"), lead(2, phone="+358401234567")])

    def mobile() -> list[str]:
        lists = (
            book.companies(owner, LeadFilter(has_mobile=True), LeadSort.NAME, TODAY).rows,
            results.leads(owner, made, LeadFilter(has_mobile=True), LeadSort.NAME).rows,
        )
        in_book, in_campaign = [row.lead.name for row in lists[0]], [row.name for row in lists[1]]
        assert in_book == in_campaign
        return in_book

    first, second = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    assert mobile() == ["Cafe 002"]
    book_edits.edit(owner, first.company_id, {"phone": "+358 50 123 4567"})
    assert mobile() == ["Cafe 001", "Cafe 002"]
    book_edits.edit(owner, second.company_id, {"phone": ""})
    assert mobile() == ["Cafe 001"]
    # A campaign that finds them again changes neither.
    finished(owner, [lead(1, phone="+358912345678"), lead(2, phone="+358401234567")])
    assert [
        row.lead.name for row in book.companies(owner, LeadFilter(has_mobile=True), LeadSort.NAME, TODAY).rows
    ] == ["Cafe 001"]
    for row in (first, second):
        book_edits.take_back(owner, row.company_id, ["phone"])
    assert mobile() == ["Cafe 002"]
