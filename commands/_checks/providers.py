"""The providers that need a key, an account or a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commands._checks import secrets
from commands._checks.finding import Finding, ok, skipped, warning, wrong
from jobs import provider_setup, reachability
from pipeline.errors import SourceError
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from settings import SettingsError
from store import provider_status
from store.database import DatabaseError, DatabaseNotConfigured, Role, transaction
from store.provider_status import Status


def findings(*, asks: bool, knows: bool) -> Iterator[Finding]:
    """Each that needs something, whether it has that and, when ``asks``, whether the provider takes it. ``knows``: what
    workers last heard of it can be looked up."""
    states = _states() if knows else {}
    unreadable = secrets.unreadable() if knows else frozenset()
    present = secrets.present(knows=knows)
    for spec in registry():
        if spec.key in unreadable:
            yield warning(f"key of {spec.label}", secrets.UNREADABLE, secrets.SET_AGAIN)
        if not spec.required:
            continue
        missing = provider_setup.missing(spec, present)
        if missing:
            yield skipped(spec.label, f"Off: {' and '.join(missing)} not set.")
        elif asks and spec.account:
            yield _asked(spec)
        else:
            yield _known(spec, states.get(spec.key), asks=asks)


def _states() -> Mapping[str, Status]:
    try:
        with transaction(Role.WEB) as conn:
            return provider_status.everything(conn)
    except (DatabaseError, DatabaseNotConfigured, SettingsError):
        return {}


def _asked(spec: ProviderSpec) -> Finding:
    try:
        said = reachability.account(spec)
    except SourceError as error:
        return wrong(spec.label, str(error), f"Check {' and '.join(spec.required)}, and the account there.")
    return ok(spec.label, f"On, {said}.")


def _known(spec: ProviderSpec, state: Status | None, *, asks: bool) -> Finding:
    if state and state.state.needs_administrator:
        return warning(
            spec.label, state.message, f"Check {' and '.join(spec.required)}, and the account there."
        )
    why = " It has no question that is free, so its key was not tried." if asks else ""
    return ok(spec.label, f"On.{why}")
