"""The newest schema."""

from __future__ import annotations

from typing import Annotated

import typer

NewSecret = Annotated[
    bool,
    typer.Option("--new-secret", help="APP_SECRET was changed: give the database's roles new passwords."),
]


def migrate(new_secret: NewSecret = False) -> None:
    """Create the database roles and bring the schema to the newest version."""
    from services import places
    from store import migrate as schema
    from store import readiness
    from store.database import Role
    from store.schema_version import NEWEST

    before, now = schema.upgrade(new_secret=new_secret), NEWEST
    done = f"was upgraded from {before}" if before else "was created"
    typer.echo(f"The schema is at {now}{' already; nothing to do' if before == now else f' and {done}'}.")
    readiness.check(Role.WEB)
    if places.ensure_worked_out():
        typer.echo("The places that can be named were worked out again.")
    if empty := readiness.empty_catalogue(Role.WEB):
        typer.echo(empty)
