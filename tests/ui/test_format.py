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


def test_counts_and_confidence() -> None:
    assert fmt.counted(1, "lead") == "1 lead"
    assert fmt.counted(1234, "business", "businesses") == "1,234 businesses"
    assert fmt.confidence(None) == "–"
    assert fmt.confidence(Decimal("70.6")) == "71"
