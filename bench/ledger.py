"""What the ledger adds to a paid call: asking through it beside asking directly, over one provider's real socket."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import typer

from bench._installation import installation
from jobs.provider_calls import StoredCalls
from pipeline.money.calls import Answer, Call, Endpoint
from pipeline.network.http import ProviderHttp
from tests.support.campaigns import SPEC, claimed, submitted
from tests.support.wire import plain, wire

_CALLS = 300


def main() -> None:
    """Print the medians and the 95th percentiles, in milliseconds."""
    # Nothing renews the lease here, and a slow machine needs longer than the usual one.
    os.environ["LEASE_S"] = "300"
    with installation() as (_, owner), wire(plain('{"data": {}}')) as server:
        endpoint = Endpoint(base_url=server.url, key="a-key")
        lease = claimed(owner, submitted(owner, SPEC.model_copy(update={"budget_usd": Decimal(100)})))
        http = ProviderHttp("Hunter", endpoint, user_agent="bench")
        calls = StoredCalls(lease, {"hunter": endpoint}, {}, {}, threading.Event())

        def send() -> Answer:
            reply = http.get("domain-search")
            return Answer(http_status=reply.status, body={"emails": []}, cost_micros=1)

        direct = [_timed(send) for _ in range(_CALLS)]
        stored = [_timed(partial(calls.ask, _call(number), send)) for number in range(_CALLS)]
        held = [_timed(partial(calls.ask, _call(number), send)) for number in range(_CALLS)]
        http.close()
    print(f"{_CALLS} calls{'p50 ms':>16}{'p95 ms':>9}")
    for name, times in (("sent directly", direct), ("through the ledger", stored), ("held already", held)):
        print(f"{name:<20}{statistics.median(times):>7.2f}{statistics.quantiles(times, n=20)[-1]:>9.2f}")
    print(f"the ledger adds {statistics.median(stored) - statistics.median(direct):.2f} ms a call (bar 5)")


def _call(number: int) -> Call:
    return Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": f"anchor-{number}.test"},
        price_micros=1,
        keep_days=30,
    )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    typer.run(main)
