"""Ordering a campaign: what is asked, what is refused and what becomes of a click."""

from __future__ import annotations

import pytest

from services import campaigns
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import make_known

PAGE = "pages/new_campaign.py"
# As if the button had been clicked.
WANTED = {"draft_wanted": True}


@pytest.fixture(autouse=True)
def helsinki(token: str) -> None:
    make_known("Helsinki")


def total(person: Person) -> int:
    return campaigns.list_mine(person, status=None, text=None, cursor=None).total


def test_an_untouched_form_has_no_mistakes(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    assert app.number_input(key="count").value == 25
    assert app.number_input(key="budget").value == 0
    assert "Choose or type" not in words(app)
    assert "Choose a type of business and a place" in words(app)


def test_starting_an_empty_form_says_what_is_missing(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token)
    calm(app.button(key="start").click().run())
    assert "Choose or type at least one type of business." in words(app)
    assert "Choose or type a place." in words(app)
    assert total(person) == 0


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("count", 0, "between 1 and 1,000"),
        ("count", 5000, "between 1 and 1,000"),
        ("radius", 0.0, "between 0.1 and 100 km"),
        ("radius", 1e300, "between 0.1 and 100 km"),
        ("budget", -1.0, "between $0 and $10,000"),
        ("budget", 1e300, "between $0 and $10,000"),
        ("budget", 0.0000001, "at most six decimals"),
    ],
)
def test_a_wrong_figure_is_told_at_once_and_stays(
    open_page: Open, token: str, person: Person, key: str, value: float, sentence: str
) -> None:
    app = open_page(PAGE, token, type=["Café"], where="Helsinki")
    calm(app.number_input(key=key).set_value(value).run())
    assert sentence in words(app)
    assert app.number_input(key=key).value == value
    calm(app.button(key="start").click().run())
    assert sentence in words(app)
    assert app.selectbox(key="where").value == "Helsinki"
    assert total(person) == 0


@pytest.mark.parametrize("text", ["x" * 10_001, "\u200b\u00a0", "\x00abc"])
def test_a_place_that_is_none_is_told_so(open_page: Open, token: str, person: Person, text: str) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Café"], where=text)
    assert [title.value for title in app.title] == ["New campaign"]
    assert total(person) == 0


def test_words_of_ones_own_are_as_good_as_the_list(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Unicorn shop"], where="Nowhere at all")
    assert "Unicorn shop in Nowhere at all" in words(app)
    assert total(person) == 1


def test_an_order_becomes_a_campaign_and_shows_its_progress(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(PAGE, token, type=["Café", "Dentist"], where="Helsinki", radius="5", count="10")
    assert "Matching businesses we know of" in words(app)
    calm(app.button(key="start").click().run())
    assert "Café, Dentist in Helsinki" in words(app)
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0]
    assert made.spec.business_types == ("Café", "Dentist")
    assert (made.spec.radius_km, made.spec.max_results) == (5, 10)
    assert app.query_params["campaign"] in (str(made.id), [str(made.id)])


def test_a_place_only_a_chosen_source_may_know_is_no_spelling_mistake(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token, type=["Café"], where="Somewhere", source=["OpenStreetMap, live"])
    assert "“Somewhere” is not in this installation's catalogue; it is looked up" in words(app)
    assert "spelling" not in words(app)
    assert "Not known yet" in [metric.value for metric in app.metric]


def test_clicks_that_interrupt_each_other_make_one_campaign(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Café"], where="Helsinki")
    for _ in range(3):
        app.switch_page(PAGE)
        app.query_params["type"], app.query_params["where"] = ["Café"], "Helsinki"
        app.session_state["draft_wanted"] = True
        calm(app.run())
    assert total(person) == 1


def test_somebody_who_came_back_orders_anew(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, type=["Café"], where="Helsinki")
    for _ in range(2):
        calm(app.button(key="start").click().run())
        app.switch_page(PAGE)
        app.query_params["type"], app.query_params["where"] = ["Café"], "Helsinki"
        calm(app.run())
    assert total(person) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"count": "abc", "min": "-5", "budget": "1,50", "radius": "NaN"},
        {"count": "1e9", "min": "101", "budget": "1e308", "radius": "Infinity"},
        {
            "type": ["<script>alert(1)</script>", "![x](http://evil.test/p.png)"],
            "where": "'; DROP TABLE leads;--",
        },
        {"type": [f"type {n}" for n in range(30)], "where": "x" * 10_000},
        {"source": "somewhere", "unknown": "1"},
    ],
)
def test_a_hostile_address_is_taken_calmly(
    open_page: Open, token: str, person: Person, query: dict[str, str | list[str]]
) -> None:
    app = open_page(PAGE, token, **query)
    assert [title.value for title in app.title] == ["New campaign"]
    assert total(person) == 0
