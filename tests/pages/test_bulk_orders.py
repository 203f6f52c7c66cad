"""Ordering many campaigns at once: what is written, what is wrong, the quote, and what is done to all of them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from services import bulk_orders, campaigns
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import make_known

NEW, ALL = "pages/new_bulk_order.py", "pages/bulk_orders.py"


@pytest.fixture(autouse=True)
def helsinki(token: str) -> None:
    make_known("Helsinki")


def pasted(open_page: Open, token: str, text: str) -> AppTest:
    app = open_page(NEW, token)
    calm(app.radio(key="bulk_way").set_value("Pasted list").run())
    return calm(app.text_area(key="bulk_text").set_value(text).run())


def test_a_list_with_a_bad_line_goes_on_without_it_once_it_is_quoted(
    open_page: Open, token: str, person: Person
) -> None:
    app = pasted(
        open_page, token, "cafe; Helsinki; 20\nnonsense\nbakery; Helsinki; many\ncafe; Helsinki; 5\n"
    )
    assert "Cannot be ordered: 2 rows" in words(app)
    first, second = app.table[0].value["What to do"]
    assert "dentist; Helsinki; 20" in first
    assert "cannot be read as a number" in second
    assert "Duplicates: 1 row" in words(app)
    assert not [button for button in app.button if button.key == "bulk_quote"]
    calm(app.checkbox(key="bulk_go_on-2-2").check().run())
    calm(app.button(key="bulk_quote").click().run())
    assert "Expected cost: $0.00" in words(app)
    calm(app.radio(key="bulk_way").set_value("File").run())
    calm(app.switch_page(ALL).run())
    calm(app.switch_page(NEW).run())
    calm(app.radio(key="bulk_way").set_value("Pasted list").run())
    assert "nonsense" in str(app.text_area(key="bulk_text").value), "nothing typed is lost"
    calm(app.checkbox(key="bulk_go_on-2-2").check().run())
    calm(app.button(key="bulk_start").click().run())
    (made,) = bulk_orders.listing(person).rows
    assert (made.total, made.cap_micros, made.cost_high_micros) == (1, 0, 0)
    assert campaigns.list_mine(person).rows[0].spec.max_results == 20


def test_what_is_demanded_of_all_is_refused_row_by_row_where_nobody_states_it(
    open_page: Open, token: str
) -> None:
    app = pasted(open_page, token, "cafe; Helsinki; 20\nbakery; Helsinki")
    calm(app.number_input(key="bulk_min_rating").set_value(7.0).run())
    assert "between 0 and 5 stars" in app.table[0].value["What to do"].iloc[0]
    calm(app.number_input(key="bulk_min_rating").set_value(4.5).run())
    assert "None of the chosen sources states a rating" in app.table[0].value["What to do"].iloc[1]


def test_every_type_is_ordered_in_every_place(open_page: Open, token: str, person: Person) -> None:
    app = open_page(NEW, token)
    app.multiselect(key="bulk_types").set_value(["Café", "Bakery"])
    app.multiselect(key="bulk_places").set_value(["Helsinki"])
    calm(app.number_input(key="bulk_count").set_value(7).run())
    calm(app.button(key="bulk_quote").click().run())
    calm(app.button(key="bulk_start").click().run())
    (made,) = bulk_orders.listing(person).rows
    assert made.total == 2
    assert [bulk.title for bulk in bulk_orders.watch(person, made.id)[1]] == [
        "Café in Helsinki",
        "Bakery in Helsinki",
    ]


def test_a_file_is_ordered_by_the_columns_that_are_chosen(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(NEW, token)
    calm(app.radio(key="bulk_way").set_value("File").run())
    calm(app.file_uploader(key="bulk_file").upload("bad.csv", b"\x89PNG\r\n").run())
    assert "The file is a picture" in words(app)
    table = b"what,town,how many\ncafe,Helsinki,3\nbakery,Helsinki,4\n"
    app.file_uploader(key="bulk_file").upload("orders.csv", table)
    calm(app.run())
    assert "Choose the column of the types" in words(app)
    whom = next(box for box in app.selectbox if box.label == "Business types")
    calm(whom.set_value("what").run())
    assert "2 rows read" in words(app)
    calm(app.button(key="bulk_quote").click().run())
    calm(app.button(key="bulk_start").click().run())
    (made,) = bulk_orders.listing(person).rows
    (first, second) = bulk_orders.watch(person, made.id)[1]
    assert (first.title, second.title) == ("cafe in Helsinki", "bakery in Helsinki")
    waiting = open_page("pages/progress.py", token, campaign=str(first.id))
    assert "Waiting for its turn in the bulk order" in words(waiting)


def test_it_is_watched_paused_resumed_and_stopped(open_page: Open, token: str, person: Person) -> None:
    app = pasted(open_page, token, "cafe; Helsinki\nbakery; Helsinki")
    calm(app.button(key="bulk_quote").click().run())
    calm(app.button(key="bulk_start").click().run())
    app = open_page(ALL, token, bulk=str(bulk_orders.listing(person).rows[0].id))
    assert "Waiting: 2" in words(app)
    assert list(app.dataframe[0].value["Campaign"]) == ["cafe in Helsinki", "bakery in Helsinki"]
    calm(app.button(key="bulk_pause").click().run())
    assert "No further campaign begins" in words(app)
    assert "0 of 2 campaigns ended" in words(open_page("pages/home.py", token))
    calm(app.button(key="bulk_resume").click().run())
    calm(app.button(key="bulk_stop").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "Cancelled: 2" in words(app)
    listed = open_page(ALL, token)
    assert "2 of 2 campaigns ended" in words(listed)
    assert "We can't find that bulk order" in words(open_page(ALL, token, bulk="x"))
    assert "No campaign matches" not in words(open_page("pages/campaigns.py", token))
