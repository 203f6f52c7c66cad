"""The demonstration starts, says that it is one, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil

import settings
from tests.support.application import READY, still_alive


def test_a_demonstration_starts_and_stops_with_its_stand_in(tmp_path: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "demo"), "WEB_PORT": "0", "WORKER_COUNT": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.providers_server.demo"],
        cwd=settings.PROJECT_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout
        url = next(line for line in demo.stdout if line.startswith(READY)).removeprefix(READY).strip()
        assert httpx.get(url).status_code == 303
        below = psutil.Process(demo.pid).children(recursive=True)
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
    assert still_alive(below) == []
