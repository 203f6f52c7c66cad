"""What the Redis of this installation is like, for whoever looks why something does not work."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis.exceptions import RedisError, ResponseError

from jobs import queue
from jobs.queue import QUEUE, RedisNotReady


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisFacts:
    """``max_bytes`` is 0 without a bound; ``keeps``: whether it keeps its memory on disk, None where it does not say;
    ``has_written`` is False when its last write to disk failed."""

    product: str
    version: str
    clock: datetime
    used_bytes: int
    max_bytes: int
    policy: str
    evicted: int
    keeps: bool | None
    has_written: bool
    in_line: int


def redis_facts() -> RedisFacts:
    """Ask it, after it has taken a write. Raises RedisNotConfigured, RedisNotReady and SettingsError."""
    queue.wait_until_ready(0)
    client: Any = queue.connect()
    try:
        said = client.info()
        seconds, micros = client.time()
        return RedisFacts(
            product="Valkey" if said.get("server_name") == "valkey" else "Redis",
            version=str(said.get("valkey_version") or said.get("redis_version", "")),
            clock=datetime.fromtimestamp(seconds + micros / 1e6, UTC),
            used_bytes=int(said.get("used_memory", 0)),
            max_bytes=int(said.get("maxmemory", 0)),
            policy=str(said.get("maxmemory_policy", "")),
            evicted=int(said.get("evicted_keys", 0)),
            keeps=bool(said.get("aof_enabled")) or _saves(client),
            has_written="err" not in (said.get("rdb_last_bgsave_status"), said.get("aof_last_write_status")),
            in_line=int(client.llen(f"rq:queue:{QUEUE}")),
        )
    except RedisError as error:
        raise RedisNotReady(f"Redis does not tell how it is ({error}).") from None
    finally:
        client.close()


def _saves(client: Any) -> bool | None:  # noqa: ANN401 - the client's own types are those of both of its kinds
    # Rented servers often refuse the question.
    with suppress(ResponseError):
        return bool(client.config_get("save").get("save"))
    return None
