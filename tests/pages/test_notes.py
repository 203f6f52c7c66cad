"""Notes in the panel of a company, and what the Home page says of those that mention somebody."""

from __future__ import annotations

from datetime import date

import pytest

from services import book, identity, mentions, notes
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead
from tests.support.people import joins
from tests.support.servers import Database

LEADS, HOME = "pages/leads.py", "pages/home.py"


@pytest.fixture
def other(person: Person, colleague: str, database: Database) -> Person:
    """The colleague, at work in the same workspace."""
    ended(person, [lead(1), lead(2)])
    found = identity.who_is(colleague)
    assert found is not None
    joined = joins(database, found, person, MemberRole.MEMBER)
    with transaction(Role.WEB, proof=found.proof) as conn:
        users.switch_workspace(conn, person.workspace_id)
    return joined


def test_a_colleague_is_mentioned_told_at_home_and_reads_it(
    open_page: Open, token: str, person: Person, colleague: str, other: Person
) -> None:
    company = book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows[0].company_id
    app = open_page(LEADS, token, company=company.hex)
    for _ in range(2):
        app.text_area(key=f"work_note_{company.hex}").set_value(
            "Who *calls* <b>?\nSee https://evil.test/ ![x](y)"
        )
        app.multiselect(key=f"work_named_{company.hex}").set_value([other.id])
        calm(app.button(key="note_add").click().run())
    assert "@colleague@example.com Who *calls* <b>?" in words(app).replace("**", "")
    assert "<b>" not in "".join(each.value for each in app.markdown).replace("\\<b\\>", "")
    assert app.text_area(key=f"work_note_{company.hex}").value == ""
    home = open_page(HOME, colleague)
    assert "Mentions (1)" in [header.value for header in home.header]
    assert f"company={company.hex}" in [each.proto.query_string for each in home.get("page_link")]
    panel = open_page(LEADS, colleague, company=company.hex)
    assert "You are mentioned in the notes below." in words(panel)
    assert mentions.unread(other).number == 0
    assert not [button.key for button in panel.button if (button.key or "").startswith("note_edit")]
    assert "Mentions" not in str([header.value for header in open_page(HOME, colleague).header])


def test_what_was_typed_stays_when_a_note_was_changed_elsewhere(
    open_page: Open, token: str, person: Person, other: Person
) -> None:
    company = book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows[0].company_id
    notes.write(person, company, "First")
    note = book.company(person, company).activities[0].id
    app = open_page(LEADS, token, company=company.hex)
    calm(app.button(key=f"note_edit_{note}").click().run())
    notes.edit(person, company, note, "First", "Changed elsewhere")
    app.text_area(key=f"note_text_{note}").set_value("Typed here")
    calm(app.button(key="note_save").click().run())
    assert "changed in another window" in words(app)
    assert app.text_area(key=f"note_text_{note}").value == "Typed here"
    calm(app.button(key="note_cancel").click().run())
    calm(app.button(key=f"note_edit_{note}").click().run())
    app.text_area(key=f"note_text_{note}").set_value("Second")
    calm(app.button(key="note_save").click().run())
    assert "Second" in words(app)
    assert "· edited" in words(app)
    calm(app.button(key=f"note_delete_yes_{note}").click().run())
    assert "This note was deleted." in words(app)
    assert "Second" not in words(app)


def test_all_are_marked_as_read(open_page: Open, colleague: str, person: Person, other: Person) -> None:
    for row in book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows:
        notes.write(person, row.company_id, "Look", [other.id])
    home = open_page(HOME, colleague)
    assert "Mentions (2)" in [header.value for header in home.header]
    calm(home.button(key="mentions_read").click().run())
    assert mentions.unread(other).number == 0
    assert "Mentions (2)" not in [header.value for header in home.header]
