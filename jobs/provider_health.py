"""What a run learns about its providers: which is out for it, and what administrators should know."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.providers.registry import registry
from store import provider_status
from store.database import DatabaseError, Role, transaction
from store.provider_status import ProviderState
from store.provider_stops import Stop

_STATES = {
    Cause.STAYED_AWAY: ProviderState.UNREACHABLE,
    Cause.OUT_OF_CREDITS: ProviderState.EXHAUSTED,
    Cause.DAY_LIMIT: ProviderState.EXHAUSTED,
}


class ProviderHealth:
    """How each provider was when it was last asked, written down once a change; used by many threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._gone: dict[str, SourceError] = {}
        self._healthy: set[str] = set()
        self._stopped: frozenset[str] = frozenset()
        self._steered_at: dict[str, datetime] = {}

    def steered(self, stops: Mapping[str, Stop]) -> frozenset[str]:
        """What administrators want now; returns the providers they want tried again, which are out no more."""
        with self._guard:
            self._stopped = frozenset(provider for provider, stop in stops.items() if stop.is_stopped)
            again = frozenset(
                provider
                for provider, stop in stops.items()
                if not stop.is_stopped and self._steered_at.get(provider) != stop.changed_at
            )
            self._steered_at = {provider: stop.changed_at for provider, stop in stops.items()}
            for provider in again:
                self._gone.pop(provider, None)
                self._healthy.discard(provider)
        return again

    def is_gone(self, provider: str) -> bool:
        """Whether this provider is out for this run, or stopped."""
        return provider in self._stopped or provider in self._gone

    def refuse_gone(self, provider: str) -> None:
        """Raises the SourceError of the cause for which this provider is out for this run, or stopped."""
        if provider in self._stopped:
            raise SourceError(Cause.STOPPED, registry().label(provider))
        if provider in self._gone:
            raise self._gone[provider]

    def gone(self, provider: str, why: SourceError) -> None:
        """The provider is out: its key was refused, its credits are used up, or it stays away."""
        with self._guard:
            if provider in self._gone:
                return
            self._gone[provider] = why
            _note(provider, _STATES.get(why.cause, ProviderState.REFUSED), str(why))

    def waiting(self, provider: str) -> None:
        """The provider kept failing and is not asked for a while."""
        with self._guard:
            self._healthy.discard(provider)
        _note(provider, ProviderState.WAITING, "It kept failing. It is asked again within half a minute.")

    def well(self, provider: str) -> None:
        """The provider answered."""
        with self._guard:
            # A late answer does not make a refused key a good one.
            if provider not in self._healthy and provider not in self._gone:
                self._healthy.add(provider)
                _note(provider, ProviderState.OK, "It answers.")


def _note(provider: str, state: ProviderState, message: str) -> None:
    try:
        with transaction(Role.WORKER) as conn:
            provider_status.report(conn, provider, state, message)
    except DatabaseError:
        # Only a note for administrators: the campaign's own state is written elsewhere.
        return
