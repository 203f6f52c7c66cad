"""Two runs beside each other: the choice, the differences as filters, what to keep in mind, and the way to a lead."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.campaign import CampaignStatus
from services.identity import Person
from store.progress import End
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import SPEC, finished, lead

PAGE = "pages/compare.py"


@pytest.fixture
def two(person: Person) -> tuple[UUID, UUID]:
    """Two runs with one new company, two that are gone, and one that changed."""
    first = ended(person, [lead(1), lead(2, phone="+358401234567"), lead(3)])
    return first, ended(person, [lead(2, phone="+358407654321"), lead(4)])


def shown(open_page: Open, session: str, two: tuple[UUID, UUID], **query: str) -> AppTest:
    return open_page(PAGE, session, **{"campaign": str(two[1]), "with": str(two[0]), **query})


def column(app: AppTest, name: str) -> list[object]:
    return list(app.dataframe[0].value[name])


def test_each_difference_is_a_filter_with_its_number_and_its_table(
    open_page: Open, token: str, two: tuple[UUID, UUID]
) -> None:
    app = shown(open_page, token, two)
    (choice,) = app.get("button_group")
    assert [option.content for option in choice.proto.options] == ["New 1", "Gone 2", "Changed 1"]
    assert column(app, "Name") == ["Cafe 004"]
    assert "0 companies are as before. Both runs are of the same order." in words(app)
    app = shown(open_page, token, two, differences="gone")
    assert column(app, "Name") == ["Cafe 003", "Cafe 001"]
    assert column(app, "Why") == ["Not found in this run."] * 2
    app = shown(open_page, token, two, differences="changed")
    assert [column(app, name) for name in ("Name", "Value", "Before", "Now")] == [
        ["Cafe 002"],
        ["Phone"],
        ["+358401234567"],
        ["+358407654321"],
    ]
    calm(app.selectbox(key="value").set_value("phone").run())
    assert app.query_params["value"] in ("phone", ["phone"])
    assert "Download these (1)" in words(app)


def test_the_order_of_the_ids_and_a_page_behind_the_last_change_nothing(
    open_page: Open, token: str, two: tuple[UUID, UUID]
) -> None:
    app = open_page(PAGE, token, **{"campaign": str(two[0]), "with": str(two[1]), "page": "99"})
    assert column(app, "Name") == ["Cafe 004"]
    assert "1 of 1 company." in words(app)


def test_what_the_address_cannot_mean_counts_as_missing(
    open_page: Open, token: str, two: tuple[UUID, UUID]
) -> None:
    app = shown(open_page, token, two, differences="nonsense", value="'; --", page="-1", lead="x")
    assert column(app, "Name") == ["Cafe 004"]


def test_the_other_run_is_chosen_from_a_list(open_page: Open, token: str, two: tuple[UUID, UUID]) -> None:
    app = open_page(PAGE, token, campaign=str(two[1]))
    assert "Same order" in app.selectbox(key="with").options[0]
    calm(app.selectbox(key="with").set_value(two[0]).run())
    assert column(app, "Name") == ["Cafe 004"]


def test_without_another_run_that_is_said(open_page: Open, token: str, person: Person) -> None:
    alone = str(ended(person, [lead(1)]))
    assert "There is no other run" in words(open_page(PAGE, token, campaign=alone))
    said = words(open_page(PAGE, token, **{"campaign": alone, "with": alone}))
    assert "These are the same run." in said


def test_what_cuts_a_comparison_short_is_said(open_page: Open, token: str, person: Person) -> None:
    first = finished(person, [lead(1)], SPEC.model_copy(update={"max_results": 1}))
    end = End(status=CampaignStatus.PARTIAL, message="Ended.", reason="The budget is used up.")
    second = ended(person, [lead(2)], end)
    assert (
        "The earlier run has the 1 lead that was ordered, the best of all, so new may mean: not reached then."
    ) in words(shown(open_page, token, (first, second)))
    said = words(shown(open_page, token, (first, second), differences="gone"))
    assert "The later run ended early, so gone may mean: not reached by it. The budget is used up." in said
    # Of what there is none of, it does not matter what it may mean.
    none = shown(open_page, token, (first, ended(person, [lead(1)])))
    assert "Nothing is new between these runs." in words(none)
    assert "may mean" not in words(none)


def test_orders_that_differ_are_set_beside_each_other(open_page: Open, token: str, person: Person) -> None:
    first = finished(person, [lead(1)])
    second = finished(person, [lead(1)], SPEC.model_copy(update={"radius_km": 3.0}))
    app = shown(open_page, token, (first, second))
    assert [expander.label for expander in app.expander] == ["The orders differ in 1 point"]
    assert app.table[0].value.to_numpy().tolist() == [["Area", "the whole place", "3 km around it"]]
    assert "Nothing is new between these runs." in words(app)


@pytest.mark.parametrize("name", ["campaign", "with"])
def test_another_persons_run_looks_like_none(
    open_page: Open, person: Person, colleague: str, two: tuple[UUID, UUID], name: str
) -> None:
    mine = {"campaign": str(two[0]), "with": str(two[1])}
    theirs = words(open_page(PAGE, colleague, **mine))
    assert theirs == words(open_page(PAGE, colleague, **{**mine, name: str(uuid4())}))
    assert "We can't find that campaign" in theirs
    assert "Cafe" not in theirs


@pytest.mark.parametrize("given", ["", "x", "\x00", "1 or 1=1"])
def test_an_address_without_a_campaign_is_told_calmly(open_page: Open, token: str, given: str) -> None:
    assert "We can't find that campaign" in words(
        open_page(PAGE, token, **{"campaign": given, "with": given})
    )
