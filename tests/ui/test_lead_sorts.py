"""What a click on the head of a column does to the order of the leads."""

from __future__ import annotations

import pytest

from services.results import LeadSort
from ui.lead_sorts import WORDS, after_click, heading


def test_every_order_has_words_of_its_own() -> None:
    assert set(WORDS) == set(LeadSort)
    assert len(set(WORDS.values())) == len(LeadSort)


@pytest.mark.parametrize(
    ("column", "now", "then"),
    [
        ("Name", LeadSort.CONFIDENCE, LeadSort.NAME),
        ("Name", LeadSort.NAME, LeadSort.NAME_REVERSED),
        ("Name", LeadSort.NAME_REVERSED, LeadSort.NAME),
        ("Confidence", LeadSort.NAME_REVERSED, LeadSort.CONFIDENCE),
        ("Why empty", LeadSort.CITY, LeadSort.CITY),
    ],
)
def test_a_click_sorts_by_the_column_and_a_second_one_the_other_way_round(
    column: str, now: LeadSort, then: LeadSort
) -> None:
    assert after_click(column, now) is then


@pytest.mark.parametrize(
    ("column", "now", "shown"),
    [
        ("Name", LeadSort.NAME, "Name ↑"),
        ("Name", LeadSort.NAME_REVERSED, "Name ↓"),
        ("Confidence", LeadSort.CONFIDENCE, "Confidence ↓"),
        ("Cost", LeadSort.COST_REVERSED, "Cost ↑"),
        ("City", LeadSort.NAME, "City"),
        ("Why empty", LeadSort.NAME, "Why empty"),
    ],
)
def test_the_head_shows_which_way(column: str, now: LeadSort, shown: str) -> None:
    assert heading(column, now) == shown
