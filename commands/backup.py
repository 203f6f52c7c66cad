"""A backup of everything there is to keep but APP_SECRET."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._passphrase import PassphraseFile, passphrase

File = Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]


def backup(file: File, passphrase_file: PassphraseFile = None) -> None:
    """Write the whole database to a file, as it is at one moment, while everybody goes on working."""
    from embedded import backups

    head, size = backups.back_up(file, passphrase(passphrase_file))
    kind = "encrypted" if head.salt else "not encrypted: whoever has the file can read all of it"
    typer.echo(f"{file}: schema {head.schema} as of {head.taken_at}, {size:,} bytes, {kind}.")
    typer.echo("APP_SECRET is not in it. Keep that, and the passphrase, somewhere else.")
