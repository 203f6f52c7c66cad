"""What the ledger adds to a paid call: asking through it beside asking directly, over one provider's real socket.

The ways take turns, so that a busy machine slows all of them. Beside them stands what any honest ledger has to do at
least twice: a row inserted and committed to the disk.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal

import psycopg2

import settings
from bench._installation import installation, percentile
from jobs.provider_calls import StoredCalls
from pipeline.money.calls import Answer, Call, Endpoint
from pipeline.network.http import ProviderHttp
from tests.support.campaigns import SPEC, claimed, submitted
from tests.support.wire import plain, wire

_CALLS = 300
_BAR_MS = 4.0
_BAR_COMMITS = 6.0
"""The same for a machine of another speed: so many times a row that is inserted and committed by itself."""


def main() -> None:
    """Print medians and 95th percentiles, in milliseconds. Exit code 1 when the ledger adds more than the bars."""
    os.environ["LEASE_S"] = "300"  # Nobody renews it here.
    with installation() as (_, owner), wire(plain('{"data": {}}')) as server:
        endpoint = Endpoint(base_url=server.url, key="a-key")
        lease = claimed(owner, submitted(owner, SPEC.model_copy(update={"budget_usd": Decimal(100)})))
        http = ProviderHttp("Hunter", endpoint, user_agent="bench")
        calls = StoredCalls(lease, {"hunter": endpoint}, {}, {}, threading.Event())

        def send() -> Answer:
            reply = http.get("domain-search")
            return Answer(http_status=reply.status, body={"emails": []}, cost_micros=1)

        with closing(psycopg2.connect(settings.get().database_url.get_secret_value())) as conn:
            conn.cursor().execute("create table bench_rows (number integer primary key, body text)")
            conn.commit()

            def insert(number: int) -> None:
                conn.cursor().execute("insert into bench_rows values (%s, %s)", (number, "x" * 500))
                conn.commit()

            taken = _in_turn(
                {
                    "sent directly": lambda _: send(),
                    "a row committed": insert,
                    "through the ledger": lambda number: calls.ask(_call(number), send),
                    "held already": lambda number: calls.ask(_call(number), send),
                }
            )
        http.close()
    _judge(taken)


def _in_turn(ways: dict[str, Callable[[int], object]]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(_CALLS):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(number)
            taken[name].append((time.perf_counter() - begun) * 1000)
    return taken


def _judge(taken: dict[str, list[float]]) -> None:
    print(f"{_CALLS} calls{'p50 ms':>16}{'p95 ms':>9}")
    for name, times in taken.items():
        print(f"{name:<20}{statistics.median(times):>7.2f}{percentile(times, 95):>9.2f}")
    added_ms = statistics.median(taken["through the ledger"]) - statistics.median(taken["sent directly"])
    commits = added_ms / statistics.median(taken["a row committed"])
    print(f"the ledger adds {added_ms:.2f} ms a call (bar {_BAR_MS:.0f}),", end=" ")
    print(f"{commits:.1f} rows committed (bar {_BAR_COMMITS:.0f})")
    sys.exit(added_ms > _BAR_MS and commits > _BAR_COMMITS)


def _call(number: int) -> Call:
    return Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": f"anchor-{number}.test"},
        price_micros=1,
        keep_days=30,
    )


if __name__ == "__main__":
    main()
