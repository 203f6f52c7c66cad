"""The files a command writes leads to: looked at before anything is ordered, readable by nobody else afterwards."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pipeline.output.export_formats import by_extension, formats
from services.errors import Invalid

_MODE = 0o600


def wanted_files(csv: Path | None, out: Path | None) -> dict[Path, str]:
    """Where to write the leads, with the key of the format. Raises Invalid, before anything is ordered."""
    wanted = {csv: "csv"} if csv else {}
    if out:
        format = by_extension(out.suffix)
        if format is None:
            known = ", ".join(f".{known.extension}" for known in formats().values())
            raise Invalid({"out": f"{out.name} names no format by its ending. There are {known}."})
        if csv and _same(csv, out) and format.key != "csv":
            raise Invalid({"out": f"--csv and --out name the same file, {out.name}. Write to two files."})
        wanted[out] = format.key
    for path in wanted:
        _check(path)
    return wanted


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whatever it was before. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(descriptor, "wb") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fchmod(descriptor, _MODE)
        file.write(data)


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute()


def _check(path: Path) -> None:
    """Raise Invalid when the file cannot be written. Nothing is left behind."""
    path = path.resolve()  # A link may lead nowhere yet.
    folder = path.parent
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder} to write {path.name} to.")
    if path.is_dir():
        raise Invalid(f"{path} is a folder. Name the file to write as well, such as {path / 'leads.csv'}.")
    if path.exists():
        # What is there keeps what it holds until there are leads; a pipe must not be opened twice.
        if not os.access(path, os.W_OK):
            raise Invalid(f"{path} may not be written. Name another file.")
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
    except OSError as error:
        raise Invalid(f"{path} cannot be written ({error.strerror}). Name another file.") from None
    path.unlink()
