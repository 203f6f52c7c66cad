"""`make run` from start to stop: what it says, what it leaves behind, what the next start finds."""

from __future__ import annotations

import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import psycopg2
import pytest
import redis

from embedded.postgres import Postgres
from tests.support.application import READY, Application, application, command_of, still_alive
from tests.support.deployed import is_as_it_should_be
from tests.support.servers import APP_SECRET, cloned, rows

FIRST_START = "Starting ProspectPro for the first time"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Its name holds what a configuration file could take for a comment, a variable or two words."""
    return tmp_path / "an installation #1; 50%"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """An installation for tests that leave it as it is; starting one takes longer than they do."""
    with application(tmp_path_factory.mktemp("running") / "an installation") as app:
        yield app


def remember(url: str) -> None:
    with closing(psycopg2.connect(url)) as conn, conn.cursor() as cursor:
        cursor.execute("create schema kept; create table kept.yesterday as select 'here' as said")
        conn.commit()


def sockets_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if stat.S_ISSOCK(path.lstat().st_mode)]


def names(app: Application) -> set[str]:
    """The programs that run, by the word of their command line that tells them apart."""
    words = ("bin/postgres", "redis-server", "valkey-server", "streamlit", "worker", "supervisord")
    shown = [command_of(process) for process in app.processes()]
    return {word for word in words if any(word in line for line in shown)}


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """An installation that was started for the first time, holds something, and was ended by Ctrl-C.

    Its name holds what a configuration file could take for a comment, a variable or two words.
    """
    with application(tmp_path_factory.mktemp("stopped") / "an installation #1; 50%") as app:
        assert httpx.get(f"{app.url}/healthz").json() == {"status": "ok"}
        assert rows(app.connections()["DATABASE_URL"], "select count(*) > 1000 from places") == [(True,)]
        assert "ProspectPro" in httpx.get(app.url, follow_redirects=True).text
        with redis.Redis.from_url(app.connections()["REDIS_URL"]) as client:
            assert client.ping()
        remember(app.connections()["DATABASE_URL"])
        _stop(app, signal.SIGINT)
    return app


def test_the_first_start_says_so(stopped: Application) -> None:
    assert stopped.said[0].startswith(FIRST_START)


def test_after_the_death_of_the_command_all_is_there_and_sigterm_ends_it_too(stopped: Application) -> None:
    with _started_again(stopped.data_dir) as app:
        _kill(app, "manage.py run")
    with _started_again(stopped.data_dir) as app:
        _stop(app, signal.SIGTERM)


def test_after_the_death_of_the_supervisor_all_is_there(stopped: Application) -> None:
    with _started_again(stopped.data_dir) as app:
        _kill(app, "supervisord")
    with _started_again(stopped.data_dir):
        pass


def _stop(app: Application, by: signal.Signals) -> None:
    processes = app.processes()
    app.process.send_signal(by)
    assert app.rest() == ["Press Ctrl-C to stop.", "ProspectPro has stopped."]
    assert app.process.returncode == 0
    assert [line for line in app.said if line.startswith(READY)] == [app.said[-1]]
    assert still_alive(processes) == []
    assert sockets_below(app.data_dir) == []


def _kill(app: Application, victim: str) -> None:
    processes = app.processes()
    next(process for process in processes if victim in command_of(process)).kill()
    app.rest()
    assert app.process.returncode != 0
    assert still_alive(processes) == []


@contextmanager
def _started_again(data_dir: Path) -> Iterator[Application]:
    with application(data_dir) as app:
        assert not app.said[0].startswith(FIRST_START)
        assert rows(app.connections()["DATABASE_URL"], "select said from kept.yesterday") == [("here",)]
        yield app


def test_a_crashed_web_server_comes_back(running: Application) -> None:
    web = next(process for process in running.processes() if "streamlit" in command_of(process))
    web.kill()
    web.wait()
    with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
        assert client.get(f"{running.url}/healthz").json() == {"status": "ok"}


def test_secrets_are_for_their_owner_only(running: Application) -> None:
    folder = running.data_dir
    assert httpx.get(running.first_admin_link).status_code == 200
    key = running.first_admin_link.partition("key=")[2]
    secrets = [
        key,
        running.connections()["APP_SECRET"],
        *(path.read_text() for path in folder.glob("secrets/*")),
    ]
    for process in running.processes():
        with suppress(psutil.NoSuchProcess):
            shown = command_of(process)
            assert not [secret for secret in secrets if secret in shown]
    told = "\n".join(path.read_text() for path in folder.glob("logs/*.log"))
    assert not [secret for secret in secrets if secret in told]
    for path in (folder / "installation.env", *folder.glob("secrets/*"), *folder.glob("logs/*")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for name in ("secrets", "logs", "postgres", "redis"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    assert {"listening"} & _network(running.processes()) == {"listening"}


def _network(processes: list[psutil.Process]) -> set[str]:
    """Says "listening" for the web server's own port; anything else that listens is named."""
    found = set()
    for process in processes:
        # The housekeeping processes come and go.
        with suppress(psutil.NoSuchProcess):
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN:
                    found.add("listening" if "streamlit" in command_of(process) else process.name())
    return found


def test_a_busy_port_is_named_and_nothing_is_started(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        app = Application(data_dir, WEB_PORT=str(port))
        said = app.rest()
    assert app.process.returncode == 1
    assert len(said) == 1
    assert str(port) in said[0]
    assert "WEB_PORT" in said[0]
    assert [path.name for path in data_dir.iterdir()] == ["manager.lock"]


def test_a_second_start_from_the_same_folder_is_refused(running: Application) -> None:
    second = Application(running.data_dir)
    said = second.rest()
    assert httpx.get(f"{running.url}/healthz").json() == {"status": "ok"}
    assert second.process.returncode == 1
    assert len(said) == 1
    assert "already runs" in said[0]


def test_a_second_copy_in_another_folder_runs_beside(running: Application, open_folder: Path) -> None:
    """One in a folder other users may pass, one in a folder they may not, as either may be root's."""
    with application(open_folder / "two") as two:
        assert running.url != two.url
        remember(two.connections()["DATABASE_URL"])
        assert rows(running.connections()["DATABASE_URL"], "select to_regclass('kept.yesterday')") == [
            (None,)
        ]


def test_own_servers_are_used_instead_of_the_embedded_ones(
    data_dir: Path, postgres: Postgres, migrated: str, redis_url: str
) -> None:
    with (
        cloned(postgres, migrated) as own,
        application(data_dir, DATABASE_URL=own.owner_url, REDIS_URL=redis_url, APP_SECRET=APP_SECRET) as app,
    ):
        assert names(app) == {"streamlit", "worker", "supervisord"}
        assert app.connections() == {}
        assert not (data_dir / "postgres" / "data").exists()
        is_as_it_should_be(app, DATABASE_URL=own.owner_url, REDIS_URL=redis_url, APP_SECRET=APP_SECRET)


def test_an_own_database_that_is_away_is_one_plain_sentence(data_dir: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"postgresql://owner:a-secret@127.0.0.1:{closed.getsockname()[1]}/leads"
        app = Application(data_dir, DATABASE_URL=address)
        said = app.rest()
    assert app.process.returncode == 1
    assert len(said) == 2
    assert "DATABASE_URL" in said[1]
    assert "a-secret" not in said[1]


def test_a_wrong_setting_is_one_plain_sentence(data_dir: Path) -> None:
    app = Application(data_dir, WEB_PORT="web")
    said = app.rest()
    assert app.process.returncode == 1
    assert len(said) == 1
    assert "WEB_PORT" in said[0]
