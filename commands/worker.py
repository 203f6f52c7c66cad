"""One campaign worker."""

from __future__ import annotations

from commands._failures import told_plainly

_DATABASE_S = 120.0


def worker() -> None:
    """Run campaigns until asked to stop; waits for the database first."""
    import settings
    from store import readiness
    from store.database import Role

    with told_plainly(settings.SettingsError, readiness.NotReady):
        readiness.wait_until_ready(Role.WORKER, _DATABASE_S)
        from jobs import worker as campaign_worker

        campaign_worker.main()
