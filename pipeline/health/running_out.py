"""What an installation runs out of: credit at providers, the time of a certificate and of keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.health.finding import Finding, Severity
from pipeline.output.notices import counted

LOW_CREDIT: Final = 0.2
ENDS_SOON_DAYS: Final = 14
_VERY_SOON_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What is left at a provider, and how much of the whole that is."""

    label: str
    left: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """In how many days something ends: the ``certificate``, or the first of a ``number`` of ``api_keys``."""

    kind: str
    number: int
    days: float


def findings(credits: Iterable[Credit], endings: Iterable[Ending]) -> Iterator[Finding]:
    """What of it needs somebody."""
    for credit in credits:
        if credit.share < LOW_CREDIT:
            yield Finding(
                rule="credit",
                subject=credit.label,
                severity=Severity.WARNING if credit.left > 0 else Severity.PROBLEM,
                title=f"{credit.label} has {int(credit.share * 100)}% of its credit left",
                why=f"{counted(int(credit.left), 'credit')}; without any, campaigns go on without it.",
                advice="Buy some there, or wait until the plan gives new ones.",
            )
    for ending in endings:
        if ending.days < ENDS_SOON_DAYS:
            yield _ends(ending)


def _ends(ending: Ending) -> Finding:
    when = f"within {counted(int(ending.days) + 1, 'day')}"
    if ending.kind == "certificate":
        is_over = ending.days <= 0
        return Finding(
            rule="ending",
            subject=ending.kind,
            severity=Severity.PROBLEM if ending.days < _VERY_SOON_DAYS else Severity.WARNING,
            title=f"The certificate of the public address {'has ended' if is_over else f'ends {when}'}",
            why="With one that has ended, browsers and programs turn away.",
            advice="Renew it at the proxy, and see why that did not happen by itself.",
        )
    do = "ends" if ending.number == 1 else "end"
    return Finding(
        rule="ending",
        subject=ending.kind,
        severity=Severity.WARNING,
        title=f"{counted(ending.number, 'API key')} in use {do} within {ENDS_SOON_DAYS} days",
        why=f"The first ends {when}; the program that has it gets no answers from then on.",
        advice="Have whoever made it make another one under API keys.",
    )
