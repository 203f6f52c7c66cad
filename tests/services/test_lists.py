"""Uploaded lists: checked before anything is kept, matched with the book, removed with their marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jobs import list_work
from pipeline.discovery.records import LEGAL_FORMS, name_words
from pipeline.suppression import company, subject_of
from services import book, campaigns, erasing, lists, subject_reports, suppression_list
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lists import Column, ListKind, ListState, Upload
from services.results import LeadSort
from services.roles import MemberRole
from store.database import Role, transaction
from store.list_work import forget, take
from tests.support.campaigns import finished, lead
from tests.support.lists import checked, kept, offered, row, work
from tests.support.people import person
from tests.support.servers import Database, change, rows

CUSTOMERS, EXCLUSION = ListKind.CUSTOMERS, ListKind.EXCLUSION


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def found(owner: Person) -> None:
    """A book with a company for each way of being known again, and with branches of a chain."""
    finished(
        owner,
        [
            lead(1, name="Lantern", domain="lantern.test", website="http://lantern.test/", city="Helsinki"),
            lead(2, name="Anchor", phone="+358401234567", city="Helsinki"),
            lead(3, name="Harbour Oy", city="Turku", postcode="20100"),
            lead(
                4,
                name="Beans",
                domain="beans.test",
                website="http://beans.test/",
                chain="Beans",
                city="Turku",
            ),
            lead(
                5, name="Beans", domain="beans.test", website="http://beans.test/", chain="Beans", city="Oulu"
            ),
        ],
    )


def customers(database: Database) -> set[str]:
    """The names of companies that count as customers, by the flag of the company and by its copy in the book."""
    by_flag = rows(
        database.superuser_url,
        "select l.name, l.city from companies c join leads l on l.company_id = c.id and l.is_current"
        " where c.is_customer",
    )
    copied = rows(database.superuser_url, "select name, city from leads where is_customer")
    assert sorted(by_flag) == sorted(copied)
    return {f"{name} {city}" for name, city in by_flag}


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("website\nhttps://www.lantern.test/about", {"Lantern Helsinki"}),
        ("email\nsomebody@lantern.test", {"Lantern Helsinki"}),
        ("Firma;Telefon\nWhoever;040 123 4567", {"Anchor Helsinki"}),
        ("yritys;postinumero\nHARBOUR;20100", {"Harbour Oy Turku"}),
        ("company,town\nHarbour Ltd.,turku", {"Harbour Oy Turku"}),
        ("company,town\nHarbour,Oulu", set()),
        ("website\nbeans.test", set()),
        ("name,website,city\nBeans,beans.test,Oulu", {"Beans Oulu"}),
        ("email\nsomebody@gmail.com", set()),
    ],
)
def test_a_company_is_known_again_by_what_its_row_says(
    owner: Person, database: Database, said: str, marked: set[str]
) -> None:
    found(owner)
    list_ = checked(owner, said.encode(), CUSTOMERS)
    assert (list_.state, list_.companies, customers(database)) == (ListState.CHECKED, len(marked), set())
    lists.keep(owner, list_.id)
    work()
    assert (row(owner, list_.id).companies, customers(database)) == (len(marked), marked)


def test_a_list_of_customers_marks_what_later_campaigns_find_and_takes_its_marks_along(
    owner: Person, database: Database
) -> None:
    first = kept(owner, b"website,id\nlantern.test,K-7\nanchor.test,\n", CUSTOMERS, "Fair")
    assert (first.known, first.usable) == (0, 2)
    second = kept(owner, b"website\nlantern.test\n", CUSTOMERS, "Shop")
    found(owner)
    assert customers(database) == {"Lantern Helsinki"}
    (lantern,) = [
        each.company_id
        for each in book.companies(owner, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows
        if each.lead.name == "Lantern"
    ]
    assert [(on.name, on.external_id) for on in lists.of_company(owner, lantern)] == [
        ("Fair", "K-7"),
        ("Shop", None),
    ]
    stranger = person("stranger")
    assert (lists.newest(stranger), lists.of_company(stranger, lantern)) == ((), ())
    lists.remove(owner, first.id)
    assert customers(database) == {"Lantern Helsinki"}
    lists.remove(owner, second.id)
    assert customers(database) == set()
    lists.restore(owner, first.id)
    assert customers(database) == {"Lantern Helsinki"}
    assert [on.name for on in lists.of_company(owner, lantern)] == ["Fair"]
    for campaign in campaigns.list_mine(owner).rows:
        campaigns.delete(owner, campaign.id)
    found(owner)
    assert customers(database) == {"Lantern Helsinki"}


def test_an_exclusion_list_brings_entries_and_takes_along_what_no_other_brings(owner: Person) -> None:
    suppression_list.add(owner, [subject_of("typed.test")], "asked us")
    data = b"website,email\ntyped.test,\nboth.test,info@both.test\nonly.test,\n"
    list_ = checked(owner, data, EXCLUSION)
    assert (list_.usable, list_.entries) == (3, 3)
    assert suppression_list.check(owner, "only.test") is None
    first = kept(owner, data, EXCLUSION, "Partners")
    assert first.earlier is None
    assert first.entries == 3
    lists.discard(owner, list_.id)
    entry = suppression_list.check(owner, "shop.only.test")
    assert entry is not None
    assert entry.reason == "As agreed"
    second = kept(owner, b"website\nboth.test\n", EXCLUSION, "Rivals")
    with pytest.raises(NotAllowed):
        lists.remove(replace(owner, role=MemberRole.MEMBER), first.id)
    lists.remove(owner, first.id)
    there = {value: suppression_list.check(owner, value) is not None for value in VALUES}
    assert there == {"typed.test": True, "both.test": True, "info@both.test": True, "only.test": False}
    lists.remove(owner, second.id)
    assert suppression_list.check(owner, "both.test") is None
    lists.restore(owner, first.id)
    assert all(suppression_list.check(owner, value) for value in VALUES)
    with pytest.raises(NotFound):
        lists.restore(owner, first.id)


VALUES = ("typed.test", "both.test", "info@both.test", "only.test")


def test_a_check_counts_what_is_wrong_and_what_is_there_twice(owner: Person) -> None:
    found(owner)
    lines = [
        "website;email",
        "lantern.test;",
        "www.lantern.test;",
        "nothing of use;",
        "ftp://x;not an address",
    ]
    data = "\n".join([*lines, *(f"company{number}.test;" for number in range(1100))]).encode()
    list_ = checked(owner, data, CUSTOMERS)
    assert (list_.rows, list_.bad, list_.repeated, list_.usable) == (1104, 2, 1, 1101)
    assert (list_.known, list_.companies) == (1, 1)
    assert [number for number, _ in list_.problems] == [4, 5]
    assert "not an address" in list_.problems[1][1]
    assert checked(owner, data, CUSTOMERS).earlier is None


def test_a_file_that_breaks_off_is_refused_in_words_and_nothing_of_it_is_kept(owner: Person) -> None:
    data = b'website\nlantern.test\n"' + b"x" * 11_000
    with pytest.raises(Invalid, match="quotation mark"):
        lists.read(data)
    data = b"website\n" + b"lantern.test\n" * 20 + b'"' + b"x" * 11_000
    list_ = checked(owner, data, CUSTOMERS)
    assert (list_.state, "quotation mark" in list_.said) == (ListState.REFUSED, True)
    with pytest.raises(NotFound):
        lists.keep(owner, list_.id)
    lists.discard(owner, list_.id)
    assert lists.newest(owner) == ()


@pytest.mark.parametrize(
    ("name", "columns", "country", "why"),
    [
        ("", {Column.WEBSITE: 0}, "", "Give the list a name"),
        ("x" * 101, {Column.WEBSITE: 0}, "", "Give the list a name"),
        ("A list", {}, "", "Choose the column"),
        ("A list", {Column.NAME: 0}, "", "its town or postcode"),
        ("A list", {Column.NAME: 0, Column.CITY: 0}, "", "chosen twice"),
        ("A list", {Column.WEBSITE: 9}, "", "no such column"),
        ("A list", {Column.WEBSITE: 0}, "Atlantis", "no country"),
    ],
)
def test_what_is_said_of_a_file_has_to_make_sense(
    owner: Person, name: str, columns: dict[Column, int], country: str, why: str
) -> None:
    upload = Upload(name=name, kind=CUSTOMERS, reason="", columns=columns, country=country)
    with pytest.raises(Invalid, match=why):
        lists.offer(owner, b"a,b\nlantern.test,c\n", upload)
    assert lists.newest(owner) == ()


def test_only_so_many_files_wait(owner: Person) -> None:
    for _ in range(lists.MOST_WAITING):
        offered(owner, b"website\nlantern.test\n", CUSTOMERS)
    with pytest.raises(Conflict, match="wait already"):
        offered(owner, b"website\nlantern.test\n", CUSTOMERS)


def test_another_worker_goes_on_where_one_died(owner: Person, database: Database) -> None:
    found(owner)
    lines = ["website", *(f"company{number}.test" for number in range(1200)), "lantern.test"]
    list_ = checked(owner, "\n".join(lines).encode(), CUSTOMERS)
    lists.keep(owner, list_.id)
    with transaction(Role.SYSTEM) as conn:
        assert take(conn) is not None
    work()
    assert row(owner, list_.id).state is ListState.STORING
    with pytest.raises(NotFound):
        lists.discard(owner, list_.id)
    change(database.superuser_url, "update lists set worked_at = now() - interval '2 minutes', done = 501")
    assert list_work.are_due()
    work()
    assert row(owner, list_.id).state is ListState.KEPT
    assert customers(database) == {"Lantern Helsinki"}
    # What was stored up to row 501 is not stored again.
    assert rows(database.superuser_url, "select count(*), min(row_number) from list_keys") == [(701, 502)]
    assert rows(database.superuser_url, "select count(*) from list_files") == [(0,)]


def test_somebody_is_reported_and_erased_from_lists(owner: Person, database: Database) -> None:
    data = b"name,town,website,phone,email\nAnchor,Helsinki,anchor.test,,info@anchor.test\nOther,Turku,other.test,,\n"
    kept(owner, data, CUSTOMERS, "Fair")
    by_mail = subject_of("info@anchor.test")
    told = subject_reports.report(owner, by_mail).told["uploaded_lists"]
    assert isinstance(told, list)
    assert [each["name"] for each in told if isinstance(each, dict)] == ["Fair"]
    assert erasing.preview(owner, by_mail)["lists"] == 1
    assert erasing.erase(owner, by_mail)["lists"] == 1
    assert erasing.erase(owner, company("Anchor", "Helsinki"))["lists"] == 2
    assert subject_reports.report(owner, subject_of("anchor.test")).told["uploaded_lists"] == []
    assert rows(database.superuser_url, "select count(*) from list_keys") == [(2,)]
    waiting = offered(owner, data, CUSTOMERS)
    erasing.erase(owner, by_mail)
    assert [each.id for each in lists.newest(owner) if each.id == waiting] == []
    storing = checked(owner, data, CUSTOMERS)
    lists.keep(owner, storing.id)
    with pytest.raises(Conflict, match="being stored"):
        erasing.erase(owner, by_mail)


def test_nothing_readable_stays_of_a_file_and_what_nobody_decides_about_goes(
    owner: Person, database: Database
) -> None:
    list_ = kept(owner, b"name,town,website\nAnchor,Helsinki,anchor.test\n", CUSTOMERS)
    (text,) = rows(database.superuser_url, "select string_agg(k::text, ' ') from list_keys k")
    assert "nchor" not in str(text)
    checked(owner, b"website\nlantern.test\n", CUSTOMERS)
    lists.remove(owner, list_.id)
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 0
    change(
        database.superuser_url,
        "update lists set created_at = now() - interval '25 hours', removed_at = removed_at - interval '25 hours'",
    )
    with transaction(Role.SYSTEM) as conn:
        assert forget(conn) == 2
    assert lists.newest(owner) == ()


def test_the_database_leaves_out_the_same_legal_forms(database: Database) -> None:
    """Who comes into question is found by the one, and decided by the other."""
    names = [
        "Café L'Été & Söhne",
        "Müller-Lüdenscheidt",
        "Ærø",
        "Oy",
        "東京",
        *(f"Forum {form}" for form in LEGAL_FORMS),
    ]
    for name in names:
        quoted = name.replace("'", "''")
        ((key,),) = rows(database.superuser_url, f"select book_name('{quoted}')")
        assert key == "".join(name_words(name)), name
