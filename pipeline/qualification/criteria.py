"""What an order asks about each company in plain words, and the verdicts on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_CRITERIA = 5
"""Criteria of one order: each is a question about every company. Our own choice."""


class Importance(StrEnum):
    """How much a criterion matters. The values are the names of the fields of an order."""

    MUST_HAVE = "must_have"
    NICE_TO_HAVE = "nice_to_have"
    MUST_NOT = "must_not"

    @property
    def label(self) -> str:
        """What people call it."""
        return {"must_have": "Must have", "nice_to_have": "Nice to have", "must_not": "Must not"}[self]


class Answer(StrEnum):
    """What a company's own pages say to a criterion."""

    YES = "yes"
    NO = "no"
    NOT_SAID = "not_said"

    @property
    def label(self) -> str:
        """What people call it."""
        return {"yes": "Yes", "no": "No", "not_said": "Not said"}[self]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing asked about every company."""

    text: str
    importance: Importance


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the pages of one company say to a criterion.

    ``quote`` is a passage that stands on ``page`` as it is, and is there for every yes and no. ``why`` says in a
    sentence why nothing is said, or who found the passage.
    """

    criterion: str
    importance: Importance
    answer: Answer
    why: str
    quote: str | None = None
    page: str | None = None

    @property
    def rules_out(self) -> bool:
        """Whether the company is not what was asked for."""
        against = {Importance.MUST_HAVE: Answer.NO, Importance.MUST_NOT: Answer.YES}
        return against.get(self.importance) is self.answer


def not_said(criterion: Criterion, why: str) -> Verdict:
    """The verdict that the pages do not say."""
    return Verdict(criterion=criterion.text, importance=criterion.importance, answer=Answer.NOT_SAID, why=why)


def ruled_out(verdicts: Iterable[Verdict]) -> str | None:
    """Why a company is not what was asked for, in a sentence; None where nothing says so."""
    for verdict in verdicts:
        if verdict.rules_out:
            if verdict.answer is Answer.NO:
                return f"Its website says no to “{verdict.criterion}”, which was a must."
            return f"Its website says yes to “{verdict.criterion}”, which was not wanted."
    return None


def in_words(verdicts: Sequence[Verdict]) -> str:
    """Verdicts as one text, for a cell of a table."""
    return " | ".join(map(_line, verdicts))


def _line(verdict: Verdict) -> str:
    head = f"{verdict.answer.label}: {verdict.criterion} ({verdict.importance.label.lower()})"
    if verdict.quote:
        return f"{head}: “{verdict.quote}” {verdict.page}"
    return f"{head}: {verdict.why}"
