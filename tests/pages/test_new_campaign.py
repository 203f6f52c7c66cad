"""Ordering a campaign: what is asked, what is refused and what becomes of a click."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import settings
from pipeline.campaign import CampaignSpec
from services import campaigns
from services.identity import Person
from services.lists import ListKind
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import make_known
from tests.support.campaigns import SPEC, finished, lead, submitted
from tests.support.catalogue import fill, row
from tests.support.lists import kept
from ui import draft_address

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


def test_words_of_any_language_are_as_good_as_the_list(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Friseure"], where="helsinki, FINLAND")
    assert "Friseure in helsinki, FINLAND" in words(app)
    assert total(person) == 1


def test_a_word_nobody_understands_starts_nothing_until_a_person_chooses(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Resturant"], where="Helsinki")
    assert "“Resturant” is no type of business known here. Did you mean Restaurant" in words(app)
    assert total(person) == 0
    calm(app.button(key="type_0_names").click().run())
    assert "businesses whose name or description says “resturant”" in words(app)
    calm(app.button(key="start").click().run())
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0]
    assert made.spec.by_name == ("Resturant",)


def test_an_alternative_is_a_click(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token, type=["Resturant"], where="Helsinki")
    calm(app.button(key="type_0_0").click().run())
    assert app.multiselect(key="type").value == ["Restaurant"]
    assert "“Restaurant” → Restaurant, " in words(app)


def test_a_place_in_the_type_becomes_the_place(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    calm(app.multiselect(key="type").set_value(["Friseur in Helsinki"]).run())
    assert app.multiselect(key="type").value == ["Friseur"]
    assert app.selectbox(key="where").value == "Helsinki"


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


def test_an_order_that_leaves_some_out_says_how_many_and_is_placed_as_it_stands(
    open_page: Open, token: str, person: Person, tmp_path: Path
) -> None:
    fill(tmp_path, row(1), row(2, brand="Cup & Co"), row(3, phone="+358 9 1234567"))
    query = {"type": ["Café"], "where": "Town", "independents": "true", "reach": "30", "min": "10"}
    app = open_page(PAGE, token, **query, score="50")
    assert "asked for a score of 50, the single figure of earlier versions" in words(app)
    kept = [caption.value for caption in app.caption if caption.value.startswith("Keeps ")]
    assert sorted(said.split()[1] for said in kept) == ["1", "1", "2", "all"]
    calm(app.button(key="start").click().run())
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0].spec
    assert (made.min_confidence, made.min_reach, made.independents_only, made.min_score) == (
        10,
        30,
        True,
        None,
    )


def test_what_only_some_sources_state_is_demanded_where_one_of_them_is_asked(
    open_page: Open, token: str, person: Person, tmp_path: Path
) -> None:
    fill(tmp_path, row(1), row(2))
    query = {"type": ["Café"], "where": "Town", "founded": "2015", "size": ["small", "huge"]}
    app = open_page(PAGE, token, **query)
    assert "“huge” cannot be chosen here and was left out." in words(app)
    assert "Ratings come from Google Places alone" in words(app)
    assert words(app).count("Keeps 0 of 2") == 2
    calm(app.number_input(key="rating").set_value(4.5).run())
    assert "None of the chosen sources states a rating. Google Places would, and is not set up" in words(app)
    calm(app.button(key="start").click().run())
    assert total(person) == 0
    calm(app.number_input(key="rating").set_value(None).run())
    calm(app.button(key="start").click().run())
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0].spec
    assert (made.founded_since, made.company_sizes, made.min_rating) == (2015, ("small",), None)
    assert draft_address.query_of(made)["size"] == ["small"]
    assert "founded since 2015" in words(app)


def test_an_order_for_new_companies_says_what_the_book_holds_and_is_placed_as_it_stands(
    open_page: Open, token: str, person: Person, tmp_path: Path
) -> None:
    fill(tmp_path, row(1), row(2), row(3))
    finished(person, [lead(1)])
    query = {"type": ["Café"], "where": "Town"}
    app = open_page(PAGE, token, **query)
    assert "In your book already: 1 of 3. To include them costs nothing." in words(app)
    assert "Would keep 2 of 3" in words(app)
    calm(app.radio(key="known").set_value("skip").run())
    assert app.query_params["known"] in ("skip", ["skip"])
    assert "Keeps 2 of 3" in words(app)
    assert "The best 25 new" not in words(app)
    assert "Only 2 of 3 businesses known in Town are new" in words(app)
    calm(app.button(key="start").click().run())
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0].spec
    assert made.skips_known
    assert "new companies only" in words(app)
    assert draft_address.query_of(made)["known"] == ["skip"]


def test_an_order_that_refreshes_says_plainly_what_that_costs_and_stands_in_the_address(
    open_page: Open, token: str, person: Person, tmp_path: Path
) -> None:
    fill(tmp_path, row(1), row(2))
    finished(person, [lead(1)])
    app = open_page(PAGE, token, type=["Café"], where="Town")
    assert "Answers we hold are bought anew. Using" not in words(app)
    calm(app.radio(key="known").set_value("refresh").run())
    assert app.query_params["known"] in ("refresh", ["refresh"])
    assert "Answers we hold are bought anew. Using them instead, this order costs $0.00." in words(app)
    calm(app.button(key="start").click().run())
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0].spec
    assert made.refreshes
    assert "companies of the book looked up anew" in words(app)
    assert draft_address.query_of(made)["known"] == ["refresh"]
    again = open_page(PAGE, token, type=["Café"], where="Town", known="perhaps")
    assert again.radio(key="known").value == "include"
    assert "“perhaps” cannot be chosen here and was left out." in words(again)


def test_customers_are_left_out_unless_the_person_wants_them(
    open_page: Open, token: str, person: Person, tmp_path: Path
) -> None:
    fill(tmp_path, row(1, website="https://anchor.test"), row(2), row(3))
    kept(person, b"website\nanchor.test\n", ListKind.CUSTOMERS)
    app = open_page(PAGE, token, type=["Café"], where="Town")
    assert app.checkbox(key="customers").value
    assert "Customers of yours: 1 of 3." in words(app)
    assert "Keeps 2 of 3" in words(app)
    calm(app.checkbox(key="customers").uncheck().run())
    assert app.query_params["customers"] in ("false", ["false"])
    assert "Would keep 2 of 3" in words(app)
    again = open_page(PAGE, token, type=["Café"], where="Town", customers="false")
    assert not again.checkbox(key="customers").value
    calm(again.button(key="start").click().run())
    calm(app.checkbox(key="customers").check().run())
    calm(app.button(key="start").click().run())
    made = [row.spec for row in campaigns.list_mine(person, status=None, text=None, cursor=None).rows]
    assert [spec.skip_customers for spec in made] == [True, False]
    assert [draft_address.query_of(spec).get("customers") for spec in made] == [None, ["false"]]


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


def test_what_comes_near_a_misspelt_place_is_one_click(open_page: Open, token: str) -> None:
    only = ["Open data"]
    app = open_page(PAGE, token, type=["Café"], where="Helsnki", source=only)
    assert "No place called “Helsnki” is known here. Did you mean Helsinki" in words(app)
    assert app.selectbox(key="where").value == "Helsnki"
    # The stand-in for a browser only sends back what is in the list.
    app.selectbox(key="where").options.append("Helsnki")
    offer = app.button(key="place-0")
    assert offer.label.replace("\\", "").startswith("Helsinki, Finland · ")
    calm(offer.click().run())
    assert app.selectbox(key="where").value == "Helsinki"
    assert "Looking in Helsinki" in words(app)


@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ({"count": "１０"}, "count", 10),
        ({"budget": "1,50"}, "budget", 1.5),
        ({"radius": "0,5"}, "radius", 0.5),
        ({"min": "101"}, "min", 100),
    ],
)
def test_numbers_in_the_address_are_understood(
    open_page: Open, token: str, query: dict[str, str], key: str, value: float
) -> None:
    app = open_page(PAGE, token, **query)
    field = app.slider(key=key) if key == "min" else app.number_input(key=key)
    assert field.value == value


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"count": "Infinity"}, "“Infinity” cannot be read as a number. Ask for a whole number of leads"),
        ({"count": "10.5"}, "“10.5” cannot be read as a number. Ask for a whole number of leads"),
        ({"radius": "NaN"}, "“NaN” cannot be read as a number. The radius must be"),
        ({"budget": "1,234"}, "“1,234” cannot be read as a number. The budget must be"),
        ({"min": "high"}, "“high” cannot be read as a number. The minimum confidence must be"),
    ],
)
def test_an_amount_that_cannot_be_read_is_said_and_becomes_no_other(
    open_page: Open, token: str, person: Person, query: dict[str, str], sentence: str
) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Café"], where="Helsinki", **query)
    assert sentence in words(app)
    assert total(person) == 0
    (name,) = query
    assert app.query_params[name] in (query[name], [query[name]])
    calm((app.slider if name == "min" else app.number_input)(key=name).set_value(7).run())
    assert "cannot be read" not in words(app)


def test_a_choice_that_cannot_be_made_here_is_left_out_and_said(open_page: Open, token: str) -> None:
    app = open_page(
        PAGE, token, type=["Café"], where="Helsinki", source=["Google Places", "OpenStreetMap, live"]
    )
    assert "“Google Places” cannot be chosen here and was left out." in words(app)
    assert app.pills(key="source").value == ["OpenStreetMap, live"]


@pytest.mark.parametrize(("field", "value"), [("type", ["x" * 201]), ("where", "x" * 201)])
def test_a_text_that_is_too_long_is_told_so(
    open_page: Open, token: str, field: str, value: str | list[str]
) -> None:
    said = words(open_page(PAGE, token, **{"type": ["Café"], "where": "Helsinki", field: value}))
    assert "Use at most 200 characters." in said
    assert "Choose at most 10" not in said


def test_the_address_holds_the_whole_order(
    open_page: Open, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is what is usual, which may be something else tomorrow."""
    app = open_page(PAGE, token, type=["Café"], where="Helsinki")
    calm(app.multiselect(key="lookup").set_value([]).run())
    monkeypatch.setenv("HUNTER_IO_API_KEY", "canary-key-of-nobody")
    settings.get.cache_clear()
    address = {name: app.query_params[name] for name in app.query_params}
    again = open_page(PAGE, token, **address)
    assert again.multiselect(key="lookup").value == []
    assert {name: again.query_params[name] for name in again.query_params} == address
    assert set(address) == {"type", "where", "count", "min", "reach", "budget", "source", "lookup"}


