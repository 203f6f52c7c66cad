"""Measures how the installation does, for Health, alerts and Prometheus."""

from __future__ import annotations

import shutil

import settings
from pipeline.output.notices import counted
from store import measures
from store.database import Role, transaction


def take() -> str:
    """Measure the minutes since the last time."""
    with transaction(Role.SYSTEM) as conn:
        minutes = measures.take(conn, _disk_used_percent())
    return f"{counted(minutes, 'minute')} measured."


def _disk_used_percent() -> float | None:
    """How full the disk of this machine's data folder is; None where there is none."""
    folder = settings.get().data_dir
    if not folder.is_dir():
        return None
    usage = shutil.disk_usage(folder)
    return 100 * (usage.total - usage.free) / usage.total
