"""The reconciler alone."""

from __future__ import annotations

from commands._failures import told_plainly


def reconcile() -> None:
    """Wake or end every campaign that nobody runs, once. Workers do this by themselves every 5 seconds."""
    import settings
    from jobs import reconciler
    from jobs.queue import RedisNotConfigured
    from store import readiness
    from store.database import Role

    with told_plainly(settings.SettingsError, readiness.NotReady, RedisNotConfigured):
        readiness.wait_until_ready(Role.SYSTEM, 5)
        reconciler.tick()
