"""The files a command reads: what cannot be read is told in a sentence that names the file and says what to do."""

from __future__ import annotations

import os
from pathlib import Path

from services.errors import Invalid


def check_readable(path: Path) -> None:
    """Raises Invalid. Nothing is opened, as a pipe must not be opened twice."""
    if path.is_dir():
        raise Invalid(f"{path} is a folder. Name a file in it.")
    if not os.access(path, os.F_OK):
        raise Invalid(f"{path} does not exist. See that its name and its folder are right.")
    if not os.access(path, os.R_OK):
        raise Invalid(f"{path} may not be read by this account. Let it be read, or name another file.")
    if path.is_file() and not path.stat().st_size:
        raise Invalid(f"{path} is empty. Name another file.")


def read_bytes(path: Path, most: int = -1) -> bytes:
    """What the file holds, or its first ``most`` bytes. Raises Invalid."""
    check_readable(path)
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror}). Name another file.") from None


def read_text(path: Path) -> str:
    """The text of the file. Raises Invalid also for what is no text in UTF-8."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is no text in UTF-8. Save it as that, or name another file.") from None
