"""The page of the book: filtered, opened, worked on one by one and together."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.proto.Dataframe_pb2 import Dataframe
from streamlit.testing.v1 import AppTest

from services import (
    book,
    book_again,
    book_export,
    book_files,
    book_work,
    campaigns,
    identity,
    lists,
    suppression_list,
)
from services.book import CompanyRow
from services.book_files import FileState
from services.book_work import Change
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lists import ListState
from services.results import LeadSort
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.support.book_files import work
from tests.support.campaigns import finished, lead
from tests.support.copies import copied
from tests.support.people import joins, signed_in
from tests.support.people import person as person_of
from tests.support.servers import Database, change
from ui import draft_address, lead_table

PAGE, FORM = "pages/leads.py", "pages/new_campaign.py"
OPEN = "book_download"
STOCK: dict[int, dict[str, object]] = {1: {}, 2: {"chain": "Coffee chain"}, 3: {}}
TODAY = date(2026, 11, 26)


def rows(who: Person) -> list[CompanyRow]:
    return list(book.companies(who, LeadFilter(), LeadSort.NAME, TODAY).rows)


@pytest.fixture
def stocked(person: Person) -> Person:
    """A book of three companies."""
    finished(person, [lead(n, city="Turku", **more) for n, more in STOCK.items()])
    return person


def downloads(app: AppTest) -> list[str]:
    """What the buttons of the popover say."""
    return [button.proto.label.replace("\\", "") for button in app.get("download_button")]


def test_the_book_is_downloaded_as_it_is_shown_or_the_ticked_companies_of_it(
    open_page: Open, token: str, stocked: Person, database: Database
) -> None:
    page = book.companies(stocked, LeadFilter(), LeadSort.NAME, TODAY)
    view = lead_table.view_of("book", LeadFilter(), LeadSort.NAME)
    selection = {"selection": {"rows": [2, 0], "columns": [], "cells": []}}
    app = open_page(PAGE, token, before={f"{view}-1": selection, OPEN: True}, sort="Name")
    assert len(page.rows) == 3
    assert downloads(app) == ["Download CSV (2 leads)", "As text", "As JSON"]
    calm(app.button_group(key="download_which").set_value("All 3").run())
    calm(app.selectbox(key="download_as").set_value("letters").run())
    assert downloads(app)[0] == "Download Mail merge: letters (3 leads)"
    assert "left out" not in words(app)
    calm(app.selectbox(key="download_as").set_value("mailing").run())
    assert downloads(app)[0] == "Download Mail merge: e-mails (0 leads)"
    assert "3 of 3 leads are left out: what this needs is not known." in words(app)
    joins(database, colleague := person_of("colleague"), stocked, MemberRole.VIEWER)
    app = open_page(PAGE, signed_in(colleague.email.partition("@")[0]), before={OPEN: True})
    assert downloads(app) == []


def test_more_leads_than_that_are_written_by_a_worker_and_wait_for_their_maker(
    open_page: Open, token: str, stocked: Person, database: Database
) -> None:
    copied(database, book_export.MOST_AT_ONCE)
    app = open_page(PAGE, token, before={OPEN: True})
    assert downloads(app) == []
    calm(app.selectbox(key="download_as").set_value("mailing").run())
    assert "At least 10,000 of more than 10,000 leads are left out" in words(app)
    calm(app.selectbox(key="download_as").set_value("csv").run())
    calm(app.button(key="make_file").click().run())
    assert "The file is made now." in words(app)
    (row,) = book_files.mine(stocked)
    assert row.state is FileState.WAITING
    calm(app.button(key="make_file").click().run())
    assert "A file of yours is being made." in words(app)
    work()
    app = open_page(PAGE, token)
    assert "Your CSV file is ready: 10,003 leads" in words(app)
    assert [link.proto.url for link in app.get("link_button")] == [f"/exports/{row.id}"]
    change(database.superuser_url, "update export_files set state = 'failed', said = 'No room on the disk.'")
    app = open_page(PAGE, token)
    assert "The CSV file was not made. No room on the disk." in words(app)
    calm(app.button(key=f"file-again-{row.id.hex}").click().run())
    assert book_files.one(stocked, row.id).state is FileState.WAITING
    calm(app.button(key=f"file-drop-{row.id.hex}").click().run())
    assert book_files.mine(stocked) == ()


def test_ticked_companies_come_onto_the_suppression_list_and_off_it_again(
    open_page: Open, token: str, stocked: Person
) -> None:
    view = lead_table.view_of("book", LeadFilter(), LeadSort.NAME)
    selection = {"selection": {"rows": [2, 0], "columns": [], "cells": []}}
    app = open_page(PAGE, token, before={f"{view}-1": selection}, sort="Name")
    calm(app.button(key="book_suppress").click().run())
    assert "2 companies, by domain, phone numbers, e-mail addresses and name." in words(app)
    calm(app.button(key="book_suppress_go").click().run())
    assert "Say why; it is shown with campaigns that leave them out." in words(app)
    app.text_input(key="book_suppress_reason").set_value("Asked us")
    calm(app.button(key="book_suppress_go").click().run())
    assert "2 companies are on the suppression list, by 2 new entries." in words(app)
    assert suppression_list.check(stocked, "Cafe 003", "Turku") is not None
    assert suppression_list.check(stocked, "Cafe 002", "Turku") is None
    calm(app.button(key="book_suppress_undo").click().run())
    assert "2 entries are off the suppression list again." in words(app)
    assert suppression_list.check(stocked, "Cafe 003", "Turku") is None


def test_ticked_companies_are_erased_once_their_number_is_typed(
    open_page: Open, token: str, stocked: Person
) -> None:
    view = lead_table.view_of("book", LeadFilter(), LeadSort.NAME)
    selection = {"selection": {"rows": [2, 0], "columns": [], "cells": []}}
    app = open_page(PAGE, token, before={f"{view}-1": selection}, sort="Name")
    calm(app.button(key="book_erase").click().run())
    assert "- 2 leads removed" in words(app)
    app.text_input(key="book_erase_typed").set_value("3")
    calm(app.button(key="book_erase_go").click().run())
    assert "Type 2, or close this." in words(app)
    assert len(rows(stocked)) == 3
    app.text_input(key="book_erase_typed").set_value("2")
    calm(app.button(key="book_erase_go").click().run())
    assert "Erased. 2 leads removed" in words(app)
    assert [row.lead.name for row in rows(stocked)] == ["Cafe 002"]


def test_all_that_match_are_erased_but_those_nobody_knows_a_place_of(
    open_page: Open, token: str, person: Person
) -> None:
    finished(person, [lead(number, city="Turku") for number in range(30)] + [lead(40), lead(41)])
    app = open_page(PAGE, token)
    calm(app.button(key="book_erase").click().run())
    said = words(app)
    assert "Erasing 30 companies by name and place" in said
    assert "Neither town nor postcode is known of 2 others: they stay." in said
    assert "There is no undo." in said
    app.text_input(key="book_erase_typed").set_value("30")
    calm(app.button(key="book_erase_go").click().run())
    assert "Erased. 30 leads removed" in words(app)
    assert [row.lead.name for row in rows(person)] == ["Cafe 040", "Cafe 041"]


def test_an_empty_book_says_where_leads_come_from(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    assert "No leads yet" in words(app)
    assert [button.key for button in app.button] == ["start_campaign"]


def test_ticked_companies_or_one_are_looked_up_again_once_the_plan_was_seen(
    open_page: Open, token: str, stocked: Person, database: Database
) -> None:
    view = lead_table.view_of("book", LeadFilter(), LeadSort.NAME)
    selection = {"selection": {"rows": [2, 0], "columns": [], "cells": []}}
    app = open_page(PAGE, token, before={f"{view}-1": selection}, sort="Name")
    calm(app.button(key="book_again").click().run())
    said = words(app)
    assert "**Look up again: 2 companies**" in said
    assert "2 companies of them have neither a website nor an e-mail address" in said
    assert "In your book already" not in said
    assert "Answers we hold are bought anew." in said
    assert (app.radio(key="known").value, app.number_input(key="count").value) == ("refresh", 2)
    assert campaigns.list_mine(stocked).total == 1
    (own,) = lists.newest(stocked)
    form = open_page(FORM, token, **draft_address.query_of_list(own.id, 2, is_of_book=True))
    assert form.radio(key="known").options == ["Include them", "Look them up anew"]
    skipping = draft_address.query_of_list(own.id, 2, is_of_book=True) | {"known": "skip"}
    other = open_page(FORM, token, **skipping)
    assert other.radio(key="known").value == "include"
    assert "there is no choice of new companies only" in words(other)
    calm(form.button(key="start").click().run())
    assert "Look up again: 2 companies" in words(form)
    assert campaigns.list_mine(stocked).rows[0].spec.is_of_book
    app = open_page(PAGE, token, company=rows(stocked)[1].company_id.hex)
    calm(app.button(key="look_up_again").click().run())
    assert "**Look up again: 1 company**" in words(app)
    # Without an order it waits on the page of lists.
    app = open_page("pages/lists.py", token)
    waiting, ordered = lists.newest(stocked)
    assert (waiting.is_of_book, ordered.state) == (True, ListState.ORDERED)
    calm(app.button(key=f"plan-{waiting.id.hex}").click().run())
    assert app.radio(key="known").value == "refresh"
    joins(database, colleague := person_of("colleague"), stocked, MemberRole.VIEWER)
    app = open_page(PAGE, signed_in(colleague.email.partition("@")[0]))
    assert not {"book_again", "look_up_again"} & {button.key for button in app.button}


def test_more_companies_than_a_campaign_takes_are_not_looked_up_at_once(
    open_page: Open, token: str, stocked: Person, database: Database
) -> None:
    copied(database, book_again.MOST_AT_ONCE)
    assert open_page(PAGE, token).button(key="book_again").disabled
    assert not open_page(PAGE, token, kind="Part of a chain").button(key="book_again").disabled


def test_columns_say_who_has_a_mobile_number_and_who_is_on_the_suppression_list(
    open_page: Open, token: str, person: Person
) -> None:
    phones = {1: "+358401234567", 2: "+358912345678", 3: None}
    campaign = finished(person, [lead(n, phone=phone) for n, phone in phones.items()])
    suppression_list.add(person, [suppression_list.understood("+358912345678")], "Asked us")
    chosen = ["Name", "Mobile number", "On the suppression list"]
    table = open_page(PAGE, token, cols=chosen, sort="Name").dataframe[0].value.fillna("")
    assert list(table.columns) == chosen
    assert list(table["Mobile number"]) == ["Yes", "No", ""]
    assert list(table["On the suppression list"]) == ["No", "Yes", "No"]
    results = open_page("pages/results.py", token, campaign=str(campaign), cols=chosen[:2], sort="Name")
    assert list(results.dataframe[0].value["Mobile number"].fillna("")) == ["Yes", "No", ""]


def test_filters_stand_in_the_address_and_narrow_the_list(
    open_page: Open, token: str, stocked: Person
) -> None:
    first = rows(stocked)[0].company_id
    book_work.change(stocked, [first], Change(status="won", adds=("Lunch",)))
    app = open_page(PAGE, token)
    assert "**3** in the book match" in words(app)
    app = open_page(PAGE, token, state="Won", tag="Lunch", owner="Nobody")
    assert "**1** in the book match" in words(app)
    assert list(app.dataframe[0].value["Name"]) == ["Cafe 001"]
    app = open_page(PAGE, token, kind="Part of a chain", sort="Newest first")
    assert list(app.dataframe[0].value["Name"]) == ["Cafe 002"]
    book_export.export(stocked, LeadFilter(ids=(first,)), LeadSort.NAME, "csv")
    app = open_page(PAGE, token, taken="Last 7 days", exported="In a file")
    assert list(app.dataframe[0].value["Name"]) == ["Cafe 001"]
    assert "No company matches these filters" in words(
        open_page(PAGE, token, taken="Longer ago than 90 days")
    )
    calm(app.button(key="clear_filters").click().run())
    assert "**3** in the book match" in words(app)
    assert "clear_filters" not in {button.key for button in app.button}
    assert "exported" not in app.query_params


def test_the_last_export_is_asked_for_by_typed_days_that_stand_in_the_address(
    open_page: Open, token: str, stocked: Person, database: Database
) -> None:
    first = rows(stocked)[0].company_id
    book_export.export(stocked, LeadFilter(ids=(first,)), LeadSort.NAME, "csv")
    moved = "update companies set exported_at = '2026-11-03 23:30+00' where exported_at is not null"
    change(database.superuser_url, moved)
    app = open_page(PAGE, token)
    app.date_input(key="taken_from").set_value(date(2026, 11, 3))
    calm(app.date_input(key="taken_until").set_value(date(2026, 11, 3)).run())
    assert list(app.dataframe[0].value["Name"]) == ["Cafe 001"]
    assert (app.query_params["taken_from"], app.query_params["taken_until"]) == ("2026-11-03", "2026-11-03")
    found = {"taken_from": "2026-11-03", "taken_until": "2026-11-03"}
    assert list(open_page(PAGE, token, **found).dataframe[0].value["Name"]) == ["Cafe 001"]
    for other in (
        {"taken_from": "2026-11-04"},
        {"taken_until": "2026-11-02"},
        # The narrower one of both that ask for a day.
        {"taken": "Longer ago than 90 days", "taken_until": "2026-11-03"},
    ):
        assert "No company matches these filters" in words(open_page(PAGE, token, **other))
    said = words(open_page(PAGE, token, taken_from="last week", taken_until="0001-01-01"))
    assert (
        "Left out, as it cannot be read or is not there any more: Last exported from, Last exported until."
        in said
    )
    assert "**3** in the book match" in said
    # What the address made up is left out.
    app = open_page(PAGE, token, state="made up", tag="<b>", follow="x", page="99")
    assert "**3** in the book match" in words(app)
    app = open_page(PAGE, token, q="nowhere")
    assert "No company matches these filters" in words(app)
    calm(app.button(key="clear").click().run())
    assert "**3** in the book match" in words(app)


def test_a_company_is_worked_on_in_its_panel(open_page: Open, token: str, stocked: Person) -> None:
    company = rows(stocked)[0].company_id
    app = open_page(PAGE, token, company=company.hex)
    key = company.hex
    calm(app.selectbox(key=f"work_status_{key}").set_value("Contacted").run())
    assert "Contacted" in list(app.dataframe[0].value["Status"])
    calm(app.selectbox(key=f"work_owner_{key}").set_value("boss@example.com").run())
    calm(app.date_input(key=f"work_day_{key}").set_value(TODAY).run())
    app.text_area(key=f"work_note_{key}").set_value("Call <b>again</b>")
    calm(app.button(key="note_add").click().run())
    said = words(app)
    assert "The note is added." in said
    assert "Call <b>again</b>" in said
    assert "Status: New → Contacted" in said
    row = rows(stocked)[0]
    assert (row.status, row.owner, row.follow_up_on) == ("contacted", "boss@example.com", TODAY)
    calm(app.button(key="note_add").click().run())
    assert "Write a note of 1 to 4,000 characters." in words(app)


def test_all_that_match_are_changed_together_and_taken_back(
    open_page: Open, token: str, stocked: Person
) -> None:
    app = open_page(PAGE, token, kind="Independent", before={"book_change": True})
    calm(app.button(key="book_change_go").click().run())
    assert "Choose what to change." in words(app)
    assert app.session_state["book_change"]
    app.selectbox(key="bulk_status").set_value("Lost")
    calm(app.button(key="book_change_go").click().run())
    assert "2 companies changed." in words(app)
    # It would lie over that, and over the way back.
    assert not app.session_state["book_change"]
    assert [row.status.value for row in rows(stocked)] == ["lost", "new", "lost"]
    calm(app.button(key="book_undo").click().run())
    assert {row.status.value for row in rows(stocked)} == {"new"}
    said = words(app)
    assert "2 companies are as before." in said
    assert "2 companies changed." not in said


def test_a_viewer_sees_the_book_and_changes_nothing(
    open_page: Open, stocked: Person, colleague: str, database: Database
) -> None:
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, stocked, MemberRole.VIEWER)
    with transaction(Role.WEB, proof=other.proof) as conn:
        users.switch_workspace(conn, stocked.workspace_id)
    company = rows(stocked)[0].company_id
    app = open_page(PAGE, colleague, company=company.hex)
    assert "**3** in the book match" in words(app)
    assert app.selectbox(key=f"work_status_{company.hex}").disabled
    # Without anything to do with them there are no boxes to tick.
    assert Dataframe.SelectionMode.MULTI_ROW not in app.dataframe[0].proto.selection_mode
    assert not {"book_change_go", "note_add", "edit_save"} & {button.key for button in app.button}


@pytest.mark.parametrize("company", ["x", "00000000000000000000000000000007"])
def test_a_company_that_is_not_there_is_said_so_calmly(
    open_page: Open, token: str, stocked: Person, company: str
) -> None:
    said = words(open_page(PAGE, token, company=company))
    assert "**3** in the book match" in said
    assert ("We can't find that company." in said) is (company != "x")
