"""Views of a list: saved, opened by their address, changed, shared and deleted; columns, counts and what an address
makes up."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from services import book, book_work, identity, saved_views
from services.book_work import Change
from services.identity import Person
from services.lead_filter import LeadFilter
from services.results import LeadSort
from services.roles import MemberRole
from services.saved_views import Listing
from store import users
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import finished, lead
from tests.support.people import joins
from tests.support.servers import Database

PAGE, RESULTS = "pages/leads.py", "pages/results.py"
TODAY = date(2026, 11, 26)


def names(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["Name"])


@pytest.fixture
def stocked(person: Person) -> Person:
    """A book of three companies, the first of which is won."""
    finished(
        person,
        [
            lead(1, phone="+358401234567"),
            lead(2, chain="Coffee chain", opening_hours="24/7"),
            lead(3, city="Espoo"),
        ],
    )
    first = book.companies(person, LeadFilter(), LeadSort.NAME, TODAY).rows[0].company_id
    book_work.change(person, [first], Change(status="won", adds=("Lunch · 5",)))
    return person


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"place": "espoo"}, ["Cafe 003"]),
        ({"has": ["Phone"]}, ["Cafe 001"]),
        ({"near": "60.1701, 24.94", "km": "1 km"}, ["Cafe 001", "Cafe 002", "Cafe 003"]),
        ({"state": "Won"}, ["Cafe 001"]),
        ({"state": ["Won", "Lost"], "tag": ["Lunch · 5"], "sort": "Name"}, ["Cafe 001"]),
        ({"state": ["New", "Won", "New"]}, ["Cafe 001", "Cafe 002", "Cafe 003"]),
        ({"has": ["Mobile number"], "exported": "Not yet", "suppressed": "Not on it"}, ["Cafe 001"]),
        ({"exported": "In a file"}, []),
        ({"open": "Open now"}, ["Cafe 002"]),
        ({"open": "Closed now"}, []),
        ({"suppressed": "On it"}, []),
        ({"tag": "Lunch · 5"}, ["Cafe 001"]),
        (
            {"found": "Today", "cost": "Nothing", "source": "openstreetmap", "kind": "Part of a chain"},
            ["Cafe 002"],
        ),
        ({"seen": "Longer ago than 90 days"}, []),
        ({"sort": "Name, Z to A"}, ["Cafe 003", "Cafe 002", "Cafe 001"]),
    ],
)
def test_both_lists_read_the_same_filters_from_the_address(
    open_page: Open, token: str, stocked: Person, query: dict[str, str | list[str]], found: list[str]
) -> None:
    campaign = book.companies(stocked, LeadFilter(), LeadSort.NAME, TODAY).rows[0].campaign_id
    query = {"sort": "Name", **query}
    for app in (open_page(PAGE, token, **query), open_page(RESULTS, token, campaign=str(campaign), **query)):
        assert (names(app) if found else list(app.dataframe)) == found


def test_what_an_address_makes_up_is_left_out_and_named(open_page: Open, token: str, stocked: Person) -> None:
    app = open_page(PAGE, token, state="made up", cols="x", km="9 km", by="nobody", saved="nothing")
    said = words(app)
    assert len(names(app)) == 3
    assert "That view is gone, or it is not shared with you." in said
    assert "Left out, as it cannot be read or is not there any more: Columns, Status, Campaign." in said
    said = words(open_page(PAGE, token, near="Nowhere-at-all"))
    assert "Nobody here knows “Nowhere-at-all”." in said
    assert "The distance is left out." in said


def test_a_view_is_saved_opened_changed_and_deleted(open_page: Open, token: str, stocked: Person) -> None:
    app = open_page(PAGE, token, state="Won", cols=["City", "Name"], sort="Name")
    assert list(app.dataframe[0].value.columns) == ["City", "Name"]
    app.text_input(key="view_name").set_value("Customers")
    calm(app.button(key="view_save").click().run())
    assert "The view is saved." in words(app)
    (view,) = saved_views.views(stocked, Listing.BOOK)
    assert view.query == {"state": ["Won"], "cols": ["City", "Name"], "sort": ["Name"]}
    assert app.query_params["saved"] == view.id.hex
    # The link alone brings all of it back.
    app = open_page(PAGE, token, saved=view.id.hex)
    assert (names(app), list(app.dataframe[0].value.columns)) == (["Cafe 001"], ["City", "Name"])
    assert "view_overwrite" not in {button.key for button in app.button}
    calm(app.multiselect(key="state").set_value(["New"]).run())
    calm(app.button(key="view_overwrite").click().run())
    assert saved_views.views(stocked, Listing.BOOK)[0].query["state"] == ["New"]
    calm(app.toggle(key=f"view_default_{view.id.hex}").set_value(True).run())
    assert names(open_page(PAGE, token)) == ["Cafe 002", "Cafe 003"]
    app = open_page(PAGE, token, saved="all")
    assert len(names(app)) == 3
    calm(app.selectbox(key="view_open").set_value(view.id.hex).run())
    assert names(app) == ["Cafe 002", "Cafe 003"]
    calm(app.selectbox(key="view_open").set_value(None).run())
    assert len(names(app)) == 3
    calm(app.selectbox(key="view_open").set_value(view.id.hex).run())
    calm(app.button(key="view_delete").click().run())
    calm(app.button(key="question_yes").click().run())
    assert saved_views.views(stocked, Listing.BOOK) == ()
    assert "The view is deleted." in words(app)


def test_a_shared_view_opens_for_a_viewer_who_does_not_change_it(
    open_page: Open, stocked: Person, colleague: str, database: Database
) -> None:
    shared = saved_views.save(stocked, Listing.BOOK, "Ours", {"state": ["Won"]})
    own = saved_views.save(stocked, Listing.BOOK, "Mine", {"state": ["New"]})
    saved_views.share(stocked, shared)
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, stocked, MemberRole.VIEWER)
    with transaction(Role.WEB, proof=other.proof) as conn:
        users.switch_workspace(conn, stocked.workspace_id)
    app = open_page(PAGE, colleague, saved=shared.hex)
    assert names(app) == ["Cafe 001"]
    assert not {"view_delete", "view_rename", "view_share"} & {button.key for button in app.button}
    assert "view_for_all" not in {box.key for box in app.checkbox}
    app = open_page(PAGE, colleague, saved=own.hex)
    assert "That view is gone, or it is not shared with you." in words(app)
    assert len(names(app)) == 3


def test_counts_stand_beside_values_while_somebody_looks(
    open_page: Open, token: str, stocked: Person
) -> None:
    app = open_page(PAGE, token)
    assert "Won" in app.multiselect(key="state").options
    app = open_page(PAGE, token, before={"more_filters": True}, has=["Phone"])
    assert app.multiselect(key="state").options[:2] == ["New · 0", "Contacted · 0"]
    assert "Won · 1" in app.multiselect(key="state").options
    calm(app.multiselect(key="state").set_value(["Won"]).run())
    assert names(app) == ["Cafe 001"]
    assert app.query_params["state"] == "Won"


def test_a_file_begins_with_the_columns_of_the_table(open_page: Open, token: str, person: Person) -> None:
    campaign = str(ended(person, [lead(1), lead(2)]))
    app = open_page(RESULTS, token, campaign=campaign, cols=["Cost", "City", "Name"])
    assert list(app.dataframe[0].value.columns) == ["Cost", "City", "Name"]
    assert app.multiselect(key="download_columns").value == ["Cost (USD)", "City", "Name"]
