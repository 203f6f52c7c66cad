"""Figures read the way people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ui import format as fmt

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("micros", "shown"),
    [
        (0, "$0.00"),
        (450_000, "$0.45"),
        (1_234_500_000, "$1,234.50"),
        (4_900, "$0.0049"),
        (1, "$0.000001"),
        (10_000_000_000, "$10,000.00"),
    ],
)
def test_money_is_exact(micros: int, shown: str) -> None:
    assert fmt.money(micros) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (3 * 86400 + 4 * 3600, "3 d 4 h"),
    ],
)
def test_durations(seconds: int, shown: str) -> None:
    assert fmt.duration(seconds) == shown


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=-3), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(hours=30), "yesterday"),
        (timedelta(days=3), "1 May 2026"),
    ],
)
def test_ages(age: timedelta, shown: str) -> None:
    assert fmt.ago(NOW - age, NOW) == shown


def test_counts_and_averages() -> None:
    assert fmt.counted(1, "lead") == "1 lead"
    assert fmt.counted(1234, "business", "businesses") == "1,234 businesses"
    assert fmt.average(None) == "–"
    assert fmt.average(Decimal("70.6")) == "71"


def test_averages_are_told_apart_and_a_score_of_both_is_called_one() -> None:
    assert fmt.averages(None, None) == ""
    assert fmt.averages(Decimal("70.6"), None) == "average score 71"
    assert fmt.averages(Decimal("70.6"), Decimal(64)) == "average confidence 71 · average reach 64"


def test_amounts_that_stand_together_have_the_same_number_of_places() -> None:
    assert fmt.amounts([0, 24_500, 1_500_000]) == ["$0.0000", "$0.0245", "$1.5000"]
    assert fmt.amounts([0, 1_500_000]) == ["$0.00", "$1.50"]
    assert fmt.amounts([]) == []
