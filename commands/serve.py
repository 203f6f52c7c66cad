"""The web server alone."""

from __future__ import annotations

import os
import sys

from commands import _plugins as plugins
from commands._waiting import Wait, say, waiting


def serve(wait: Wait = 5) -> None:
    """Serve the pages and the HTTP interface."""
    import settings
    from embedded.ports import free_port
    from jobs import queue
    from store import readiness
    from store.database import Role

    plugins.load()
    config = settings.get()
    port = free_port(config.web_host, config.web_port)
    readiness.wait_until_ready(Role.WEB, wait, waiting(wait))
    queue.connect().close()
    if empty := readiness.empty_catalogue(Role.WEB):
        say(empty)
    os.chdir(settings.PROJECT_ROOT)
    options = ["--server.port", str(port), "--server.address", config.web_host]
    argv = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
    # Uvicorn believes X-Forwarded-For of local callers unless told otherwise; it would name the address that
    # sign-in attempts are counted by. Set it to the proxy's address when one stands in front.
    os.environ.setdefault("FORWARDED_ALLOW_IPS", "")
    os.execv(sys.executable, argv)  # noqa: S606 - our own list, no shell
