"""What the rules of health are asked about, read in one transaction of an administrator or of the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from jobs import provider_setup
from pipeline.health.measures import Point, figures
from pipeline.health.rules import Facts, ProviderOut
from pipeline.providers.registry import registry
from store import duties, in_force, installation_secrets, measures, provider_status, standing
from store.database import Connection
from store.measures import Step
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
    states, done = provider_status.everything(conn), duties.listing(conn)
    kept = installation_secrets.subjects(conn)
    present = in_force.names(subject for subject, is_readable in kept.items() if is_readable)
    facts = Facts(
        workers=now.workers,
        is_paused=now.is_paused,
        waiting=now.waiting,
        waiting_longest_s=now.waiting_longest_s,
        hour=figures(points["minute"]),
        suspicious=figures(points["hour"]).suspicious,
        wrong_sums=now.wrong_sums,
        disk_used_percent=now.disk_used_percent,
        providers_out=tuple(
            ProviderOut(
                label=spec.label,
                why=states[spec.key].message,
                needs_administrator=states[spec.key].state.needs_administrator,
            )
            for spec in registry()
            if spec.key in states
            and _is_out(states[spec.key])
            and provider_setup.is_configured(spec, present)
        ),
        duties_failed={label: done[name].failures for name, label in labels.items() if name in done},
    )
    return Gathered(at=now.at, facts=facts, measures=points)


def _is_out(status: Status) -> bool:
    """What was not seen lately to be unreachable may be well again; what waits for an administrator is not."""
    return status.state in _OUT and (status.is_recent or status.state.needs_administrator)
