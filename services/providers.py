"""What the providers of this installation are and cost, for the form and the plan."""

from __future__ import annotations

from dataclasses import dataclass

import settings
from pipeline.campaign import LEAD_BOOK, OWN_LIST, CampaignSpec
from pipeline.money.amounts import money
from pipeline.money.orders import Order
from pipeline.providers.context import micros
from pipeline.providers.declaration import Operation, ProviderSpec
from pipeline.providers.registry import registry
from pipeline.scoring.demands import Demand, stated_by_none
from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, may
from store import provider_setup, provider_status
from store.database import Role, transaction
from store.provider_status import ProviderState as ProviderState

_QUOTES = "Every answer quotes its sentence."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A source or a step of the waterfall that a person may choose; ``why_not`` when it cannot work here."""

    value: str
    label: str
    help: str
    price: str
    why_not: str | None


def is_demonstration() -> bool:
    """Whether the providers of this installation are a stand-in by intention."""
    return settings.get().simulated


def sources() -> tuple[Choice, ...]:
    """The sources of businesses."""
    return tuple(_choice(spec) for spec in registry().sources if spec.is_offered)


def steps() -> tuple[Choice, ...]:
    """The steps of the waterfall."""
    return tuple(_choice(spec) for spec in registry().steps)


def how_qualified() -> str:
    """How this installation answers the criteria of an order, in words."""
    for spec in registry().qualifiers:
        if provider_setup.is_configured(spec):
            costs = prices(spec) if any(provider_setup.step_prices(spec)) else ()
            price = f" at {' and '.join(costs)}; with a budget of $0 by words and phrases" if costs else ""
            return f"The language model that is set here reads each company's own pages{price}. {_QUOTES}"
    return f"Each company's own pages are compared with your words and phrases. {_QUOTES}"


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
    """Raises Invalid for an order that names a source or step there is not, or one that cannot work here, and for one
    that demands what none of its sources states."""
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
    if unstated := nobody_states(spec):
        raise Invalid(unstated)
    for chosen in chosen_by(spec):
        missing = provider_setup.missing(chosen)
        if missing:
            raise Invalid(
                f"{chosen.order_label} is not set up on this installation;"
                f" an administrator sets {_joined(missing)}."
            )


def nobody_states(spec: CampaignSpec) -> dict[str, str]:
    """A sentence for each field of an order that demands what none of its sources states."""
    demands = stated_by_none(spec, chosen_by(spec))
    return {name: _who_states(spec, demand) for name, demand in demands.items()}


def _who_states(spec: CampaignSpec, demand: Demand) -> str:
    """What to do about a demand that none of the sources of an order meets."""
    if spec.own_list:
        return f"A list states no {demand.noun}. Leave this empty."
    known = _stating(demand.fact)
    usable = [each.order_label for each in known if provider_setup.is_configured(each)]
    none = f"None of the chosen sources states a {demand.noun}."
    if usable:
        return f"{none} Choose {' or '.join(usable)} as well, or leave this empty."
    return (
        f"{none} {who_states(demand.fact)} would, and is not set up on this installation. Leave this empty."
    )


def who_states(fact: str) -> str:
    """What people call the sources that state a fact which only some do."""
    return " or ".join(each.order_label for each in _stating(fact))


def _stating(fact: str) -> list[ProviderSpec]:
    return [each for each in registry().sources if each.is_offered and fact in each.states]


def chosen_by(spec: CampaignSpec) -> tuple[ProviderSpec, ...]:
    """The providers an order names, sources first."""
    return registry().chosen((*spec.sources, *spec.waterfall))


def _asked_by(spec: CampaignSpec) -> tuple[ProviderSpec, ...]:
    """The steps of an order; before them who is paid to answer its criteria."""
    steps = tuple(provider for provider in chosen_by(spec) if provider.kind.is_step)
    qualifiers = (each for each in registry().qualifiers if any(provider_setup.step_prices(each)))
    return (*(qualifiers if spec.criteria else ()), *steps)


def order(spec: CampaignSpec) -> Order:
    """An order with the providers it names that work here, as the plan needs them."""
    chosen = [provider for provider in chosen_by(spec) if provider_setup.is_configured(provider)]
    sources = [provider for provider in registry().sources if provider in chosen]
    return Order(
        spec=spec,
        types=len(spec.business_types),
        sources=tuple(sources),
        steps=tuple(provider for provider in _asked_by(spec) if provider_setup.is_configured(provider)),
        locators=tuple(
            spec for spec in registry().locators if spec.paid and provider_setup.is_configured(spec)
        ),
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
    costs = prices(spec)
    return Choice(
        value=spec.order_key,
        label=spec.order_label,
        help=spec.help,
        price=costs[0] if costs else "free",
        why_not=problem,
    )


def prices(spec: ProviderSpec) -> tuple[str, ...]:
    """What each paid operation costs, in words."""
    return tuple(dict.fromkeys(_price(operation) for operation in spec.paid))


def _price(operation: Operation) -> str:
    return f"{money(micros(settings.get().provider_values()[operation.price or '']))} for {operation.unit}"


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
