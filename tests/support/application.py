"""The whole application as a person starts it, in a data folder of its own and on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from dotenv import dotenv_values

import settings

READY = "ProspectPro is ready: "
_FIRST_ADMIN = "Nobody has an account yet. Create the first administrator here: "
# Nobody listens there: no test asks the real servers whether they are reachable.
_NOWHERE = {"OVERPASS_BASE_URL": "http://127.0.0.1:9/api"}
# Generous: a machine under load is slow, and only a broken stop never ends.
_END_S = 60


class Application:
    """One `manage.py run`. ``url`` and ``first_admin_link`` are known once ``wait_until_ready`` has returned."""

    def __init__(self, data_dir: Path, project: Path = settings.PROJECT_ROOT, **environment: str) -> None:
        self.data_dir = data_dir
        self.url = ""
        self.first_admin_link = ""
        self.said: list[str] = []
        ours = {name.upper() for name in settings.Settings.model_fields}
        others = {name: value for name, value in os.environ.items() if name not in ours}
        self.process = subprocess.Popen(
            [sys.executable, project / "manage.py", "run"],
            env={
                **others,
                "DATA_DIR": str(data_dir),
                "WEB_PORT": "0",
                "WORKER_COUNT": "1",
                **_NOWHERE,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_ready(self) -> None:
        """Read what the application says up to the line that names its address."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith(_FIRST_ADMIN):
                self.first_admin_link = line.removeprefix(_FIRST_ADMIN).strip()
            if line.startswith(READY):
                self.url = line.removeprefix(READY).strip()
                return
        raise AssertionError("\n".join([*self.said, *self._logs()]))

    def _logs(self) -> list[str]:
        return [f"--- {path.name}\n{path.read_text()}" for path in self.data_dir.glob("logs/*.log")]

    def processes(self) -> list[psutil.Process]:
        """The manager and everything below it."""
        manager = psutil.Process(self.process.pid)
        return [manager, *manager.children(recursive=True)]

    def connections(self) -> dict[str, str]:
        """How the running installation is reached, as it tells other commands."""
        found = dotenv_values(self.data_dir / settings.INSTALLATION_FILE)
        return {name: value or "" for name, value in found.items()}

    def rest(self) -> list[str]:
        """Every further line up to the end; waits for it."""
        assert self.process.stdout
        with self.process.stdout as output:
            lines = [line.rstrip() for line in output]
        self.process.wait(_END_S)
        return lines


@contextmanager
def application(
    data_dir: Path, project: Path = settings.PROJECT_ROOT, **environment: str
) -> Iterator[Application]:
    """A ready application, stopped at the end."""
    made = Application(data_dir, project, **environment)
    try:
        made.wait_until_ready()
        yield made
    finally:
        if made.process.poll() is None:
            made.process.send_signal(signal.SIGTERM)
        if made.process.stdout and not made.process.stdout.closed:
            made.rest()


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended within a generous time."""
    _gone, alive = psutil.wait_procs(processes, timeout=_END_S)
    return [process for process in alive if command_of(process)]


def command_of(process: psutil.Process) -> str:
    """Its command line; empty when it has ended, which some do at any time."""
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
