"""Another administrator, from the machine ProspectPro runs on."""

from __future__ import annotations

from typing import Annotated

import typer


def create_admin(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from the first line of standard input."),
    ] = False,
) -> None:
    """Create an administrator; asks for the password twice."""
    from services import accounts
    from store import readiness
    from store.database import Role

    readiness.wait_until_ready(Role.OPERATOR, 5)
    if password_stdin:
        password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    accounts.create_user(email, password, is_admin=True)
    typer.echo(f"{email} can sign in now.")
