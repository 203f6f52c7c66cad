"""What the rules of health are asked about, read in one transaction of an administrator or of the system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pipeline.health.measures import Point, figures
from pipeline.health.rules import Facts, ProviderOut
from pipeline.health.running_out import Credit
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from store import duties, in_force, measures, provider_facts, provider_setup, standing
from store.database import Connection
from store.measures import Step
from store.provider_facts import ProviderFacts
from store.provider_status import ProviderState, Status

_ASKED: Mapping[Step, int] = MappingProxyType({"minute": 60, "hour": 24})
_OUT = (ProviderState.REFUSED, ProviderState.EXHAUSTED, ProviderState.UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """How the installation is at this moment, and its measures."""

    at: datetime
    facts: Facts
    measures: Mapping[Step, Sequence[Point]]


def gathered(
    conn: Connection, labels: Mapping[str, str], also: Mapping[Step, int] = MappingProxyType({})
) -> Gathered:
    """How the installation is now; ``labels`` are those of its duties by name, ``also`` more measures than those the
    rules ask for."""
    now = standing.now(conn)
    points = measures.since(conn, {**_ASKED, **also})
    known, done = provider_facts.everything(conn), duties.listing(conn)
    facts = Facts(
        workers=now.workers,
        is_paused=now.is_paused,
        waiting=now.waiting,
        waiting_longest_s=now.waiting_longest_s,
        hour=figures(points["minute"]),
        suspicious=figures(points["hour"]).suspicious,
        wrong_sums=now.wrong_sums,
        wrong_wallets=now.wrong_wallets,
        places_missed=now.places_missed,
        disk_used_percent=now.disk_used_percent,
        providers_out=tuple(_out(known)),
        duties_failed={label: done[name].failures for name, label in labels.items() if name in done},
        providers_stopped=tuple(spec.label for spec, facts in _set_up(known) if facts.is_stopped),
        credits=tuple(_credits(known)),
        endings=now.endings,
    )
    return Gathered(at=now.at, facts=facts, measures=points)


def _set_up(known: Mapping[str, ProviderFacts]) -> Iterator[tuple[ProviderSpec, ProviderFacts]]:
    """What is known of the providers that can be asked."""
    present = in_force.names(provider_facts.with_key(known))
    for spec in registry():
        if spec.key in known and provider_setup.is_configured(spec, present):
            yield spec, known[spec.key]


def _out(known: Mapping[str, ProviderFacts]) -> Iterator[ProviderOut]:
    for spec, facts in _set_up(known):
        status = facts.status
        if status and _is_out(status) and not facts.is_stopped:
            needs = status.state.needs_administrator
            yield ProviderOut(label=spec.label, why=status.message, needs_administrator=needs)


def _credits(known: Mapping[str, ProviderFacts]) -> Iterator[Credit]:
    for spec, facts in _set_up(known):
        if facts.credit and facts.credit.is_recent:
            yield Credit(label=spec.label, left=facts.credit.left_over, share=facts.credit.share or 0.0)


def _is_out(status: Status) -> bool:
    """What was not seen lately to be unreachable may be well again; what waits for an administrator is not."""
    return status.state in _OUT and (status.is_recent or status.state.needs_administrator)
