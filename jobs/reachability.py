"""Whether providers that need no key can be reached from this machine, noted for the form and the administrators."""

from __future__ import annotations

from pipeline.errors import SourceError
from pipeline.network.http import ProviderHttp
from pipeline.providers.account_answers import Account
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from store import in_force, provider_setup, provider_status, provider_stops
from store.database import Role, transaction
from store.provider_status import ProviderState


def check() -> str:
    """Ask each provider with a probe how it is, and write the answer down."""
    with transaction(Role.SYSTEM) as conn:
        stops = provider_stops.now(conn)
    answers = {
        spec.order_label: _asked(spec)
        for spec in registry()
        if spec.probe and not (spec.key in stops and stops[spec.key].is_stopped)
    }
    return " ".join(
        f"{label} {'answers' if does else 'cannot be reached'}." for label, does in answers.items()
    )


def account(spec: ProviderSpec) -> Account:
    """What a provider says of the account behind its key. Costs nothing and notes nothing. Raises SourceError."""
    values = in_force.provider_values()
    http = ProviderHttp(
        spec.label, provider_setup.endpoint(spec, values), user_agent=provider_setup.user_agent()
    )
    try:
        return spec.account(http, values) if spec.account else Account()
    finally:
        http.close()


def _asked(spec: ProviderSpec) -> bool:
    endpoint = provider_setup.endpoints()[spec.key]
    http = ProviderHttp(spec.label, endpoint, user_agent=provider_setup.user_agent())
    try:
        answers = spec.probe is not None and spec.probe(http)
    except SourceError:
        answers = False
    finally:
        http.close()
    state = ProviderState.OK if answers else ProviderState.UNREACHABLE
    message = "It answers." if answers else "This machine cannot reach it."
    with transaction(Role.SYSTEM) as conn:
        provider_status.report(conn, spec.key, state, message)
    return answers
