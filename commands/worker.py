"""One campaign worker."""

from __future__ import annotations

from commands import _plugins as plugins
from commands._failures import told_plainly

_SERVERS_S = 120.0


def worker() -> None:
    """Run campaigns until asked to stop; waits for Postgres and Redis first."""
    import settings
    from jobs import queue
    from jobs import worker as campaign_worker
    from store import readiness
    from store.database import Role

    known = (settings.SettingsError, readiness.NotReady, queue.RedisNotConfigured, queue.RedisNotReady)
    with told_plainly(*known):
        plugins.load()
        readiness.wait_until_ready(Role.WORKER, _SERVERS_S)
        queue.wait_until_ready(_SERVERS_S)
        campaign_worker.main()
