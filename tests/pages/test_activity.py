"""The page that says what the team did."""

from __future__ import annotations

from datetime import date

from services import book, book_export, book_work, notes
from services.book_work import Change
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead
from tests.support.servers import Database, change

PAGE = "pages/activity.py"


def test_acts_stand_under_their_day_and_lead_to_what_they_were_about(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    campaign = ended(person, [lead(1), lead(2)])
    first, second = (
        row.company_id for row in book.companies(person, LeadFilter(), LeadSort.NAME, date(2026, 11, 26)).rows
    )
    notes.write(person, first, "Call <b>again</b>")
    book_work.change(person, [first, second], Change(status="won"))
    book_work.change(person, [second], Change(adds=("North",)))
    book_export.export(person, LeadFilter(), LeadSort.NAME, "csv")
    app = open_page(PAGE, token)
    said = words(app)
    for told in (
        "Call <b>again</b>",
        "**2 companies**",
        "Status → Won",
        "Tags: North",
        "2 rows downloaded as CSV",
        "Campaign ordered",
        "Campaign ended: Complete, 2 leads",
    ):
        assert told in said
    links = [link.proto.query_string for link in app.get("page_link")]
    assert {f"company={first.hex}", f"company={second.hex}", f"campaign={campaign}"} <= set(links)
    change(
        database.superuser_url,
        "insert into activities (workspace_id, company_id, user_id, kind, detail, at)"
        f" select '{person.workspace_id}', '{first}', null, 'owner', '{{\"to\": \"x\"}}', now() - n * interval '1 day'"
        " from generate_series(1, 60) n",
    )
    app = calm(app.selectbox(key="what").set_value("Owner").run())
    assert words(app).count("Owner changed") == 50
    assert "By itself" in words(app)
    calm(app.button(key="older").click().run())
    assert words(app).count("Owner changed") == 10
    calm(app.button(key="newer").click().run())
    assert words(app).count("Owner changed") == 50
    calm(app.selectbox(key="who").set_value(person.email).run())
    assert "Choose another kind, person or day." in words(app)
