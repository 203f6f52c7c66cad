"""NeverBounce over the wire: leads to check, its answers, and a step that asks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from pipeline.contact.email_checks import FreeChecks
from pipeline.lead import EmailStatus, Lead
from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp
from pipeline.providers.neverbounce.verifier import NeverBounceStep
from tests.pipeline.memory import METRE, TODAY, from_places, full_place
from tests.support.calls import DirectCalls, ListSuppressions
from tests.support.wire import Answerer, Wire, plain, wire

PRICE = 8000


def leads(number: int) -> list[Lead]:
    """So many cafés with an unverified address each."""
    places = [
        full_place(
            f"node/{n}", name=f"Anchor {n:04}", lat=60 + n * 300 * METRE, email=f"info+a@anchor-{n}.test"
        )
        for n in range(number)
    ]
    return [
        Lead(business=business, email_status=EmailStatus.UNVERIFIED)
        for business in from_places(places, "FI", TODAY)
    ]


def checked(
    answer: Answerer, given: Sequence[Lead], calls: DirectCalls, listed: ListSuppressions | None = None
) -> tuple[list[Lead], Wire]:
    """The leads after a server that answers so was asked, and what it was asked."""
    with wire(answer) as server:
        http = ProviderHttp("NeverBounce", Endpoint(base_url=f"{server.url}/v4.2"), user_agent="t")
        checks = FreeChecks(listed or ListSuppressions(), lambda domain: domain != "anchor-9.test")
        step = NeverBounceStep(
            calls, http, "secret_key", price_micros=PRICE, checks=checks, wait=lambda _: None
        )
        try:
            return through(step, given), server
        finally:
            http.close()


def through(step: NeverBounceStep, given: Sequence[Lead], *, at_a_time: int = 0) -> list[Lead]:
    """The leads after the step, given to it all at once or some at a time; its work is done one after the other."""
    size = at_a_time or max(1, len(given))
    parts = [given[start : start + size] for start in range(0, len(given), size)]
    done: list[Lead] = []
    work: list[Callable[[], None]] = []
    coming = len(given)
    while parts or work:
        for piece in work:
            piece()
        part = parts.pop(0) if parts else []
        coming -= len(part)
        turn = step.take_turn(part, coming)
        done += turn.done
        work = list(turn.work)
    return done


def success(**fields: object) -> Answerer:
    """A good answer with these fields."""
    return plain(json.dumps({"status": "success", **fields}))
