"""What `doctor` looks at: settings, servers, the schema, the queue, and what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import settings
from commands._checks import databases, machine, providers, servers, work
from commands._checks.finding import Finding, wrong
from settings import SettingsError


def findings(*, asks_providers: bool) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which one thing needs another. ``asks_providers``: whether keys are
    tried, by questions that cost nothing."""
    try:
        config = settings.get()
    except SettingsError as error:
        yield wrong(
            "settings", str(error), "Mend it in the environment or in .env; docs/settings.md explains each."
        )
        return
    yield from machine.findings(config)
    reached = databases.reached()
    yield from reached.findings
    if reached.role:
        yield from databases.findings(reached.role)
    yield from servers.redis_findings()
    yield from servers.mail_findings(config, knows=reached.role is not None)
    if reached.role:
        yield from work.findings()
    yield from providers.findings(asks=asks_providers, knows=reached.role is not None)
