"""How long an order takes on the server: 500 campaigns submitted, beside 500 bare committed inserts.

Then again while nobody listens where Redis was, and while somebody listens and never answers.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing

import sqlalchemy as sa
import typer

import settings
from bench._installation import installation, percentile
from pipeline.campaign import CampaignSpec
from services import campaigns
from services.identity import Person
from store.database import Role, transaction
from store.ids import new_id

_TIMES = 500
_BAR_MS, _BAR_WITHOUT_REDIS_MS = 25.0, 100.0
_SPEC = CampaignSpec(business_types=("cafe",), location="Helsinki")


def main() -> None:
    """Print all rows; exit with 1 when the slowest hundredth of the orders takes more than its bar."""
    with installation(is_admin=True) as (folder, owner):
        _warm_up(owner)
        taken = {
            "submit": [_submit(owner) for _ in range(_TIMES)],
            "bare insert and commit": [_timed(lambda: _bare_insert(owner)) for _ in range(_TIMES)],
        }
        with closing(socket.socket(socket.AF_UNIX)) as hole:
            hole.bind(str(folder / "hole"))
            _use_redis(f"unix://{folder / 'hole'}")
            taken["submit, Redis gone"] = [_submit(owner) for _ in range(_TIMES)]
            hole.listen(4 * _TIMES)
            taken["submit, Redis silent"] = [_submit(owner) for _ in range(_TIMES // 5)]
    print(f"{'milliseconds':<24}{'p50':>8}{'p99':>8}{'max':>8}")
    for name, times in taken.items():
        print(f"{name:<24}{percentile(times, 50):>8.2f}{percentile(times, 99):>8.2f}{max(times):>8.2f}")
    ratio = percentile(taken["submit"], 50) / percentile(taken["bare insert and commit"], 50)
    print(f"ratio of the medians {ratio:.1f}")
    print(f"bars: p99 at most {_BAR_MS:.0f} ms, without Redis {_BAR_WITHOUT_REDIS_MS:.0f} ms")
    bars = {"submit": _BAR_MS, "submit, Redis gone": _BAR_WITHOUT_REDIS_MS}
    bars["submit, Redis silent"] = _BAR_WITHOUT_REDIS_MS
    sys.exit(any(percentile(taken[name], 99) > bar for name, bar in bars.items()))


def _use_redis(url: str) -> None:
    os.environ["REDIS_URL"] = url
    settings.get.cache_clear()


def _warm_up(owner: Person) -> None:
    """Connections are opened once in the life of a server."""
    for _ in range(10):
        _submit(owner)


def _submit(owner: Person) -> float:
    key = str(new_id())
    return _timed(lambda: campaigns.submit(owner, _SPEC, key))


def _bare_insert(owner: Person) -> None:
    with transaction(Role.ADMIN, proof=owner.proof) as conn:
        conn.execute(
            sa.text("insert into audit_log (actor_id, action) values (:actor, 'bench')"), {"actor": owner.id}
        )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    typer.run(main)
