"""Each provider as the settings describe it: where it is, under which key, how fast, at what price."""

from __future__ import annotations

from collections.abc import Container, Mapping

import settings
from pipeline.money.calls import Endpoint, RateLimit
from pipeline.providers.context import micros
from pipeline.providers.declaration import ProviderSpec, Value
from pipeline.providers.registry import registry
from store import in_force
from store.database import Role

PRODUCT = "ProspectPro/1"


def endpoints(values: Mapping[str, Value] | None = None) -> dict[str, Endpoint]:
    """Every provider that is asked over the network, by its key; one without what it needs is there all the same.
    ``values`` are the settings in force; without them it is known where each is, and not under which key."""
    known = settings.get().provider_values() if values is None else values
    return {spec.key: endpoint(spec, known) for spec in registry() if spec.endpoint}


def endpoint(spec: ProviderSpec, values: Mapping[str, Value]) -> Endpoint:
    """A provider as these settings describe it."""
    return Endpoint(
        base_url=str(values[spec.endpoint]),
        key=str(values[spec.needs]) if spec.needs else "",
        limits=tuple(
            RateLimit(calls=int(values[limit.setting]), window_s=limit.window_s) for limit in spec.limits
        ),
        proxy=settings.get().outbound_proxy.get_secret_value(),
    )


def is_configured(spec: ProviderSpec, present: Container[str] | None = None) -> bool:
    """Whether this installation has what the provider needs."""
    return not missing(spec, present)


def missing(spec: ProviderSpec, present: Container[str] | None = None) -> tuple[str, ...]:
    """The settings this installation lacks for the provider; ``present`` are those that have a value, which a web
    server need not be told."""
    has = in_force.names(in_force.subjects(Role.WEB)) if present is None else present
    return tuple(name for name in spec.required if name not in has)


def price_micros(spec: ProviderSpec) -> int:
    """The price of a provider's first paid operation, in millionths of a US dollar; 0 for a free one."""
    return step_prices(spec)[0] if spec.paid else 0


def step_prices(spec: ProviderSpec) -> list[int]:
    """The prices of all its paid operations, in millionths of a US dollar."""
    values = settings.get().provider_values()
    return [micros(values[operation.price]) for operation in spec.paid if operation.price]


def user_agent() -> str:
    """How we introduce ourselves, as OpenStreetMap's usage policies and site owners expect."""
    contact = settings.get().operator_contact
    return f"{PRODUCT} (+{contact})" if contact else PRODUCT
