"""How long the interface for programs takes under fifty requests a second: a health check, which asks nobody, beside
ordering (also by the call of before), reading and listing. Requests are sent by the clock, whether the ones before were
answered or not."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import httpx
import typer

from api.v1.problems import PREFIX
from bench._installation import installation, percentile
from services import api_keys, campaigns
from services.api_keys import Scope
from tests.support.web_server import web_server

_A_SECOND, _SECONDS, _AT_ONCE = 50, 10, 32
_ORDER = {"business_types": ["cafe"], "location": "Helsinki", "max_results": 3}
_OLD = "/functions/v1/business-discovery-background"
# Of the median to that of a health check. Half a dozen statements and a commit stand against none.
_BEFORE = {"businessType": "cafe", "location": "Helsinki", "maxResults": 3}
_BARS = {"submit": 40.0, "before": 40.0, "read": 20.0, "list": 40.0}


def main() -> None:
    """Print all rows; exit with 1 when one misses its bar, or anything was refused."""
    limits = {"API_REQUESTS_PER_MINUTE": "1000000", "REQUESTS_PER_ADDRESS": "1000"}
    with (
        installation() as (folder, owner),
        web_server("streamlit_app:app", folder / "web.log", **limits) as server,
    ):
        key = api_keys.create(owner, "Bench", Scope.SUBMIT, 1)
        headers = {"Authorization": f"Bearer {key}"}
        pool = httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
        with httpx.Client(base_url=server.url + PREFIX, headers=headers, timeout=60, limits=pool) as client:
            print(f"{'':<8}{'p50':>9}{'p99':>9}{'ratio':>8}   ms at {_A_SECOND} requests a second")
            bare = _row("health", lambda: client.get("/health"), 0.0)
            ratios = {"submit": _row("submit", lambda: client.post("/campaigns", json=_ORDER), bare)}
            ratios["before"] = _row("before", lambda: client.post(server.url + _OLD, json=_BEFORE), bare)
            ids = cycle([row.id for row in campaigns.list_mine(owner, limit=100).rows])
            ratios["read"] = _row("read", lambda: client.get(f"/campaigns/{next(ids)}"), bare)
            ratios["list"] = _row("list", lambda: client.get("/campaigns?limit=25"), bare)
    print(f"bars: {', '.join(f'{name} {bar:g}' for name, bar in _BARS.items())}")
    sys.exit(any(ratios[name] > bar for name, bar in _BARS.items()))


def _row(name: str, ask: Callable[[], httpx.Response], bare_s: float) -> float:
    """The ratio of the median to that of the health check; of that itself its median."""
    ask()
    taken = _under_load(ask)
    median, late = percentile(taken, 50), percentile(taken, 99)
    ratio = median / bare_s if bare_s else 1.0
    print(f"{name:<8}{median * 1000:>9.1f}{late * 1000:>9.1f}{ratio:>8.1f}")
    return ratio if bare_s else median


def _under_load(ask: Callable[[], httpx.Response]) -> list[float]:
    """Seconds from when each request was due to when it was answered."""
    taken: list[float] = []
    noting = threading.Lock()

    def one(due: float) -> None:
        ask().raise_for_status()
        with noting:
            taken.append(time.perf_counter() - due)

    began = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        sent = []
        for number in range(_A_SECOND * _SECONDS):
            due = began + number / _A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            sent.append(pool.submit(one, due))
        for each in sent:
            each.result()
    return taken


if __name__ == "__main__":
    typer.run(main)
