"""Garbage collection on a timer, in place of Streamlit's full collection after every rerun."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

INTERVAL_S = 60.0


@contextmanager
def timed_collection(interval_s: float = INTERVAL_S) -> Iterator[None]:
    """Collect every ``interval_s`` while the block runs; what was loaded before is left out for good."""
    stop = Event()

    def _collect() -> None:
        while not stop.wait(interval_s):
            gc.collect()

    gc.freeze()
    thread = Thread(target=_collect, name="garbage-collector", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
