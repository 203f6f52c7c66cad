"""A link for a new password, from the machine ProspectPro runs on."""

from __future__ import annotations

from typing import Annotated

import typer


def reset_link(
    email: Annotated[str, typer.Argument(help="The address of the account.")],
    without_second_factor: Annotated[
        bool,
        typer.Option("--without-second-factor", help="The second factor was lost: switch it off as well."),
    ] = False,
) -> None:
    """Print a link by which somebody chooses a new password, once, within a day."""
    from services import accounts
    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.OPERATOR, 5)
    typer.echo(accounts.reset_link_by_command(email, without_second_factor=without_second_factor))
