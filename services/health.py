"""How the installation does, for administrators: one verdict with its why, and figures over time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from jobs import facts
from jobs.duties import LABELS
from pipeline.health import rules
from pipeline.health.measures import Figures, Point, figures
from pipeline.health.rules import Facts, Finding
from services.identity import Person
from services.permissions import Right, require
from store.database import Role, transaction
from store.measures import Step


class Span(StrEnum):
    """Which time is looked at, and in steps of what: minutes, hours, days."""

    HOUR = "Last hour"
    DAY = "Last day"
    MONTH = "Last 30 days"


_STEPS: dict[Span, tuple[Step, int]] = {
    Span.HOUR: ("minute", 60),
    Span.DAY: ("hour", 24),
    Span.MONTH: ("day", 30),
}


_LENGTH: dict[Step, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One minute, hour or day."""

    at: datetime
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """How it is now, what needs somebody, and how it did in the chosen time, overall and step by step, oldest first."""

    now: Facts
    findings: tuple[Finding, ...]
    step: Step
    overall: Figures
    slots: tuple[Slot, ...]


def look(person: Person, span: Span) -> HealthView:
    """How the installation does. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_HEALTH)
    step, steps = _STEPS[span]
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        found = facts.gathered(conn, LABELS, {step: steps})
    at: dict[datetime, list[Point]] = defaultdict(list)
    for point in found.measures[step]:
        at[point.at].append(point)
    return HealthView(
        now=found.facts,
        findings=rules.findings(found.facts),
        step=step,
        overall=figures(found.measures[step]),
        slots=tuple(Slot(at=time, figures=figures(at[time])) for time in _times(found.at, step, steps)),
    )


def _times(now: datetime, step: Step, steps: int) -> list[datetime]:
    """When each of the last so many minutes, hours or days (UTC) begins, oldest first."""
    begun = now.astimezone(UTC).replace(second=0, microsecond=0)
    if step != "minute":
        begun = begun.replace(minute=0)
    if step == "day":
        begun = begun.replace(hour=0)
    return [begun - number * _LENGTH[step] for number in range(steps - 1, -1, -1)]
