"""What businesses and leads are made of, from its stored JSON.

Rows that are read together say much alike: most values of a business come from one record, most leads went through the
same steps, and the same evidence stands in many. Each is made once and shared, as none of them ever changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from pipeline.causes import Cause
from pipeline.lead import Contact, EmailStatus, Origin, ScorePart, StepOutcome, StepResult
from pipeline.qualification.criteria import Answer, Importance, Verdict

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_PART = itemgetter("name", "points", "weight", "evidence")


class Pieces:
    """The pieces of rows that are read together."""

    def __init__(self) -> None:
        self._origin = _Once(_origin).__getitem__
        self._part = _Once(_score_part).__getitem__
        self._step = _Once(_step).__getitem__

    def origins(self, items: Iterable[Mapping[str, Any]]) -> tuple[Origin, ...]:
        """Origins as they were stored."""
        return tuple([self._origin(tuple(item.items())) for item in items])

    def score_parts(self, items: Iterable[Mapping[str, Any]]) -> tuple[ScorePart, ...]:
        """The parts of a figure."""
        return tuple(map(self._part, map(_PART, items)))

    def steps(self, items: Iterable[Mapping[str, Any]]) -> tuple[StepResult, ...]:
        """What look-ups came to; earlier versions said less of them."""
        return tuple([self._step(tuple(item.items())) for item in items])

    def contacts(self, items: Iterable[Mapping[str, Any]]) -> tuple[Contact, ...]:
        """The addresses that were found."""
        return tuple([self._contact(item) for item in items])

    def verdicts(self, items: Iterable[Mapping[str, Any]]) -> tuple[Verdict, ...]:
        """What companies' own websites say to criteria."""
        return tuple(
            Verdict(
                **{**item, "importance": Importance(item["importance"]), "answer": Answer(item["answer"])}
            )
            for item in items
        )

    def _contact(self, item: Mapping[str, Any]) -> Contact:
        opinion = item.get("opinion")
        return Contact(
            **{
                **item,
                "origin": self._origin(tuple(item["origin"].items())),
                "status": EmailStatus(item["status"]),
                "opinion": EmailStatus(opinion) if opinion else None,
            }
        )


def origin_of(item: Mapping[str, Any]) -> Origin:
    """An origin as it was stored."""
    return _origin(tuple(item.items()))


class _Once(dict[K, V]):
    """Values by what they are made from, each made when it is first asked for."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        made = self[key] = self._make(key)
        return made


def _origin(said: tuple[tuple[str, str | None], ...]) -> Origin:
    item = dict(said)
    day = item["observed_on"]
    return Origin(
        source=item["source"] or "",
        ref=item["ref"] or "",
        observed_on=date.fromisoformat(day) if day else None,
        url=item["url"],
        licence=item.get("licence"),
        attribution=item.get("attribution"),
    )


def _score_part(said: tuple[str, int, int, str]) -> ScorePart:
    name, points, weight, evidence = said
    return ScorePart(name=name, points=points, weight=weight, evidence=evidence)


def _step(said: tuple[tuple[str, Any], ...]) -> StepResult:
    item = dict(said)
    cause = item.get("cause")
    return StepResult(
        **{**item, "outcome": StepOutcome(item["outcome"]), "cause": Cause(cause) if cause else None}
    )
