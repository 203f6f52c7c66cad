"""Workers that are started again when they die, as the supervisor of an installation does it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.workers import WorkerProcess

_LOOK_EVERY_S = 0.1


class WorkerPool:
    """A number of workers; who dies is replaced at once."""

    def __init__(self, folder: Path, number: int, **environment: str) -> None:
        self._log = folder / "worker.log"
        self._environment = environment
        self._over = threading.Event()
        self._guard = threading.Lock()
        self.deaths = 0
        self.workers = [self._new() for _ in range(number)]
        self._watch = threading.Thread(target=self._replace_dead, daemon=True)
        self._watch.start()

    def said(self) -> str:
        """The log of all of them."""
        return self._log.read_text()

    def stop(self) -> None:
        """Ask all to finish, and wait."""
        self._over.set()
        self._watch.join()
        for worker in self.workers:
            worker.stop()

    def _new(self) -> WorkerProcess:
        return WorkerProcess(self._log, **self._environment)

    def _replace_dead(self) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            for place, worker in enumerate(self.workers):
                if worker.process.poll() is not None:
                    self.deaths += 1
                    self.workers[place] = self._new()


@contextmanager
def worker_pool(folder: Path, number: int, **environment: str) -> Iterator[WorkerPool]:
    """A number of running workers, stopped at the end."""
    made = WorkerPool(folder, number, **environment)
    try:
        yield made
    finally:
        made.stop()
