"""The link for the first administrator, from the machine ProspectPro runs on."""

from __future__ import annotations

import typer


def first_admin_link() -> None:
    """Print the link at which the first administrator is created, as long as nobody has an account."""
    from services import accounts
    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.WEB, 5)
    link = accounts.first_admin_link()
    typer.echo(
        link or "Somebody has an account already. An administrator is added by create-admin.", err=not link
    )
