"""Criteria as parts of the confidence: whether a company is what was asked for is also what its own website says of it.

Before look-ups nobody has read a website, so a business is chosen without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.lead import Business, ScorePart
from pipeline.qualification.criteria import Answer, Importance, Verdict, ruled_out
from pipeline.scoring.figures import total

POINTS = 40
"""Of the 100 points of the confidence, those that criteria share where an order has any. Our own choice."""
_WEIGHTS = {Importance.MUST_HAVE: 3, Importance.MUST_NOT: 3, Importance.NICE_TO_HAVE: 1}
_WANTED = {Answer.YES: 100, Answer.NOT_SAID: 30, Answer.NO: 0}
_UNWANTED = {Answer.YES: 0, Answer.NOT_SAID: 70, Answer.NO: 100}
"""Percent of its weight that a criterion earns. Most websites say little, so what is not said counts as unlikely where
something is wanted, and as likely where it is not. Our own choice."""


def with_criteria(business: Business, verdicts: Sequence[Verdict]) -> Business:
    """The business with its confidence made anew: what it was, and a part for each criterion."""
    if not verdicts:
        return business
    others = [_shrunk(part) for part in business.score_parts]
    against = ruled_out(verdicts)
    weights = _shared([_WEIGHTS[verdict.importance] for verdict in verdicts])
    asked = [_part(verdict, weight, against) for verdict, weight in zip(verdicts, weights, strict=True)]
    parts = (*others, *asked)
    return replace(business, confidence=total(parts), score_parts=parts)


def _shrunk(part: ScorePart) -> ScorePart:
    share = 100 - POINTS
    weight = part.weight * share // 100
    return replace(part, points=min(weight, (part.points * share + 50) // 100), weight=weight)


def _part(verdict: Verdict, weight: int, against: str | None) -> ScorePart:
    unwanted = verdict.importance is Importance.MUST_NOT
    percent = (_UNWANTED if unwanted else _WANTED)[verdict.answer]
    evidence = f"{verdict.importance.label}. {_said(verdict)}"
    if against and not verdict.rules_out:
        percent, evidence = 0, f"{evidence} It does not count, as the company is not what was asked for."
    return ScorePart(
        name=verdict.criterion, points=(weight * percent + 50) // 100, weight=weight, evidence=evidence
    )


def _said(verdict: Verdict) -> str:
    if verdict.answer is Answer.NOT_SAID:
        return f"Not said: {verdict.why}"
    return f"{verdict.answer.label}, by its own website."


def _shared(weights: Sequence[int]) -> list[int]:
    """The points of all criteria, parted by their weights into whole numbers."""
    bounds, so_far = [0], 0
    for weight in weights:
        so_far += weight
        bounds.append(POINTS * so_far // sum(weights))
    return [after - before for before, after in pairwise(bounds)]
