"""The web server alone."""

from __future__ import annotations

import os
import sys

from commands import _plugins as plugins
from commands._failures import told_plainly

_DATABASE_S = 120.0


def serve() -> None:
    """Serve the pages and the HTTP interface; waits for the database first."""
    import settings
    from store import readiness
    from store.database import Role

    with told_plainly(settings.SettingsError, readiness.NotReady):
        plugins.load()
        config = settings.get()
        readiness.wait_until_ready(Role.WEB, _DATABASE_S)
    os.chdir(settings.PROJECT_ROOT)
    options = ["--server.port", str(config.web_port), "--server.address", config.web_host]
    argv = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
    # Uvicorn believes X-Forwarded-For of local callers unless told otherwise; it would name the address that
    # sign-in attempts are counted by. Set it to the proxy's address when one stands in front.
    os.environ.setdefault("FORWARDED_ALLOW_IPS", "")
    os.execv(sys.executable, argv)  # noqa: S606 - our own list, no shell
