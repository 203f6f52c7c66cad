"""Large files of leads, fetched by whoever had them made."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from httpx import Client

from services import identity
from services.identity import SESSION_COOKIE, Person
from tests.support.book_files import asked, made
from tests.support.campaigns import finished, lead
from tests.support.people import first_admin, signed_in
from tests.support.people import person as person_of


@pytest.fixture
def inside(site: Client) -> Client:
    site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
    return site


def boss(inside: Client) -> Person:
    found = identity.who_is(inside.cookies[SESSION_COOKIE])
    assert found is not None
    return found


def test_a_file_is_sent_to_its_maker_alone(inside: Client, redis_url: str) -> None:
    owner = boss(inside)
    finished(owner, [lead(number) for number in range(3)])
    path = f"/exports/{made(owner)}"
    answer = inside.get(path)
    assert answer.status_code == 200
    assert answer.text.count("Cafe 00") == 3
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-disposition"].startswith('attachment; filename="prospectpro-leads-')
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )
    assert inside.get(f"/exports/{asked(owner)}").status_code == 404
    assert inside.get("/exports/made-up").status_code == 404
    person_of("stranger")
    inside.cookies.set(SESSION_COOKIE, signed_in("stranger"))
    assert inside.get(path).status_code == 404
    inside.cookies.clear()
    answer = inside.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={quote(path, safe='')}")
