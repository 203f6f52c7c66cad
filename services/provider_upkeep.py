"""How the providers of this installation do, for administrators, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import settings
from jobs import provider_setup
from pipeline.providers.declaration import ProviderSpec, Setting
from pipeline.providers.registry import registry
from services import providers
from services.identity import Person
from services.permissions import Right, require
from store import clock, duties, in_force, provider_facts, spend_sums
from store.database import Role, transaction
from store.provider_credit import CreditRow as CreditRow
from store.provider_facts import ProviderFacts
from store.provider_status import ProviderState as ProviderState
from store.spent_where import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """One provider as administrators see it; ``state`` None when it was never asked. Money in micro-dollars, today in
    UTC. ``keys`` are the settings that may be set in the interface, ``has_setting``: whether the environment has some.
    ``key_of`` is whose key it takes when it has none of its own. ``missing`` names the settings it lacks, empty when it
    is set up. ``credit`` is what is left, of one that ``tells_credit``."""

    key: str
    label: str
    help: str
    keys: tuple[Setting, ...]
    has_setting: bool
    key_of: str
    missing: tuple[str, ...]
    state: ProviderState | None
    message: str
    since: datetime | None
    limits: str
    prices: tuple[str, ...]
    terms_url: str
    tells_credit: bool
    credit: CreditRow | None
    calls_today: int
    spent_today_micros: int


def overview(person: Person) -> tuple[ProviderRow, ...]:
    """Every provider that is asked over the network. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_PROVIDERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        known = provider_facts.everything(conn)
        spent = spend_sums.sums(conn, Where(workspace_id=None, since=clock.today(conn)), "provider")
    today = {row.group: (row.calls, row.cost_micros) for row in spent}
    present = in_force.names(provider_facts.with_key(known))
    return tuple(
        _row(spec, known.get(spec.key, provider_facts.UNKNOWN), today.get(spec.key, (0, 0)), present)
        for spec in registry()
        if spec.endpoint
    )


def ask_for_credit(person: Person) -> None:
    """Have a worker ask all providers within seconds what credit is left, on record. Raises NotAllowed."""
    require(person, Right.STEER_PROVIDERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        duties.ask(conn, "credit")


def _row(
    spec: ProviderSpec, facts: ProviderFacts, today: tuple[int, int], present: frozenset[str]
) -> ProviderRow:
    values, status = settings.get().provider_values(), facts.status
    owners = (each for each in registry() if spec.needs in {setting.name for setting in each.keys})
    return ProviderRow(
        key=spec.key,
        label=spec.label,
        help=spec.help,
        keys=spec.keys,
        has_setting=any(values[setting.name] for setting in spec.keys),
        key_of="" if spec.keys else next((owner.label for owner in owners), ""),
        missing=provider_setup.missing(spec, present),
        state=status.state if status else None,
        message=status.message if status else "",
        since=status.since if status else None,
        limits=", ".join(f"{values[limit.setting]} in {limit.window_s:g} s" for limit in spec.limits),
        prices=providers.prices(spec),
        terms_url=spec.terms.url,
        tells_credit=spec.account is not None,
        credit=facts.credit,
        calls_today=today[0],
        spent_today_micros=today[1],
    )
