"""The page of uploaded lists."""

from __future__ import annotations

from services import book, campaigns, lists
from services.identity import Person
from services.lead_filter import LeadFilter
from services.lists import ListKind
from services.results import LeadSort
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import TODAY, finished, lead
from tests.support.lists import checked, kept, work

PAGE = "pages/lists.py"
FILE = b"Firma;Webseite;Kdnr\nLantern;lantern.test;7\nNobody;;8\n"


def test_a_list_is_mapped_checked_kept_removed_and_brought_back(
    open_page: Open, token: str, person: Person
) -> None:
    finished(person, [lead(1, name="Lantern", domain="lantern.test", website="http://lantern.test/")])
    app = open_page(PAGE, token)
    app.text_input(key="list_name-0").set_value("Fair *2026*")
    app.file_uploader(key="list_file-0").upload("bad.csv", b"\x89PNG\r\n")
    calm(app.run())
    assert "The file is a picture." in words(app)
    assert app.text_input(key="list_name-0").value == "Fair *2026*"
    app.file_uploader(key="list_file-0").upload("fair.csv", FILE)
    calm(app.run())
    chosen = {box.label: box.value for box in app.selectbox}
    assert (chosen["Name"], chosen["Website or domain"]) == ("Firma", "Webseite")
    (number,) = [box for box in app.selectbox if box.label == "Your number for it"]
    number.set_value("Kdnr")
    calm(app.run())
    assert app.dataframe[0].value["Cannot be used"].tolist()[1].startswith("“Nobody” has no town")
    calm(app.button(key="list_check").click().run())
    assert "Nothing is kept before you say so." in words(app)
    assert app.text_input(key="list_name-1").value == ""
    work()
    app = open_page(PAGE, token)
    assert "It would mark 1 company of the book as customers" in words(app)
    (offered,) = lists.newest(person)
    assert "Row 3: “Nobody” has no town" in words(app)
    calm(app.button(key=f"keep-{offered.id.hex}").click().run())
    work()
    app = open_page(PAGE, token)
    assert "1 row, 1 company of the book marked." in words(app)
    calm(app.button(key=f"remove-{offered.id.hex}").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "The list is removed." in words(app)
    calm(app.button(key=f"restore-{offered.id.hex}").click().run())
    assert "The list is back, with its marks." in words(app)


def test_the_panel_of_a_company_says_on_which_lists_it_stands(
    open_page: Open, token: str, person: Person
) -> None:
    finished(person, [lead(1, name="Lantern", domain="lantern.test", website="http://lantern.test/")])
    kept(person, FILE, ListKind.CUSTOMERS, "Fair")
    (row,) = book.companies(person, LeadFilter(), LeadSort.NAME, TODAY).rows
    said = [each.value for each in open_page("pages/leads.py", token, company=row.company_id.hex).info]
    assert any("Customer: on the list Fair of" in each.replace("\\", "") for each in said)


def test_an_own_list_is_planned_and_ordered_from_its_card(
    open_page: Open, token: str, person: Person
) -> None:
    checked(person, FILE, ListKind.OWN, "Fair *2026*")
    (uploaded,) = lists.newest(person)
    app = open_page(PAGE, token)
    assert "Nothing is looked up or paid before you have seen the plan." in words(app)
    assert app.button(key=f"plan-{uploaded.id.hex}").label == "Plan a campaign of 1 row"
    form = open_page("pages/new_campaign.py", token, list=str(uploaded.id), count="1")
    assert "Companies of your list" in words(form)
    assert [metric.value for metric in form.metric if metric.label == "Companies of the list"] == ["1"]
    assert not [box for box in (*form.selectbox, *form.multiselect) if box.key in ("where", "type", "source")]
    calm(form.button(key="start").click().run())
    (made,) = campaigns.list_mine(person, status=None, text=None, cursor=None).rows
    assert (made.title, made.spec.own_list, made.spec.max_results) == ("List Fair *2026*", uploaded.id, 1)
    # A click that interrupts the way to the progress leads there all the same.
    form.switch_page("pages/new_campaign.py")
    form.query_params["list"], form.session_state["draft_wanted"] = str(uploaded.id), True
    calm(form.run())
    assert "This list is not kept any more" not in words(form)
    assert campaigns.list_mine(person, status=None, text=None, cursor=None).total == 1
    assert "A campaign is ordered of it." in words(open_page(PAGE, token))
    again = open_page("pages/new_campaign.py", token, list=str(uploaded.id))
    assert "This list is not kept any more" in words(again)
    assert "start" not in [button.key for button in again.button]
    calm(again.button(key="without_list").click().run())
    assert "Who are you looking for?" in words(again)