def test_an_order_placed_before_fills_the_form_as_it_was(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = CampaignSpec(business_types=("Café", "Dentist"), location="Helsinki", radius_km=0.5)
    monkeypatch.setenv("HUNTER_IO_API_KEY", "canary-key-of-nobody")
    settings.get.cache_clear()
    app = AppTest.from_function(_spec_of_the_form)
    for name, value in draft_address.query_of(placed).items():
        app.query_params[name] = value
    calm(app.run())
    assert app.session_state["spec"] == placed


def _spec_of_the_form() -> None:
    import streamlit as st

    from ui import campaign_form

    st.session_state["spec"], *_ = campaign_form.fields()


def test_criteria_stand_in_the_address_and_in_the_order(open_page: Open, token: str, person: Person) -> None:
    asked = {"must": ["has its own kitchen"], "nice": ["hiring"], "mustnot": ["Delivers"]}
    app = open_page(PAGE, token, type=["Café"], where="Helsinki", **asked)
    assert [app.multiselect(key=key).value for key in asked] == list(asked.values())
    assert "compared with your words and phrases" in words(app)
    calm(app.button(key="start").click().run())
    made = campaigns.list_mine(person, status=None, text=None, cursor=None).rows[0].spec
    assert (made.must_have, made.nice_to_have, made.must_not) == tuple(map(tuple, asked.values()))
    assert {key: values for key, values in draft_address.query_of(made).items() if key in asked} == asked


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"must": ["a1", "b1", "c1"], "nice": ["d1", "e1", "f1"]}, "Ask for at most 5 things in all."),
        ({"must": [f"{letter}1" for letter in "abcdef"]}, "Ask for at most 5 things in all."),
        ({"must": ["hiring"], "mustnot": ["Hiring"]}, "The same is asked for twice."),
        ({"must": ["???"]}, "This says nothing in words"),
        ({"nice": ["x" * 201]}, "Use at most 200 characters."),
    ],
)
def test_criteria_that_cannot_be_asked_are_told_and_stay(
    open_page: Open, token: str, person: Person, asked: dict[str, list[str]], sentence: str
) -> None:
    app = open_page(PAGE, token, before=WANTED, type=["Café"], where="Helsinki", **asked)
    assert sentence in words(app)
    assert all(app.multiselect(key=key).value == values for key, values in asked.items())
    assert total(person) == 0


def test_an_address_of_the_progress_fills_the_form_with_what_was_ordered(
    open_page: Open, token: str, person: Person
) -> None:
    campaign_id = submitted(person, SPEC)
    app = open_page(PAGE, token, campaign=str(campaign_id))
    assert app.multiselect(key="type").value == list(SPEC.business_types)
    assert app.selectbox(key="where").value == SPEC.location
    assert "campaign" not in app.query_params
