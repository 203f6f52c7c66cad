"""The embedded Redis as its own process: who gets in, and what survives a kill."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from embedded.redis import Redis
from tests.support.servers import running_redis, temporary_layout


def test_nobody_gets_in_without_the_password(redis_process: Redis) -> None:
    once = Retry(NoBackoff(), 0)
    with (
        redis.Redis(unix_socket_path=str(redis_process.socket), retry=once) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_nothing_listens_on_the_network_and_the_socket_is_private(redis_process: Redis) -> None:
    with redis.Redis.from_url(redis_process.url) as client:
        assert client.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(redis_process.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((redis_process.layout.redis / "redis.conf").stat().st_mode) == 0o600


def test_the_password_is_not_on_the_command_line(redis_process: Redis) -> None:
    password = (redis_process.layout.secrets / "redis").read_text()
    assert password not in " ".join(redis_process.start_command())


def test_full_memory_refuses_writes_instead_of_dropping_jobs(redis_process: Redis) -> None:
    with redis.Redis.from_url(redis_process.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_writes_survive_the_death_of_the_server(tmp_path: Path) -> None:
    with temporary_layout(tmp_path / "installation") as layout:
        server = Redis(layout)
        with running_redis(server) as process:
            with redis.Redis.from_url(server.url) as client:
                client.rpush("kept", *range(500))
            process.send_signal(signal.SIGKILL)
            process.wait()
        with running_redis(server), redis.Redis.from_url(server.url) as client:
            assert client.llen("kept") == 500


def test_each_test_gets_an_empty_redis(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
