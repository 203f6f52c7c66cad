"""When an installation needs somebody: one rule each, with what it is about, why, and where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.health import running_out
from pipeline.health.finding import Finding as Finding
from pipeline.health.finding import Severity as Severity
from pipeline.health.measures import Figures
from pipeline.health.running_out import ENDS_SOON_DAYS, LOW_CREDIT, Credit, Ending
from pipeline.money.amounts import money
from pipeline.output.notices import counted

COMPLETION_S: Final = 120
"""Nineteen of twenty campaigns are to be done within two minutes."""
SUCCESS: Final = 0.95
PER_LEAD_MICROS: Final = 500_000
WAITING_S: Final = 60
_FEW = 5
"""With fewer campaigns in an hour a share of them says little."""
_DISK_PERCENT, _DISK_FULL_PERCENT = 90, 97
_FAILURES_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOut:
    """A provider that does not do its work: what people call it, why, and whether only a person can mend it."""

    label: str
    why: str
    needs_administrator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How the installation is at this moment: ``hour`` the last hour, ``suspicious`` of the last day; failures in a row
    of each duty by its label; ``places_missed`` are those people asked administrators to load."""

    workers: int
    is_paused: bool
    waiting: int
    waiting_longest_s: int
    hour: Figures
    suspicious: int
    wrong_sums: int
    places_missed: int
    disk_used_percent: float | None
    providers_out: tuple[ProviderOut, ...]
    providers_stopped: tuple[str, ...]
    duties_failed: Mapping[str, int]
    credits: tuple[Credit, ...]
    endings: tuple[Ending, ...]
    wrong_wallets: int = 0


RULES: Final[Mapping[str, str]] = {
    "no_worker": "No worker runs",
    "paused": "An administrator paused the queue",
    "waiting": f"A campaign waits longer than {WAITING_S} seconds for a worker",
    "success": f"Less than {SUCCESS:.0%} of the campaigns of an hour succeed, of {_FEW} at least",
    "slow": f"Nineteen of twenty campaigns of an hour take longer than {COMPLETION_S} seconds, of {_FEW} at least",
    "provider_out": "A provider refuses the key, has no credits left or does not answer",
    "stopped": "An administrator stopped asking a provider",
    "credit": f"A provider has less than {LOW_CREDIT:.0%} of its credit left",
    "ending": f"The certificate of the public address, or an API key in use, ends within {ENDS_SOON_DAYS} days",
    "cost": f"A lead of the campaigns of an hour costs more than {money(PER_LEAD_MICROS)}",
    "suspicious": "Campaigns of a day ended without a fault and yet with little",
    "sums": "The sums of a campaign do not follow from its calls",
    "disk": f"The disk of a worker is fuller than {_DISK_PERCENT} %",
    "places": "People asked for places that the catalogue does not hold",
    "duty": f"A duty failed {_FAILURES_IN_A_ROW} times in a row",
}
"""Each rule in words; the documents and the page have the same list."""


def findings(facts: Facts) -> tuple[Finding, ...]:
    """All that needs somebody, problems first."""
    found = (
        *_of_work(facts),
        *_of_campaigns(facts),
        *_of_providers(facts),
        *_of_sums(facts),
        *_of_what_it_stands_on(facts),
        *running_out.findings(facts.credits, facts.endings),
    )
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.PROBLEM))


def _of_work(facts: Facts) -> Iterator[Finding]:
    if not facts.workers:
        waiting = counted(facts.waiting, "campaign")
        yield Finding(
            rule="no_worker",
            severity=Severity.PROBLEM,
            title="No worker runs",
            why=f"{waiting} {'waits' if facts.waiting == 1 else 'wait'}, and duties are not done.",
            advice="Start a worker, or see its log for why it ended.",
        )
    if facts.is_paused:
        yield Finding(
            rule="paused",
            severity=Severity.WARNING,
            title="The queue is paused",
            why="An administrator wanted workers to take no campaigns.",
            advice="Resume it on Jobs when that is over.",
        )
    elif facts.workers and facts.waiting_longest_s > WAITING_S:
        yield Finding(
            rule="waiting",
            severity=Severity.WARNING,
            title=f"A campaign has waited for {facts.waiting_longest_s:,} seconds",
            why=f"{counted(facts.waiting, 'campaign')} in line for {counted(facts.workers, 'worker')}.",
            advice="Start more workers, or see on Jobs what keeps these.",
        )


