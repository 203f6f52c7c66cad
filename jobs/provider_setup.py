"""Each provider as the settings describe it: where it is, under which key, how fast, at what price."""

from __future__ import annotations

from collections.abc import Mapping

import settings
from pipeline.money.calls import Endpoint, RateLimit
from pipeline.providers.context import micros
from pipeline.providers.declaration import ProviderSpec, Value
from pipeline.providers.registry import registry

PRODUCT = "ProspectPro/1"


def endpoints() -> dict[str, Endpoint]:
    """Every provider that is asked over the network, by its key; one without what it needs is there all the same."""
    values = settings.get().provider_values()
    return {spec.key: endpoint(spec, values) for spec in registry() if spec.endpoint}


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


def is_configured(spec: ProviderSpec) -> bool:
    """Whether this installation has what the provider needs."""
    return not missing(spec)


def missing(spec: ProviderSpec) -> tuple[str, ...]:
    """The settings this installation lacks for the provider."""
    values = settings.get().provider_values()
    return tuple(name for name in spec.required if not values[name])


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
