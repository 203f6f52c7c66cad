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
    os.environ["STREAMLIT_SERVER_MAX_UPLOAD_SIZE"] = str(config.upload_mb)
    argv = [sys.executable, "-m", "api.server", "streamlit_app:app", config.web_host, str(port)]
    os.execv(sys.executable, argv)  # noqa: S606 - our own list, no shell