def _of_campaigns(facts: Facts) -> Iterator[Finding]:
    hour = facts.hour
    if hour.success is not None and hour.judged >= _FEW and hour.success < SUCCESS:
        yield Finding(
            rule="success",
            severity=Severity.PROBLEM,
            title=f"{hour.success:.0%} of the campaigns of the last hour succeeded",
            why=f"{hour.judged - hour.succeeded:,} of {hour.judged:,} failed; {SUCCESS:.0%} are to succeed.",
            advice="See on Jobs which failed, and why.",
        )
    if hour.p95_s is not None and hour.judged >= _FEW and hour.p95_s > COMPLETION_S:
        yield Finding(
            rule="slow",
            severity=Severity.WARNING,
            title=f"The slowest campaigns of the last hour took {hour.p95_s:.0f} seconds",
            why=f"Nineteen of twenty are to be done within {COMPLETION_S}.",
            advice="Compare waiting time and the providers' answer times on Health.",
        )
    if hour.per_lead_micros is not None and hour.per_lead_micros > PER_LEAD_MICROS:
        yield Finding(
            rule="cost",
            severity=Severity.WARNING,
            title=f"A lead of the last hour cost {money(hour.per_lead_micros)}",
            why=f"The aim is {money(PER_LEAD_MICROS)} at most.",
            advice="See on Spend which provider that went to.",
        )
    if facts.suspicious:
        yield Finding(
            rule="suspicious",
            severity=Severity.WARNING,
            title=f"{counted(facts.suspicious, 'campaign')} of the last day ended well and yet with little",
            why="They had no leads, or far fewer addresses than usual.",
            advice="See them on Jobs under “Worth a look”.",
        )


def _of_providers(facts: Facts) -> Iterator[Finding]:
    for out in facts.providers_out:
        yield Finding(
            rule="provider_out",
            subject=out.label,
            severity=Severity.PROBLEM if out.needs_administrator else Severity.WARNING,
            title=f"{out.label} is out",
            why=out.why,
            advice="See Providers. Campaigns go on without it.",
        )
    for label in facts.providers_stopped:
        yield Finding(
            rule="stopped",
            subject=label,
            severity=Severity.WARNING,
            title=f"{label} is stopped",
            why="An administrator wanted it asked no more, so campaigns go on without it.",
            advice="Have it asked again on Providers when that is over.",
        )


def _of_sums(facts: Facts) -> Iterator[Finding]:
    if facts.wrong_sums:
        yield Finding(
            rule="sums",
            severity=Severity.PROBLEM,
            title=f"The sums of {counted(facts.wrong_sums, 'campaign')} do not follow from the calls",
            why="What is shown as spent differs from the ledger.",
            advice="See which on Jobs, and keep the database as it is for whoever looks into it.",
        )
    if facts.wrong_wallets:
        yield Finding(
            rule="sums",
            subject="wallets",
            severity=Severity.PROBLEM,
            title=f"The balance of {counted(facts.wrong_wallets, 'wallet')} does not follow from its entries",
            why="What is shown as left differs from all that was paid in and spent.",
            advice="See the log for “wallet_wrong”, and keep the database as it is for whoever looks into it.",
        )


def _of_what_it_stands_on(facts: Facts) -> Iterator[Finding]:
    if facts.disk_used_percent is not None and facts.disk_used_percent > _DISK_PERCENT:
        is_full = facts.disk_used_percent > _DISK_FULL_PERCENT
        yield Finding(
            rule="disk",
            severity=Severity.PROBLEM if is_full else Severity.WARNING,
            title=f"The disk is {facts.disk_used_percent:.0f} % full",
            why="It is the one of the data folder, on the machine of a worker.",
            advice="Make room; lists, files and the built-in database need it.",
        )
    if facts.places_missed:
        yield Finding(
            rule="places",
            severity=Severity.WARNING,
            title=f"{counted(facts.places_missed, 'place')} asked for",
            why="People ordered campaigns there in vain, and asked for the places to be loaded.",
            advice="Load them on Places, or turn them down there.",
        )
    for label, failures in facts.duties_failed.items():
        if failures >= _FAILURES_IN_A_ROW:
            yield Finding(
                rule="duty",
                subject=label,
                severity=Severity.WARNING,
                title=f"A duty fails: {label}",
                why=f"It failed {counted(failures, 'time')} in a row.",
                advice="See Duties for the error.",
            )
