"""The first page: what it tells whom, where its links lead, and where it sends who has nothing to see yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

import settings
from pipeline.campaign import CampaignStatus
from services import book, book_work, campaigns, identity, limits
from services.book_work import Change
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from store.progress import End
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead, submitted
from tests.support.people import joins
from tests.support.servers import Database, change
from ui.session import TOKEN_KEY

PAGE = "pages/home.py"
FAILED = End(status=CampaignStatus.FAILED, message="The end.", reason="The search did not answer.")


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


def headers(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def links(app: AppTest) -> dict[str, str]:
    """What each link says, and the query it leads to."""
    return {
        link.proto.label.replace("*", ""): f"{link.proto.page}?{link.proto.query_string}"
        for link in app.get("page_link")
    }


def companies(who: Person) -> list[UUID]:
    found = book.companies(who, LeadFilter(), LeadSort.NAME, datetime.now(UTC).date()).rows
    return [row.company_id for row in found]


def test_who_arrives_at_an_empty_workspace_is_taken_to_the_form_once(token: str) -> None:
    app = AppTest.from_file(str(settings.PROJECT_ROOT / "streamlit_app.py"), default_timeout=30)
    app.session_state[TOKEN_KEY] = token
    assert titles(calm(app.run())) == ["New campaign"]
    # As the menu has it; the form has put its fields into the address.
    app.query_params.clear()
    app.switch_page(PAGE)
    assert titles(calm(app.run())) == ["Home"]
    assert "Nothing has happened yet" in words(app)
    assert [button.key for button in app.button] == ["first"]
    calm(app.button(key="first").click().run())
    assert titles(app) == ["New campaign"]


def test_an_order_in_the_address_opens_the_form(open_page: Open, token: str, person: Person) -> None:
    submitted(person)
    app = open_page(PAGE, token, where="Nowhere", type=["Café"])
    assert titles(app) == ["New campaign"]
    assert (app.session_state["where"], app.session_state["type"]) == ("Nowhere", ["Café"])


def test_what_runs_and_what_ended_stand_there_with_one_step_each(
    open_page: Open, token: str, person: Person
) -> None:
    waiting = submitted(person)
    done, failed = ended(person, [lead(2), lead(3)]), ended(person, [], FAILED)
    app = open_page(PAGE, token)
    said = words(app)
    assert headers(app)[:2] == ["Running now", "Ended in the last 7 days"]
    assert "of $" in said
    assert "The search did not answer." in said
    steps = {button.key: button.label for button in app.button if (button.key or "").startswith("step-")}
    assert steps == {f"step-{done}": "See 2 leads", f"step-{failed}": "Try again …"}
    assert "No campaign runs" not in said
    campaigns.cancel(person, waiting)
    app = calm(app.run())
    assert headers(app)[0] == "Ended in the last 7 days"
    calm(app.button(key=f"step-{done}").click().run())
    assert app.query_params["campaign"] in (str(done), [str(done)])


def test_links_lead_to_what_was_counted(open_page: Open, token: str, person: Person) -> None:
    ended(person, [lead(number) for number in range(4)])
    late, soon, *_ = companies(person)
    day = datetime.now(UTC).date()
    for company, when, status in ((late, -3, "contacted"), (soon, 0, "new")):
        wanted = Change(
            status=status,
            sets_owner=True,
            owner_id=person.id,
            sets_follow_up=True,
            follow_up_on=day + timedelta(days=when),
        )
        book_work.change(person, [company], wanted)
    app = open_page(PAGE, token)
    found = links(app)
    assert {"1 overdue", "1 today", "3 found in the last 7 days", "Cafe 000", "All spending"} <= set(found)
    said = words(app)
    assert "nobody has worked on yet" not in said
    assert "In the last 7 days: 1 campaign ended, 3 new leads. 2 of your follow-ups are due." in said
    for label, matching in (("1 overdue", 1), ("1 today", 1), ("3 found in the last 7 days", 3)):
        opened = open_page("pages/leads.py", token, **query(found[label]))
        assert f"**{matching}** in the book match" in words(opened), label
    opened = open_page("pages/leads.py", token, **query(found["Cafe 000"]))
    assert opened.selectbox(key=f"work_status_{late.hex}").value == "Contacted"


def query(link: str) -> dict[str, str]:
    return dict(parse_qsl(link.partition("?")[2]))


def test_a_quiet_workspace_says_so(open_page: Open, token: str, person: Person, database: Database) -> None:
    ended(person, [lead(1)])
    open_page(PAGE, token)
    change(database.superuser_url, "update campaigns set ended_at = now() - interval '9 days'")
    change(database.superuser_url, "update visits set latest_at = now() - interval '3 hours'")
    change(database.superuser_url, "update companies set first_seen_at = now() - interval '9 days'")
    # The newest lead takes the day from its company.
    change(database.superuser_url, "update leads set is_open = is_open")
    said = words(open_page(PAGE, token))
    assert "Since your last visit, 3 hours ago: 0 campaigns ended, 0 new leads." in said
    assert "No campaign runs, and none has ended since your last visit." in said


def test_the_month_says_what_is_left_of_a_limit(open_page: Open, token: str, person: Person) -> None:
    ended(person, [lead(1)])
    limits.set_limit(person, limits.Period.MONTH, Decimal(10))
    said = words(open_page(PAGE, token))
    assert "Usable leads: 0" in said
    assert "Per usable lead: –" in said
    assert "The workspace's limit for this month: $10.00 of $10.00 left" in said


def test_an_old_campaign_is_run_again_after_a_question(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    campaign = ended(person, [lead(1)])
    change(
        database.superuser_url,
        "update campaigns set emails_verified = 6, created_at = now() - interval '99 days',"
        " ended_at = now() - interval '99 days'",
    )
    app = open_page(PAGE, token)
    assert "6 of its 1 lead were usable" in words(app)
    calm(app.button(key=f"again-{campaign}").click().run())
    assert "It costs nothing." in words(app)


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_viewer_sees_the_news_and_nothing_to_order(
    open_page: Open, person: Person, colleague: str, database: Database, is_empty: bool
) -> None:
    if not is_empty:
        ended(person, [], FAILED)
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, person, MemberRole.VIEWER)
    with transaction(Role.WEB, proof=other.proof) as conn:
        users.switch_workspace(conn, person.workspace_id)
    app = open_page(PAGE, colleague)
    assert titles(app) == ["Home"]
    assert ("your colleagues' campaigns" in words(app)) is is_empty
    assert [button.label for button in app.button] == ([] if is_empty else ["See what happened"])
