"""The settings in force: what administrators set in the interface, above what the environment says.

Each process looks again after five seconds at the latest, and one that is forked for a campaign, a duty or mails looks
when it begins; so a change needs no restart. Only workers see values; others know which settings have one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlalchemy.engine import Engine

import settings
from pipeline.providers.declaration import Value
from pipeline.providers.registry import registry
from settings import MailServer, SettingsError
from store import installation_secrets
from store.database import DatabaseNotConfigured, Role, engine, transaction

MAIL = "mail_server"
"""What the mail server is kept under; providers are by their key."""
_FRESH_S = 5


def provider_values() -> Mapping[str, Value]:
    """The settings of all providers by name, secrets in the clear. For workers."""
    values = dict(settings.get().provider_values())
    for subject, kept in _values().items():
        if subject in registry().providers:
            names = {setting.name for setting in registry().providers[subject].keys}
            values.update({name: value for name, value in kept.items() if name in names})
    return values


def mail() -> MailServer:
    """The mail server, its password in the clear. For workers."""
    kept = _values().get(MAIL)
    return MailServer.model_validate(kept) if kept else settings.get()


def has_mail(role: Role) -> bool:
    """Whether there is a mail server, as ``role`` knows."""
    return MAIL in subjects(role) or bool(settings.get().smtp_host)


def subjects(role: Role) -> frozenset[str]:
    """What was set in the interface and can be read, as ``role`` knows."""
    try:
        return _subjects(role, engine(role), _now())
    except (DatabaseNotConfigured, SettingsError):
        return frozenset()


def names(kept: Iterable[str]) -> frozenset[str]:
    """The settings of providers that have a value when these subjects are set in the interface."""
    own = {name for name, value in settings.get().provider_values().items() if value}
    providers = registry().providers
    return frozenset(own).union(
        setting.name for subject in kept if subject in providers for setting in providers[subject].keys
    )


def forget() -> None:
    """Look again the next time: this process changed something."""
    _subjects.cache_clear()
    _opened.cache_clear()


def _values() -> Mapping[str, Mapping[str, str]]:
    try:
        return _opened(engine(Role.WORKER), _now())
    except (DatabaseNotConfigured, SettingsError):
        return {}


def _now() -> int:
    return int(time.monotonic() / _FRESH_S)


# By engine: each process and database has its own.
@lru_cache(maxsize=8)
def _subjects(role: Role, _engine: Engine, _at: int) -> frozenset[str]:
    with transaction(role) as conn:
        found = installation_secrets.subjects(conn)
    return frozenset(subject for subject, is_readable in found.items() if is_readable)


@lru_cache(maxsize=2)
def _opened(_engine: Engine, _at: int) -> Mapping[str, Mapping[str, str]]:
    with transaction(Role.WORKER) as conn:
        return installation_secrets.opened(conn)
