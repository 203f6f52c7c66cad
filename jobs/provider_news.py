"""What a run learns about its providers: which is out for it, and what administrators should know."""

from __future__ import annotations

import threading

from pipeline.errors import ProviderGone
from pipeline.money.calls import Provider
from store import provider_status
from store.database import DatabaseError, Role, transaction


class ProviderNews:
    """Each provider's last news, told once; used by many threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._gone: dict[Provider, ProviderGone] = {}
        self._healthy: set[Provider] = set()

    def refuse_gone(self, provider: Provider) -> None:
        """Raises ProviderGone when this provider is out for this run."""
        if provider in self._gone:
            raise self._gone[provider]

    def gone(self, provider: Provider, why: ProviderGone) -> None:
        """The provider is out: its key was refused, its credits are used up, or it stays away."""
        with self._guard:
            if provider in self._gone:
                return
            self._gone[provider] = why
            state = "unreachable" if not why.alarm else "exhausted" if "used up" in str(why) else "refused"
            _note(provider, state, str(why))

    def waiting(self, provider: Provider) -> None:
        """The provider kept failing and is not asked for a while."""
        with self._guard:
            self._healthy.discard(provider)
        _note(provider, "waiting", "It kept failing. It is asked again within half a minute.")

    def well(self, provider: Provider) -> None:
        """The provider answered."""
        with self._guard:
            # A late answer does not make a refused key a good one.
            if provider not in self._healthy and provider not in self._gone:
                self._healthy.add(provider)
                _note(provider, "ok", "It answers.")


def _note(provider: Provider, state: str, message: str) -> None:
    try:
        with transaction(Role.WORKER) as conn:
            provider_status.report(conn, provider, state, message)
    except DatabaseError:
        # Only a note for administrators: the campaign's own state is written elsewhere.
        return
