"""The providers that need a key, an account or a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commands._checks import secrets
from commands._checks.finding import Finding, ok, skipped, warning, wrong
from jobs import reachability
from pipeline.errors import SourceError
from pipeline.health.running_out import LOW_CREDIT
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from settings import SettingsError
from store import provider_facts, provider_setup
from store.database import DatabaseError, DatabaseNotConfigured, Role, transaction
from store.provider_facts import ProviderFacts


def findings(*, asks: bool, knows: bool) -> Iterator[Finding]:
    """Each that needs something, whether it has that and, when ``asks``, whether the provider takes it. ``knows``: what
    workers last heard of it can be looked up."""
    known = _known_of_all() if knows else {}
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
            yield _known(spec, known.get(spec.key, provider_facts.UNKNOWN), asks=asks)


def _known_of_all() -> Mapping[str, ProviderFacts]:
    try:
        with transaction(Role.WEB) as conn:
            return provider_facts.everything(conn)
    except (DatabaseError, DatabaseNotConfigured, SettingsError):
        return {}


def _asked(spec: ProviderSpec) -> Finding:
    try:
        said = reachability.account(spec)
    except SourceError as error:
        return wrong(spec.label, str(error), f"Check {' and '.join(spec.required)}, and the account there.")
    return ok(spec.label, f"On, {said.in_words}.")


def _known(spec: ProviderSpec, facts: ProviderFacts, *, asks: bool) -> Finding:
    state, credit = facts.status, facts.credit
    if facts.is_stopped:
        return warning(spec.label, "An administrator stopped it.", "Have it asked again on Providers.")
    if state and state.state.needs_administrator:
        return warning(
            spec.label, state.message, f"Check {' and '.join(spec.required)}, and the account there."
        )
    if credit and credit.share is not None and credit.share < LOW_CREDIT:
        said = f"On, {credit.left_over:,.0f} credits left, {credit.share:.0%} of the whole."
        return warning(spec.label, said, "Buy some there, or wait until the plan gives new ones.")
    left = f", {credit.left_over:,.0f} credits left" if credit else ""
    why = " It has no question that is free, so its key was not tried." if asks else ""
    return ok(spec.label, f"On{left}.{why}")
