"""What a backup holds, back in a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._passphrase import PassphraseFile, passphrase

File = Annotated[Path, typer.Argument(help="A file that `manage.py backup` wrote.")]
Check = Annotated[bool, typer.Option("--check", help="Only read it to its end, as restoring does.")]
Replace = Annotated[bool, typer.Option("--replace", help="Give up all that is in the database now.")]
NewSecret = Annotated[
    bool, typer.Option("--new-secret", help="Restore it although it was made with another APP_SECRET.")
]


def restore(
    file: File,
    passphrase_file: PassphraseFile = None,
    check: Check = False,
    replace: Replace = False,
    new_secret: NewSecret = False,
) -> None:
    """Bring the database in DATABASE_URL back as it was, all or nothing, at the schema of this version."""
    from commands._reading import check_readable
    from embedded import backups

    check_readable(file)
    key = passphrase(passphrase_file)
    if check:
        head = backups.check(file, key)
        typer.echo(f"{file} can be restored: schema {head.schema} as of {head.taken_at}, by {head.version}.")
        return
    head = backups.restore(file, key, replaces=replace, new_secret=new_secret)
    typer.echo(f"Restored as of {head.taken_at}. Campaigns that were running go on as soon as a worker runs.")
    typer.echo("Calls that providers billed since then are on their invoices and nowhere else.")
