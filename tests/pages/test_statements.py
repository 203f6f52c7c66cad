"""How many statements drawing a page takes: each is a round trip to a database that may be far away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

import settings
from services import book, watching
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.watching import News
from store import in_force
from tests.pages.conftest import Open, words
from tests.pages.stored import ended
from tests.support.campaigns import claimed, lead, submitted

PAGES = sorted(path.name for path in (settings.PROJECT_ROOT / "pages").glob("*.py"))
MOST = 8
# Of whom the transaction is; it brings nothing back.
_SET_UP = "set_config"


@contextmanager
def statements() -> Iterator[list[str]]:
    """All that this process asks a database while this lasts."""
    asked: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        if _SET_UP not in statement:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_few_statements(open_page: Open, token: str, person: Person, page: str) -> None:
    campaign = str(ended(person, [lead(number) for number in range(3)]))
    given = {"campaign": campaign} if page in ("progress.py", "results.py", "compare.py") else {}
    if page == "compare.py":
        given["with"] = str(ended(person, [lead(number) for number in range(2, 5)]))
    # What is kept for some seconds is asked for anew.
    in_force.forget()
    with statements() as asked:
        open_page(f"pages/{page}", token, **given)
    assert len(asked) <= MOST, "\n".join(asked)


@pytest.mark.parametrize("page", ["leads.py", "results.py", "call_list.py"])
def test_a_page_with_an_open_company_takes_few_statements(
    open_page: Open, token: str, person: Person, page: str
) -> None:
    campaign = ended(person, [lead(number, phone="+358401234567") for number in range(3)])
    book_row = book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows[0]
    given = {"campaign": str(campaign), "lead": book_row.lead.id.hex, "company": book_row.company_id.hex}
    with statements() as asked:
        app = open_page(f"pages/{page}", token, **given)
    # All that there is of the company comes with one.
    assert len(asked) <= MOST + 1, "\n".join(asked)
    assert "How the score came about" in words(app)


def test_a_page_of_a_running_campaign_takes_few_and_a_tick_of_it_one(
    open_page: Open, token: str, person: Person
) -> None:
    running = claimed(person, submitted(person))
    with statements() as asked:
        open_page("pages/progress.py", token, campaign=str(running.campaign_id))
    assert len(asked) <= MOST, "\n".join(asked)
    with statements() as asked:
        watched = watching.look(person, running.campaign_id)
    assert len(asked) == 1
    assert watched is not None
    with statements() as asked:
        assert watching.news(person.proof, running.campaign_id, watched.state) is News.NONE
    assert len(asked) == 1
