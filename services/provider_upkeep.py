"""How the providers of this installation do, for administrators, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import settings
from jobs import breaker
from pipeline.providers.declaration import ProviderSpec, Setting
from pipeline.providers.registry import registry
from services import providers
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, require
from store import clock, duties, in_force, provider_facts, provider_setup, provider_stops, spend_sums
from store.database import Role, transaction
from store.provider_credit import CreditRow as CreditRow
from store.provider_facts import ProviderFacts
from store.provider_status import ProviderState as ProviderState
from store.provider_stops import Stop as Stop
from store.spent_where import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """One provider as administrators see it; ``state`` None when it was never asked. Money in micro-dollars, today in
    UTC. ``keys`` are the settings that may be set in the interface, ``has_setting``: whether the environment has some.
    ``key_of`` is whose key it takes when it has none of its own. ``missing`` names the settings it lacks, empty when it
    is set up. ``stop`` is the last that was wanted of it. ``credit`` is what is left, of one that ``tells_credit``."""

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
    stop: Stop | None
    tells_credit: bool
    credit: CreditRow | None
    calls_today: int
    spent_today_micros: int


def overview(person: Person) -> tuple[ProviderRow, ...]:
    """Every provider that is asked over the network. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_PROVIDERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        known, stops = provider_facts.everything(conn), provider_stops.listing(conn)
        spent = spend_sums.sums(conn, Where(workspace_id=None, since=clock.today(conn)), "provider")
    today = {row.group: (row.calls, row.cost_micros) for row in spent}
    present = in_force.names(provider_facts.with_key(known))
    return tuple(
        _row(
            spec,
            known.get(spec.key, provider_facts.UNKNOWN),
            stops.get(spec.key),
            today.get(spec.key, (0, 0)),
            present,
        )
        for spec in registry()
        if spec.endpoint
    )


def ask_for_credit(person: Person) -> None:
    """Have a worker ask all providers within seconds what credit is left, on record. Raises NotAllowed."""
    require(person, Right.STEER_PROVIDERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        duties.ask(conn, "credit")


def stop(person: Person, provider: str) -> None:
    """Have no worker ask the provider any more, from now on and until it is to be tried again; what is at hand is used.
    Raises NotAllowed and NotFound."""
    require(person, Right.STEER_PROVIDERS)
    _steer(person, provider, is_stopped=True)


def try_again(person: Person, provider: str) -> None:
    """Have the provider asked again at once, also by campaigns that had given it up. Raises NotAllowed and NotFound."""
    require(person, Right.STEER_PROVIDERS)
    _steer(person, provider, is_stopped=False)
    breaker.close(provider)


def _steer(person: Person, provider: str, *, is_stopped: bool) -> None:
    spec = registry().providers.get(provider)
    if spec is None or not spec.endpoint:
        raise NotFound("There is no such provider.")
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        provider_stops.steer(conn, spec.key, is_stopped=is_stopped, label=spec.label)


def _row(
    spec: ProviderSpec,
    facts: ProviderFacts,
    stop: Stop | None,
    today: tuple[int, int],
    present: frozenset[str],
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
        stop=stop,
        tells_credit=spec.account is not None,
        credit=facts.credit,
        calls_today=today[0],
        spent_today_micros=today[1],
    )
