"""Real worker processes, and waiting for what they do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.support.preloaded import Program

_TIMEOUT_S = float(os.environ.get("WAIT_TIMEOUT_S", "90"))
# Looking costs as much as what is looked at does, so what takes its time is looked at less often.
_POLL_S, _POLL_MORE, _POLL_MOST_S = 0.02, 1.2, 0.4


def eventually(condition: Callable[[], object], what: str) -> None:
    """Return once ``condition`` holds; fails with ``what`` when it does not within a generous time."""
    deadline, pause_s = time.monotonic() + _TIMEOUT_S, _POLL_S
    while not condition():
        assert time.monotonic() < deadline, f"still waiting: {what}"
        time.sleep(pause_s)
        pause_s = min(_POLL_MOST_S, pause_s * _POLL_MORE)


class WorkerProcess:
    """One `manage.py worker` in the environment of the test."""

    def __init__(self, log: Path, **environment: str) -> None:
        self._log = log
        with log.open("ab") as output:
            self.process = Program(["worker"], output, {**os.environ, **environment})

    def horses(self) -> list[psutil.Process]:
        """The forked processes that run campaigns."""
        with suppress(psutil.NoSuchProcess):
            return [child for child in psutil.Process(self.process.pid).children() if is_horse(child)]
        return []

    def kill(self) -> None:
        """End it and what it forked, at once and without a word."""
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(_TIMEOUT_S)

    def wake(self) -> None:
        """Let it and what it forked go on where they were frozen."""
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def _all(self) -> list[psutil.Process]:
        """Those it forked first; none when it has ended."""
        with suppress(psutil.NoSuchProcess):
            return [*self.horses(), psutil.Process(self.process.pid)]
        return []

    def stop(self) -> None:
        """Ask it to finish, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.wake()
        self.process.wait(_TIMEOUT_S)

    def said(self) -> str:
        """Its log."""
        return self._log.read_text()


def is_horse(child: psutil.Process) -> bool:
    """Whether it runs a campaign, and is neither dead nor at work beside the campaigns."""
    with suppress(psutil.NoSuchProcess):
        return child.status() != psutil.STATUS_ZOMBIE and child.name() not in {
            "duties",
            "mail",
            "lists",
            "files",
        }
    return False


@contextmanager
def worker(tmp_path: Path, **environment: str) -> Iterator[WorkerProcess]:
    """A running worker, stopped at the end."""
    made = WorkerProcess(tmp_path / "worker.log", **environment)
    try:
        yield made
    finally:
        made.stop()
