"""Garbage is collected on a timer while the server runs, and not after it."""

from __future__ import annotations

import gc
from threading import Event, active_count
from typing import Any

from ui.collector import timed_collection


def test_collects_while_running_and_ends_its_thread() -> None:
    collected = Event()

    def note(phase: str, _info: dict[str, Any]) -> None:
        if phase == "stop":
            collected.set()

    threads = active_count()
    gc.callbacks.append(note)
    try:
        with timed_collection(interval_s=0.01):
            assert collected.wait(5)
    finally:
        gc.callbacks.remove(note)
        gc.unfreeze()
    assert active_count() == threads
