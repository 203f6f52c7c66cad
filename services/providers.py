"""What the providers of this installation are, cost and do: for the form, the plan and the administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import settings
from jobs import provider_setup
from pipeline.campaign import LEAD_BOOK, OWN_LIST, CampaignSpec
from pipeline.money.amounts import money
from pipeline.money.orders import Order
from pipeline.providers.context import micros
from pipeline.providers.declaration import Operation, ProviderSpec, Setting
from pipeline.providers.registry import registry
from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, may, require
from store import clock, in_force, installation_secrets, provider_status, spend_sums
from store.database import Role, transaction
from store.installation_secrets import KeptSecret
from store.provider_status import ProviderState as ProviderState
from store.spent_where import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A source or a step of the waterfall that a person may choose; ``why_not`` when it cannot work here."""

    value: str
    label: str
    help: str
    price: str
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """One provider as administrators see it; ``state`` None when it was never asked. Money in micro-dollars, today in
    UTC. ``keys`` are the settings that may be set in the interface, ``kept`` what was; ``has_setting``: whether the
    environment has a key as well. ``key_of`` is whose key it takes when it has none of its own. ``missing`` names the
    settings it lacks, empty when it is set up."""

    key: str
    label: str
    help: str
    keys: tuple[Setting, ...]
    kept: KeptSecret | None
    has_setting: bool
    key_of: str
    missing: tuple[str, ...]
    state: ProviderState | None
    message: str
    since: datetime | None
    limits: str
    prices: tuple[str, ...]
    terms_url: str
    calls_today: int
    spent_today_micros: int


def is_demonstration() -> bool:
    """Whether the providers of this installation are a stand-in by intention."""
    return settings.get().simulated


def sources() -> tuple[Choice, ...]:
    """The sources of businesses."""
    return tuple(_choice(spec) for spec in registry().sources if spec.is_offered)


def steps() -> tuple[Choice, ...]:
    """The steps of the waterfall."""
    return tuple(_choice(spec) for spec in registry().steps)


def defaults() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a new order has switched on: everything that works here and asks for no money by itself.

    What can only work online counts as working when a worker has reached a provider within the last minutes.
    """
    online = _online()
    found = tuple(
        spec.order_key
        for spec in registry().sources
        if spec.is_offered
        and not spec.paid
        and provider_setup.is_configured(spec)
        and (not spec.probe or spec.key in online)
    )
    values = settings.get().provider_values()
    waterfall = tuple(
        spec.order_key
        for spec in registry().steps
        if (provider_setup.is_configured(spec) if spec.needs else online or values.get(spec.gateway))
    )
    return found, waterfall


def check(spec: CampaignSpec) -> None:
    """Raises Invalid for an order that names a source or step there is not, or one that cannot work here."""
    known = {field: tuple(offer.value for offer in offers) for field, offers in _offers().items()}
    if spec.own_list:
        known["sources"] = (LEAD_BOOK if spec.is_of_book else OWN_LIST,)
    wrong = {
        field: f"“{key}” is not known here. There are {', '.join(keys)}."
        for field, keys in known.items()
        for key in getattr(spec, field)
        if key not in keys
    }
    if wrong:
        raise Invalid(wrong)
    for chosen in chosen_by(spec):
        missing = provider_setup.missing(chosen)
        if missing:
            raise Invalid(
                f"{chosen.order_label} is not set up on this installation;"
                f" an administrator sets {_joined(missing)}."
            )


def chosen_by(spec: CampaignSpec) -> tuple[ProviderSpec, ...]:
    """The providers an order names, sources first."""
    return registry().chosen((*spec.sources, *spec.waterfall))


def order(spec: CampaignSpec) -> Order:
    """An order with the providers it names that work here, as the plan needs them."""
    chosen = [provider for provider in chosen_by(spec) if provider_setup.is_configured(provider)]
    sources = [provider for provider in registry().sources if provider in chosen]
    return Order(
        spec=spec,
        types=len(spec.business_types),
        sources=tuple(sources),
        steps=tuple(provider for provider in chosen if provider.kind.is_step),
        locators=tuple(
            spec for spec in registry().locators if spec.paid and provider_setup.is_configured(spec)
        ),
    )


def overview(person: Person) -> tuple[ProviderRow, ...]:
    """Every provider that is asked over the network. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_PROVIDERS)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        states, kept = provider_status.everything(conn), installation_secrets.listing(conn)
        spent = spend_sums.sums(conn, Where(workspace_id=None, since=clock.today(conn)), "provider")
    today = {row.group: (row.calls, row.cost_micros) for row in spent}
    readable = in_force.names(subject for subject, secret in kept.items() if secret.is_readable)
    return tuple(
        _row(spec, states.get(spec.key), today.get(spec.key, (0, 0)), kept.get(spec.key), readable)
        for spec in registry()
        if spec.endpoint
    )


def alarms(person: Person) -> tuple[str, ...]:
    """What an administrator has to mend: keys that were refused and credits that are used up. Empty for others."""
    if not may(person, Right.SEE_PROVIDERS):
        return ()
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        states = provider_status.everything(conn)
    return tuple(
        states[spec.key].message
        for spec in registry()
        if spec.needs
        and spec.key in states
        and states[spec.key].state.needs_administrator
        and provider_setup.is_configured(spec)
    )


def _joined(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def _offers() -> dict[str, tuple[Choice, ...]]:
    return {"sources": sources(), "waterfall": steps()}


def _choice(spec: ProviderSpec) -> Choice:
    missing = provider_setup.missing(spec)
    problem = f"{spec.order_label} needs {_joined(missing)}." if missing else None
    prices = _prices(spec)
    return Choice(
        value=spec.order_key,
        label=spec.order_label,
        help=spec.help,
        price=prices[0] if prices else "free",
        why_not=problem,
    )


def _prices(spec: ProviderSpec) -> tuple[str, ...]:
    """What each paid operation costs, in words."""
    return tuple(dict.fromkeys(_price(operation) for operation in spec.paid))


def _price(operation: Operation) -> str:
    return f"{money(micros(settings.get().provider_values()[operation.price or '']))} for {operation.unit}"


def _row(
    spec: ProviderSpec,
    state: provider_status.Status | None,
    today: tuple[int, int],
    kept: KeptSecret | None,
    present: frozenset[str],
) -> ProviderRow:
    values = settings.get().provider_values()
    owners = (each for each in registry() if spec.needs in {setting.name for setting in each.keys})
    return ProviderRow(
        key=spec.key,
        label=spec.label,
        help=spec.help,
        keys=spec.keys,
        kept=kept,
        has_setting=any(values[setting.name] for setting in spec.keys),
        key_of="" if spec.keys else next((owner.label for owner in owners), ""),
        missing=provider_setup.missing(spec, present),
        state=state.state if state else None,
        message=state.message if state else "",
        since=state.since if state else None,
        limits=", ".join(f"{values[limit.setting]} in {limit.window_s:g} s" for limit in spec.limits),
        prices=_prices(spec),
        terms_url=spec.terms.url,
        calls_today=today[0],
        spent_today_micros=today[1],
    )


def _online() -> frozenset[str]:
    """The providers with a probe that answered it within the last minutes."""
    with transaction(Role.WEB) as conn:
        states = provider_status.everything(conn)
    return frozenset(
        spec.key
        for spec in registry()
        if spec.probe
        and (state := states.get(spec.key))
        and state.state is ProviderState.OK
        and state.is_recent
    )
