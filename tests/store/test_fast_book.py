"""Pages of the book are read from indexes, and are the same whichever way Postgres takes to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from operator import methodcaller
from typing import Any
from uuid import UUID

import psycopg2
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from pipeline.contact.contact_lists import FREE_MAIL
from pipeline.contact.contacts import is_free_mail
from services import book, book_export, book_work, suppression_list
from services.book_work import Change
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from store import book as stored
from store import home_campaigns
from store.book_search import MOST_COUNTED, BookSearch
from store.database import Role, transaction
from store.lead_where import LeadWhere
from store.tables import leads
from tests.support.campaigns import finished, lead
from tests.support.people import person
from tests.support.servers import Database

TODAY = date(2026, 11, 26)
NOBODY = UUID(int=0)
# Of orders whose index is not named like them.
_INDEXES = {
    "name": "title", "email_status": "likely", "opening_hours": "hours", "newest": "new", "last_seen": "seen",
    "follow_up": "due", "team_status": "status", "owner": "owner", "tags": "tagged",
}  # fmt: skip


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def _plan(who: Person, read: Callable[[Connection], object]) -> str:
    """How Postgres reads something when it may not sort or look through a table."""
    said: list[str] = []

    def explained(_: Connection, cursor: Any, statement: str, parameters: Any, *__: object) -> None:  # noqa: ANN401
        cursor.execute(f"explain {statement}", parameters)
        said.extend(line for (line,) in cursor.fetchall())

    with transaction(Role.WEB, proof=who.proof) as conn:
        for way in ("sort", "incremental_sort", "seqscan", "bitmapscan"):
            conn.execute(sa.text(f"set local enable_{way} = off"))
        event.listen(conn, "before_cursor_execute", explained)
        read(conn)
        event.remove(conn, "before_cursor_execute", explained)
    return "\n".join(said)


def test_every_order_is_that_of_an_index(owner: Person) -> None:
    finished(owner, [lead(number) for number in range(3)])
    unserved = []
    for sort in LeadSort:
        index = f"leads_book_{_INDEXES.get(sort.one_way.value, sort.one_way.value)}"
        page = stored.page_of(owner.workspace_id, LeadWhere(), sort, 0, 50)
        if f"using {index} on leads" not in _plan(owner, methodcaller("execute", page)):
            unserved.append(sort.value)
    assert unserved == []


def test_far_pages_by_name_read_no_lead_of_those_before(owner: Person) -> None:
    finished(owner, [lead(number) for number in range(3)])
    page = stored.page_of(owner.workspace_id, LeadWhere(), LeadSort.NAME, 9_000, 50)
    assert "Index Only Scan using leads_book_title" in _plan(owner, methodcaller("execute", page))


def test_home_finds_by_an_index_whether_a_search_was_run_again(owner: Person) -> None:
    finished(owner, [lead(1)])
    since = datetime(2026, 11, 1, tzinfo=UTC)
    plan = _plan(owner, partial(home_campaigns.campaigns, workspace_id=owner.workspace_id, since=since))
    assert "using campaigns_search on campaigns n" in plan


def test_only_what_no_index_lists_is_met_by_id() -> None:
    """Elsewhere an order would have all that match sorted."""
    asked = {
        "nothing": LeadWhere(),
        "without a phone": LeadWhere(has_phone=False),
        "without e-mail": LeadWhere(has_email=False),
        "for nothing": LeadWhere(max_cost_micros=0),
        "independent, of a category": LeadWhere(is_chain=False, category=("amenity=cafe",)),
    }
    by_id = [
        name
        for name, where in asked.items()
        if "ORDER BY" in str(BookSearch(NOBODY, where).some([leads.c.id], 1))
    ]
    assert by_id == ["without e-mail"]


def test_many_that_match_stand_in_the_same_order_as_few(owner: Person) -> None:
    """Few are sorted, many met in the order of an index; 2 are many here."""
    rated = {"state": "Uusimaa", "rating": "4.5", "reviews": "9", "company_size": "large", "founded": "2015"}
    other = {
        "state": "Savo",
        "rating": "3.9",
        "reviews": "10",
        "company_size": "micro",
        "founded": "2015-03-02",
    }
    given: list[dict[str, Any]] = [
        {"phone": "+358401234567", "email": "info@cafe.test", "city": "Espoo", "reach": 40},
        {
            "phone": "+358401234568",
            "email": "harbour@gmail.com",
            "city": "Äänekoski",
            "details": rated,
        },
        {"website": "https://cafe.test", "city": "Espoo", "chain": "Cafe", "reach": 90},
        {"address": "Test street 4", "postcode": "00100", "country": "FI"},
        {"phone": "+358401234561", "city": "espoo", "details": other, "postcode": "00200"},
    ]
    for values, hours in zip(given, ("off", "24/7", "off", "24/7", "24/7"), strict=True):
        values["opening_hours"] = hours
    finished(owner, [lead(number, **values) for number, values in enumerate(given)])
    every = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    book_work.change(owner, [every[1].company_id], Change(status="won", sets_owner=True, owner_id=owner.id))
    book_work.change(owner, [each.company_id for each in every[:2]], Change(adds=("vip",)))
    book_work.change(
        owner, [every[3].company_id], Change(sets_follow_up=True, follow_up_on=TODAY, adds=("old",))
    )
    taken = tuple(each.company_id for each in every[2:])
    book_export.export(owner, LeadFilter(ids=taken), LeadSort.NAME, "csv")
    suppression_list.add(owner, [suppression_list.understood("cafe.test")], "Asked us")
    filters: tuple[dict[str, object], ...] = (
        {"has_mobile": True}, {"is_exported": True}, {"is_exported": False}, {"is_suppressed": True},
        {"exported_since": "2020-01-01T00:00Z"}, {"exported_before": "2020-01-01T00:00Z"},
        {"text": "cafe", "exported_since": "2020-01-01T00:00Z", "is_exported": True},
        {"is_open": True}, {"is_open": False}, {"is_open": True, "text": "cafe", "has_phone": False},
        {"is_suppressed": False}, {"text": "cafe", "is_exported": True, "is_suppressed": False},
        {}, {"has_phone": True}, {"text": "cafe"}, {"text": "cafe", "has_phone": True}, {"source": "openstreetmap"},
        {"place": "espoo"}, {"tag": "vip"}, {"tag": ["old", "vip"]}, {"category": ["amenity=cafe", "shop=bakery"]},
        {"team_status": ["new", "lost"]}, {"status": ["none", "invalid"]}, {"tag": ["old"], "text": "cafe"},
        {"email_kind": "free"}, {"has_owner": False}, {"text": "!"},
        {"near": {"label": "Here", "lat": 60.17, "lon": 24.94, "km": 2}}, {"text": "cafe", "place": "00100"},
    )  # fmt: skip
    everybody = {sort: _page(owner, sort, {}, MOST_COUNTED) for sort in LeadSort}
    different: dict[str, tuple[str, ...]] = {}
    orders = list(LeadSort)
    for number, one in enumerate(filters):
        # Each filter in a sixth of the orders, each order with a sixth of the filters.
        some = orders[number % 6 :: 6]
        by = some[number % len(some)]
        few = _page(owner, by, one, MOST_COUNTED)
        wanted = {sort: tuple(name for name in everybody[sort] if name in few) for sort in some}
        assert few == wanted[by], one
        found = {sort: _page(owner, sort, one, 2) for sort in some}
        different |= {f"{sort} {one}": found[sort] for sort in some if found[sort] != wanted[sort]}
    assert different == {}
    assert len(set(everybody.values())) > len(filters) / 2


def _page(who: Person, sort: LeadSort, filter: dict[str, object], most: int) -> tuple[str, ...]:
    where = LeadFilter.model_validate(filter).where(TODAY)
    with transaction(Role.WEB, proof=who.proof) as conn:
        rows = conn.execute(stored.page_of(who.workspace_id, where, sort, 0, 50, most)).all()
    return tuple(row.name for row in rows if row.id is not None)


def test_the_database_tells_mailbox_providers_as_the_crawler_does(database: Database) -> None:
    hosts = [entry if "." in entry else f"{entry}.co.uk" for entry in sorted(FREE_MAIL)]
    hosts += [f"mail.{hosts[0]}", f"x{hosts[0]}", "gmailx.com", "cafe.test", "aol.de", "yahoo.com.br.test"]
    addresses = [f"Someone@{host}" for host in hosts]
    with psycopg2.connect(database.superuser_url) as conn, conn.cursor() as cursor:
        cursor.execute("select a, book_email_kind(a, false) = 'free' from unnest(%s) as a", [addresses])
        told = dict(cursor.fetchall())
    assert told == {f"Someone@{host}": is_free_mail(host) for host in hosts}


def test_words_and_tags_of_another_workspace_are_nobodys(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    book_work.change(
        owner,
        [each.company_id for each in book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows],
        Change(adds=("vip",)),
    )
    stranger = person("stranger")
    asked = sa.text("""
        select (select count(*) from book_ids(:workspace, null, '{vip}', null, null, null, 10)),
            (select count(*) from book_tags(:workspace))
    """)
    found = []
    for who in (owner, stranger):
        with transaction(Role.WEB, proof=who.proof) as conn:
            found.append(tuple(conn.execute(asked, {"workspace": owner.workspace_id}).one()))
    assert found == [(1, 1), (0, 0)]
