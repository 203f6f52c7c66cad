"""The confidence a business can reach by what its source tells, before anything is looked up."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.scoring.score import WEIGHTS


def best_confidence(told: Collection[str]) -> int:
    """The most a business reaches of which a source tells these parts of the confidence."""
    return sum(weight for part, weight in WEIGHTS.items() if part in told)


def without_website(told: Collection[str]) -> int:
    """The most of one that has no website of its own."""
    return best_confidence([part for part in told if part != "website"])
