"""What credit is left at providers, and what ends soon: asked regularly, and free of charge."""

from __future__ import annotations

import settings
from jobs import reachability
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.health.running_out import ENDS_SOON_DAYS
from pipeline.network import certificate
from pipeline.output.notices import counted
from pipeline.providers.account_answers import Account
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from store import endings, in_force, provider_credit, provider_setup, provider_status, provider_stops
from store.database import Role, transaction
from store.provider_status import ProviderState

_STATES = {Cause.KEY_REFUSED: ProviderState.REFUSED, Cause.OUT_OF_CREDITS: ProviderState.EXHAUSTED}


def ask() -> str:
    """Ask each provider that tells of its account, and keep what it says."""
    present = in_force.names(in_force.subjects(Role.SYSTEM))
    with transaction(Role.SYSTEM) as conn:
        stops = provider_stops.now(conn)
    said = [
        f"{spec.label}: {'stopped' if spec.key in stops and stops[spec.key].is_stopped else _asked(spec)}."
        for spec in registry()
        if spec.account and provider_setup.is_configured(spec, present)
    ]
    return " ".join(said) or "No provider that tells of its credit is set up."


def look_for_endings() -> str:
    """See when the certificate of the public address and the keys of programs end."""
    said = _certificate(settings.get().public_url)
    with transaction(Role.SYSTEM) as conn:
        number, first_at = endings.api_keys(conn, ENDS_SOON_DAYS)
        endings.note(conn, endings.API_KEYS, first_at, number)
    return f"{said} {counted(number, 'API key')} in use within {ENDS_SOON_DAYS} days."


def _asked(spec: ProviderSpec) -> str:
    try:
        account = reachability.account(spec)
    except SourceError as error:
        if error.cause in _STATES:
            with transaction(Role.SYSTEM) as conn:
                provider_status.report(conn, spec.key, _STATES[error.cause], str(error))
        return str(error).rstrip(".")
    _keep(spec, account)
    return account.in_words


def _keep(spec: ProviderSpec, account: Account) -> None:
    left = account.credit_left
    with transaction(Role.SYSTEM) as conn:
        if left is not None:
            provider_credit.note(conn, spec.key, left, account.whole)
        known = provider_status.everything(conn).get(spec.key)
        # Whether a key may do what it was refused for is not said here.
        if known is None and left != 0:
            provider_status.report(conn, spec.key, ProviderState.OK, "It takes the key.")
        elif left and known and known.state is ProviderState.EXHAUSTED:
            provider_status.report(conn, spec.key, ProviderState.OK, "It has credits again.")


def _certificate(address: str) -> str:
    if not address.startswith("https://"):
        with transaction(Role.SYSTEM) as conn:
            endings.note(conn, endings.CERTIFICATE, None)
        return "The public address has no certificate."
    try:
        ends_at = certificate.ends_at(address)
    except certificate.Ended:
        with transaction(Role.SYSTEM) as conn:
            endings.note_ended(conn, endings.CERTIFICATE)
        return "The certificate of the public address has ended."
    except certificate.Unseen as error:
        return f"Of the certificate of the public address nothing is known: {error}."
    with transaction(Role.SYSTEM) as conn:
        endings.note(conn, endings.CERTIFICATE, ends_at)
    return f"The certificate of the public address ends on {ends_at:%Y-%m-%d}."
