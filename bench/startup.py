"""Seconds from the start to the first page, with a new and a used data folder, and the memory it takes."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import typer

from tests.support.application import Application, application

_MIB = 1024 * 1024
# The word of a command line that names the program, with what the table calls it.
_PROGRAMS = {
    "manage.py run": "manager",
    "supervisor.supervisord": "supervisor",
    "streamlit": "web server",
    "manage.py worker": "worker",
    "manage.py housekeep": "housekeeping",
    "redis-server": "Redis",
    "valkey-server": "Valkey",
    "postgres": "Postgres",
}


def main() -> None:
    """Measure twice in one fresh data folder and print two tables."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "installation"
        print(f"{'start':<8}{'ready':>10}{'first page':>12}{'stop':>8}   seconds")
        for name in ("first", "second"):
            memory = _measure(name, data_dir)
    print(f"\n{'program':<14}{'processes':>10}{'MiB':>8}   unique memory, idle")
    for program, sizes in sorted(memory.items()):
        print(f"{program:<14}{len(sizes):>10}{sum(sizes) / _MIB:>8.0f}")
    print(f"{'all':<14}{'':>10}{sum(map(sum, memory.values())) / _MIB:>8.0f}")


def _measure(name: str, data_dir: Path) -> dict[str, list[int]]:
    begun = time.perf_counter()
    with application(data_dir) as app:
        ready = time.perf_counter() - begun
        httpx.get(app.url, follow_redirects=True).raise_for_status()
        page = time.perf_counter() - begun
        memory = _memory(app)
        begun = time.perf_counter()
    print(f"{name:<8}{ready:>10.1f}{page:>12.1f}{time.perf_counter() - begun:>8.1f}")
    return memory


def _memory(app: Application) -> dict[str, list[int]]:
    """Memory that ends with each process; shared pages, such as Postgres' buffers, are left out."""
    found: dict[str, list[int]] = {}
    for process in app.processes():
        # The programs that keep the house come and go.
        with suppress(psutil.NoSuchProcess):
            found.setdefault(_program(process), []).append(process.memory_full_info().uss)
    return found


def _program(process: psutil.Process) -> str:
    shown = " ".join(process.cmdline())
    return next((name for word, name in _PROGRAMS.items() if word in shown), process.name())


if __name__ == "__main__":
    typer.run(main)
