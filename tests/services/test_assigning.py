"""New companies are given to who has their place, the rest in turns; once, and over nobody's choice."""

from __future__ import annotations

import pytest

from services import assigning, book, book_work
from services.assigning import Part
from services.book_work import Change
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from services.roles import MemberRole
from tests.support.campaigns import TODAY, finished, lead
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def owners(owner: Person) -> dict[str, str | None]:
    found = book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows
    return {row.lead.name: row.owner for row in found}


def test_places_come_before_turns_and_nobodys_choice_is_changed(owner: Person, database: Database) -> None:
    ann, bea, cid = (
        joins(database, person(name), owner, MemberRole.MEMBER) for name in ("ann", "bea", "cid")
    )
    finished(owner, [lead(1, name="Before", city="Turku")])
    assigning.give_place(owner, Part.CITY, " turku ", ann.id)
    assigning.give_place(owner, Part.POSTCODE, "20 1", bea.id)
    assigning.give_place(owner, Part.COUNTRY, "se", cid.id)
    assigning.take_turns(owner, [bea.id, cid.id])
    stocked = [
        lead(1, name="Before", city="Turku"),
        lead(2, name="In town", city="Turku", postcode="20500"),
        lead(3, name="Close", city="Turku", postcode="20100", country="FI"),
        lead(4, name="Abroad", city="Malmö", country="SE"),
        *(lead(n, name=f"Rest {n}", city="Oulu") for n in range(5, 9)),
    ]
    finished(owner, stocked)
    given = owners(owner)
    assert given["Before"] is None
    assert (given["In town"], given["Close"], given["Abroad"]) == (ann.email, bea.email, cid.email)
    rest = [given[f"Rest {n}"] for n in range(5, 9)]
    assert sorted(map(str, rest)) == [bea.email, bea.email, cid.email, cid.email]
    assert rest[0] != rest[1]
    town = next(
        r for r in book.companies(owner, LeadFilter(), LeadSort.NAME, TODAY).rows if r.lead.name == "In town"
    )
    (told,) = book.company(owner, town.company_id).activities
    assert told.kind == "owner"
    book_work.change(owner, [town.company_id], Change(sets_owner=True))
    finished(owner, stocked)
    assert owners(owner) == {**given, "In town": None}
    assert finished(person("other"), [lead(2, name="In town", city="Turku")])
    here = f"where workspace_id = '{owner.workspace_id}' and user_id ="
    change(database.superuser_url, f"update memberships set role = 'viewer' {here} '{ann.id}'")
    change(database.superuser_url, f"delete from memberships {here} '{bea.id}'")
    finished(owner, [lead(9, name="Later", city="Turku", postcode="20100")])
    assert owners(owner)["Later"] == cid.email


def test_who_may_be_chosen(owner: Person, database: Database) -> None:
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    for stranger in (viewer.id, person("stranger").id):
        with pytest.raises(NotFound):
            assigning.take_turns(owner, [owner.id, stranger])
        with pytest.raises(NotFound):
            assigning.give_place(owner, Part.CITY, "Turku", stranger)
    with pytest.raises(Invalid, match="Type a place"):
        assigning.give_place(owner, Part.CITY, " ", owner.id)
    assigning.give_place(owner, Part.CITY, "Turku", owner.id)
    with pytest.raises(Conflict, match="given to somebody already"):
        assigning.give_place(owner, Part.CITY, "TURKU", owner.id)
    found = assigning.assignment(owner)
    assert (found.turns, list(found.people)) == ((), [owner.id])
    assigning.take_place(owner, found.places[0].id)
    assert assigning.assignment(owner).places == ()
    noted = rows(database.superuser_url, "select count(*) from audit_log where action = 'assignment_changed'")
    assert noted == [(2,)]
