"""An installation for showing around: its providers are the stand-in, its data folder is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import settings
from tests.support.providers import providers

_LATENCY = "google_places=0.4,hunter=0.6,neverbounce=0.4,overpass=0.5"


def main() -> int:
    """Run until Ctrl-C; returns the exit code of the application."""
    data_dir = os.environ.get("DATA_DIR") or str(settings.PROJECT_ROOT / "var" / "demo")
    with providers("--latency", _LATENCY, "--synthetic", "500", "--job-s", "2") as stand_in:
        environment = {**os.environ, **stand_in.settings(), "SIMULATED": "true", "DATA_DIR": data_dir}
        with subprocess.Popen(
            [sys.executable, settings.PROJECT_ROOT / "manage.py", "run"], env=environment
        ) as app:
            signal.signal(signal.SIGTERM, lambda *_: app.terminate())
            while True:
                try:
                    return app.wait()
                except KeyboardInterrupt:
                    # The application heard Ctrl-C, too, and is stopping.
                    continue


if __name__ == "__main__":
    sys.exit(main())
