"""The reconciler alone."""

from __future__ import annotations

import typer

_SERVERS_S = 5


def reconcile() -> None:
    """Wake or end every campaign that nobody runs, once. Workers do this by themselves every 5 seconds."""
    from jobs import reconciler
    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.SYSTEM, _SERVERS_S)
    mended = reconciler.tick()
    typer.echo(
        f"{mended:,} campaigns that nobody ran were woken or ended."
        if mended
        else "Nothing to do: every campaign runs, waits in line or has ended."
    )
