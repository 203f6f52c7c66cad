"""Run the whole application from one terminal: start, watch, say what happens, stop everything."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import cast

from supervisor.xmlrpc import SupervisorTransport

import settings
from embedded.child import command
from embedded.errors import CannotStart
from embedded.installation import Installation, this_installation
from embedded.ports import free_port
from embedded.programs import CONTROL_SOCKET, write_config

_WEB_READY_S = 120.0
_STOP_S = 40.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not listened on


class _Stop(Exception):
    """The person or the system asked to end."""


def run() -> None:
    """Start the installation and stay until it is asked to stop. Raises CannotStart and SettingsError."""
    installation = this_installation()
    os.umask(0o077)
    for number in _STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        with installation.locked() as lock:
            _run(installation, lock)
    except _Stop:
        _say("ProspectPro has stopped.")


def _run(installation: Installation, lock: int) -> None:
    host = installation.settings.web_host
    port = free_port(host, installation.settings.web_port)
    _say(
        "Starting ProspectPro for the first time: creating its database and loading the open data."
        if installation.is_new
        else "Starting ProspectPro."
    )
    installation.create()
    os.environ.update(DATA_DIR=str(installation.layout.root), WEB_PORT=str(port))
    with _supervisor(installation, lock) as supervisor:
        link = _prepare(supervisor, installation.layout.logs / "prepare.log")
        _wait_for_web(supervisor, host, port)
        if link:
            _say(f"Nobody has an account yet. Create the first administrator here: {link}")
        _say(f"ProspectPro is ready: {installation.settings.address(port)}\nPress Ctrl-C to stop.")
        while True:
            supervisor.check()
            time.sleep(1)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _stop(_number: int, _frame: FrameType | None) -> None:
    _ignore_stop_signals()
    raise _Stop


def _ignore_stop_signals() -> None:
    """Stopping is bounded, so a second Ctrl-C has nothing to hurry and much to spoil."""
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


class _Supervisor:
    """The running supervisor, asked over its private socket how the programs are."""

    def __init__(self, process: subprocess.Popen[bytes], installation: Installation) -> None:
        self._process = process
        self._logs = installation.layout.logs
        self._socket = installation.layout.sockets / CONTROL_SOCKET

    def check(self) -> None:
        """Raise CannotStart when a program was given up or the supervisor is gone."""
        if self._process.poll() is not None:
            raise CannotStart(f"ProspectPro ended unexpectedly; the reason is in {self._logs}/supervisor.*")
        for name in self._given_up():
            raise CannotStart(f"'{name}' does not start; the reason is in {self._logs / name}.log")

    def _given_up(self) -> list[str]:
        if not self._socket.exists():
            return []
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        try:
            with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as proxy:
                found = cast(list[dict[str, str]], proxy.supervisor.getAllProcessInfo())
        except OSError:
            return []
        return [str(row["name"]) for row in found if row["statename"] == "FATAL"]


@contextmanager
def _supervisor(installation: Installation, lock: int) -> Iterator[_Supervisor]:
    config = write_config(installation)
    argv: list[str | Path] = [sys.executable, "-m", "supervisor.supervisord", "--configuration", config]
    # In a session of its own, so that Ctrl-C reaches this process alone, which then stops all in order.
    with (installation.layout.logs / "supervisor.out").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own list, no shell
            command(argv, death_signal=signal.SIGTERM, parent=str(os.getpid())),
            start_new_session=True,
            pass_fds=(lock,),
            cwd=installation.layout.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield _Supervisor(process, installation)
    finally:
        _ignore_stop_signals()
        _end(process)
        config.unlink(missing_ok=True)
        installation.layout.remove_socket_folder()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _prepare(supervisor: _Supervisor, log: Path) -> str:
    """Run ``manage.py prepare``; returns the link for the first administrator, which is a secret and goes to no log,
    empty when somebody has an account. Raises CannotStart with what it said when it fails."""
    reads, writes = os.pipe()
    program = settings.PROJECT_ROOT / "manage.py"
    argv: list[str | Path] = [sys.executable, program, "prepare", "--link-to", str(writes)]
    with log.open("wb") as output, os.fdopen(writes, "w"):
        process = subprocess.Popen(  # noqa: S603 - our own list, no shell
            command(argv, parent=str(os.getpid())),
            start_new_session=True,
            pass_fds=(writes,),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        while process.poll() is None:
            supervisor.check()
            time.sleep(0.05)
    finally:
        _end(process)
    if process.returncode:
        said = log.read_text().strip()
        unforeseen = not said or "Traceback" in said
        raise CannotStart(f"ProspectPro could not be prepared; see {log}" if unforeseen else said)
    with os.fdopen(reads) as told:
        return told.read()


def _wait_for_web(supervisor: _Supervisor, host: str, port: int) -> None:
    deadline = time.monotonic() + _WEB_READY_S
    while not _answers(_ANY_ADDRESS.get(host, host), port):
        supervisor.check()
        if time.monotonic() > deadline:
            raise CannotStart("The web server does not answer; the reason is in web.log of the data folder.")
        time.sleep(0.05)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
