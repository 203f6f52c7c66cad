"""Secrets of one installation: random, made once, readable by their owner only."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret in ``path``; 32 random bytes in hexadecimal when there is none yet."""
    if not path.exists():
        write_private(path, secrets.token_hex(32))
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600 in one step, so that a crash leaves the old one or the new one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        # A path in the text may be any bytes.
        file.write(os.fsencode(text))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
