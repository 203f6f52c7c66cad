"""What a click on the head of a column does to the order of the leads."""

from __future__ import annotations

import pytest

from services.results import LeadSort
from services.saved_views import Listing
from ui import lead_columns
from ui.lead_sorts import BOOK_WORDS, WORDS, after_click, heading


def test_every_order_has_words_of_its_own() -> None:
    assert set(BOOK_WORDS) == set(LeadSort)
    assert len(set(BOOK_WORDS.values())) == len(LeadSort)
    # Leads of one campaign hardly differ in when they were found, and what the team says is the book's.
    of_book = ("newest", "last_seen", "follow_up", "team_status", "owner", "tags")
    assert set(BOOK_WORDS) - set(WORDS) == {sort for sort in LeadSort if sort.removeprefix("-") in of_book}


@pytest.mark.parametrize("column", lead_columns.titles(Listing.BOOK))
def test_every_column_sorts_but_what_is_said_when_it_is_shown(column: str) -> None:
    said = ("Why empty", "Mobile number", "Criteria", "Ruled out", "On the suppression list")
    assert (after_click(column, LeadSort.BEST) is not LeadSort.BEST) == (column not in said)


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
        ("Rating", LeadSort.RATING, "Rating ↓"),
        ("City", LeadSort.NAME, "City"),
        ("Why empty", LeadSort.NAME, "Why empty"),
    ],
)
def test_the_head_shows_which_way(column: str, now: LeadSort, shown: str) -> None:
    assert heading(column, now) == shown
