"""The files a command writes leads to: looked at before anything is ordered, readable by nobody else afterwards."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.output.export import USUAL_LAYOUT, ExportFormat, Layout
from pipeline.output.export_formats import by_extension, formats
from pipeline.output.export_presets import presets
from services import export_choices
from services.errors import Invalid
from services.identity import Person

_MODE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How to write a file: the key of a format or preset, and the layout of its table."""

    format: str
    layout: Layout = USUAL_LAYOUT


def wanted_files(person: Person, csv: Path | None, out: Path | None, preset: str) -> dict[Path, Wanted]:
    """Where to write the leads, and how. Raises Invalid, before anything is ordered."""
    wanted = {csv: Wanted(format="csv")} if csv else {}
    if preset and not out:
        raise Invalid({"preset": "--preset says how to write --out FILE. Name the file, too."})
    if out:
        how = _preset(person, preset, out) if preset else Wanted(format=_format(out).key)
        if csv and _same(csv, out) and how != wanted[csv]:
            raise Invalid({"out": f"--csv and --out name the same file, {out.name}. Write to two files."})
        wanted[out] = how
    for path in wanted:
        check_writable(path)
    return wanted


def files_by_words(person: Person, words: Mapping[str, Any]) -> dict[Path, Wanted]:
    """The same, by the parameters of a command. Raises Invalid."""
    return wanted_files(person, words["csv"], words["out"], words["preset"])


def as_csv(words: Mapping[str, Any]) -> dict[Path, str]:
    """The file that ``--csv`` names, if any, and its format."""
    return {words["csv"]: "csv"} if words["csv"] else {}


def _format(out: Path) -> ExportFormat:
    """The format that the ending of a file names."""
    format = by_extension(out.suffix)
    if format is None:
        known = ", ".join(f".{known.extension}" for known in formats().values())
        raise Invalid({"out": f"{out.name} names no format by its ending. There are {known}."})
    return format


def _preset(person: Person, name: str, out: Path) -> Wanted:
    """The preset of this key, or the columns the workspace saved under this name, for a file that ends so."""
    ours = presets().get(name)
    if ours is not None:
        _ends(out, name, ours)
        return Wanted(format=ours.key)
    choices = export_choices.choices(person)
    saved = {preset.name.casefold(): preset for preset in choices.presets}
    found = saved.get(name.casefold())
    if found is None:
        names = ", ".join([*presets(), *(preset.name for preset in choices.presets)])
        raise Invalid({"preset": f"There is no preset “{name}”. There are {names}."})
    _ends(out, name, formats()[found.format])
    layout = export_choices.layout(found.columns, choices.spelling)
    return Wanted(format=found.format, layout=layout)


def _ends(out: Path, name: str, format: ExportFormat) -> None:
    if out.suffix.casefold() != f".{format.extension}":
        raise Invalid({"out": f"The preset {name} writes .{format.extension} files. Name such a file."})


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whatever it was before. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(descriptor, "wb") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fchmod(descriptor, _MODE)
        file.write(data)


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute()


def check_writable(path: Path) -> None:
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
