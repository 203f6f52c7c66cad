"""The figures of a business, and of what they are made: one table of weights, and what each rule gets to see.

*Confidence* says how sure one can be that a business is real, is what was asked for and is still there; *reach*, how
well one can call, write to or visit it. Neither says anything of the other. *Score* is the single figure of earlier
versions, which mixed the two; only the minimum of an order that was placed then still asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from pipeline.lead import Business, EmailStatus, ScorePart
from pipeline.place import TypeMatch


class Figure(StrEnum):
    """What a business is rated by, each from 0 to 100."""

    CONFIDENCE = "confidence"
    REACH = "reach"
    SCORE = "score"


Weights = Mapping[Figure, Mapping[str, int]]

WEIGHTS: Weights = MappingProxyType(
    {
        Figure.CONFIDENCE: MappingProxyType(
            {
                "category": 15,  # is it the kind of business that was asked for
                "name": 10,  # does it carry a name of its own
                "record": 20,  # how much somebody cared to record of it
                "corroboration": 15,  # do several sources agree that it exists
                "freshness": 30,  # how long ago it was seen
                "closing": 10,  # does nothing hint that it has closed
            }
        ),
        Figure.REACH: MappingProxyType(
            {
                "phone": 35,  # can it be called
                "email": 35,  # can it be written to
                "address": 20,  # can it be visited
                "website": 10,  # does it have a page to look it up and write to
            }
        ),
        Figure.SCORE: MappingProxyType(
            {
                "category": 15,
                "name": 10,
                "address": 20,
                "phone": 15,
                "website": 15,
                "email": 10,
                "opening_hours": 5,
                "freshness": 5,
                "corroboration": 5,
            }
        ),
    }
)
"""The most points of each part, 100 in all for each figure. Our own choice. Age weighs most in confidence, because
about one enterprise in twelve closes in a year (Eurostat, business demography statistics, death rates): what was last
seen seven years ago comes to 75 at most, however many sources agree."""


@dataclass(frozen=True, slots=True)
class ScoreContext:
    """What figures are measured against: the types asked for, and the day they are made."""

    types: tuple[TypeMatch, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule looks at: the business, what is known of the mailbox of its address, and why its website could not be
    read when somebody tried."""

    business: Business
    context: ScoreContext
    mailbox: EmailStatus = EmailStatus.UNVERIFIED
    site_problem: str | None = None


Share = tuple[int, str]
"""Percent of the weight earned, and the evidence in a sentence."""
Rule = Callable[[Subject], Share]


def parts(rules: Mapping[str, Rule], weights: Mapping[str, int], subject: Subject) -> tuple[ScorePart, ...]:
    """One part a rule, each with what it earned and why.

    Raises ValueError when ``weights`` does not name each part once with numbers from 0 that make 100.
    """
    if weights.keys() != rules.keys() or sum(weights.values()) != 100 or min(weights.values()) < 0:
        raise ValueError(f"weights must give {', '.join(rules)} numbers from 0 that make 100")
    return tuple(_part(name, rule(subject), weights[name]) for name, rule in rules.items())


def total(earned: tuple[ScorePart, ...]) -> int:
    """The points of all parts, 0 to 100."""
    return sum(part.points for part in earned)


def _part(name: str, share: Share, weight: int) -> ScorePart:
    percent, evidence = share
    return ScorePart(name=name, points=(weight * percent + 50) // 100, weight=weight, evidence=evidence)
