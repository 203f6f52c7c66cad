"""Where the passphrase of a backup comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="File whose first line is the passphrase; else BACKUP_PASSPHRASE."
    ),
]


def passphrase(file: Path | None) -> str:
    """That of the file, or else that of the settings; empty for none."""
    import settings
    from commands._reading import read_text
    from embedded.errors import CannotBackUp

    if file is None:
        return settings.get().backup_passphrase.get_secret_value()
    found = read_text(file).partition("\n")[0].strip()
    if not found:
        raise CannotBackUp(f"The first line of {file} is empty: it has to be the passphrase.")
    return found
