"""Calls for a plan: they give out what is held for everybody, and ask nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Answer, Call, Earlier, Json, Reply, Taken
from pipeline.providers.registry import registry
from store import provider_cache, provider_setup
from store.database import Connection


class HeldCalls:
    """``ProviderCalls`` inside the transaction of a plan."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._endpoints = provider_setup.endpoints()

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        reply = self.held(call)
        if reply is None:
            raise not_asked(call.provider)
        return reply

    def ask_free(self, call: Call, send: Callable[[], Answer]) -> Reply:
        raise not_asked(call.provider)

    def held(self, call: Call) -> Reply | None:
        endpoint = self._endpoints[call.provider].base_url
        found = provider_cache.held(self._conn, call.provider, call.operation, endpoint, [call.arguments])
        return Reply(body=found[0]["body"]) if found else None

    def held_many(self, calls: Sequence[Call]) -> Mapping[int, Reply]:
        found = ((place, self.held(call)) for place, call in enumerate(calls))
        return {place: reply for place, reply in found if reply}

    def take(self, calls: Sequence[Call]) -> Taken:
        raise not_asked("")

    def wait_for(self, calls: Sequence[Call]) -> None:
        """Nobody is waited for."""

    def release(self, calls: Sequence[Call]) -> None:
        """Nothing was taken."""

    def earlier(self, provider: str, operation: str) -> Sequence[Earlier]:
        return ()

    def restate(self, call: Call, answer: Answer) -> None:
        """Nothing was asked."""

    def remember_many(self, answers: Sequence[tuple[Call, Json]]) -> None:
        """Nothing new is learnt."""

    def remember(self, call: Call, body: Json) -> None:
        """Nothing new is learnt."""

    def affordable(self, price_micros: int) -> int:
        return 0

    def spare(self, call: Call, why: str) -> None:
        """Nothing is spared."""


def not_asked(provider: str) -> SourceError:
    """The error for a question that a plan does not ask."""
    return SourceError(Cause.UNREACHABLE, registry().label(provider))
