"""The checklists of ``docs/contributing``, followed to the letter.

A section of one holds blocks of code below a line that says "Write" or "In" and names a file: a whole file to write,
or a change of one. A block marked ``diff`` changes a file: its lines without ``+`` are looked for, those
without ``-`` take their place. A last line "Run" names the tests that show it worked.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import settings

FOLDER = "docs/contributing"
MOST_FILES = {
    "A finder": 3,
    "A source of places": 3,
    "Adding a format of exports": 2,
    "Adding a column": 4,
    "Adding a page": 4,
    "Adding a stage": 6,
}
"""The most files each may write or change, documents and tests included; code that has to be touched in more places
has lost its one place."""
_BLOCK = re.compile(r"^(?:Write|In) `([^`]+)`[^\n]*:\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RUN = re.compile(r"^Run (`.+`)\.$", re.MULTILINE)
_LEFT_OUT = (
    ".git",
    ".venv",
    "var",
    "artifacts",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
)


@dataclass(frozen=True)
class Block:
    """One file to write, or one change of a file."""

    path: str
    text: str
    is_change: bool


@dataclass(frozen=True)
class Checklist:
    """What a contributor does for one kind of thing, and how it is shown to work."""

    name: str
    blocks: tuple[Block, ...]
    tests: tuple[str, ...]

    @property
    def files(self) -> list[str]:
        """The files that are written or changed."""
        return sorted({block.path for block in self.blocks})

    def apply(self, root: Path) -> None:
        """Do what it says in a copy of the project."""
        for block in self.blocks:
            file = root / block.path
            if block.is_change:
                file.write_text(changed(file.read_text(), block))
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block.text)


def checklists() -> Iterator[Checklist]:
    """Every section of every checklist that has blocks."""
    for file in sorted((settings.PROJECT_ROOT / FOLDER).glob("*.md")):
        for section in re.split(r"^## ", file.read_text(), flags=re.MULTILINE):
            blocks = tuple(Block(path, text, kind == "diff") for path, kind, text in _BLOCK.findall(section))
            if blocks:
                (run,) = _RUN.findall(section)
                yield Checklist(
                    section.partition("\n")[0].lstrip("# "), blocks, tuple(re.findall(r"`([^`]+)`", run))
                )


def source_of(path: str) -> str:
    """The file a checklist says to write."""
    (text,) = (block.text for found in checklists() for block in found.blocks if block.path == path)
    return text


def followed(found: Sequence[Checklist], folder: Path) -> subprocess.CompletedProcess[str]:
    """Follow checklists on one copy of the project below ``folder``, as starting Python and reading the project takes
    most of following one; check the style of what they write, and run their tests there.
    ``bench.lines`` follows each by itself."""
    root = folder / "project"
    shutil.copytree(settings.PROJECT_ROOT, root, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for checklist in found:
        checklist.apply(root)
    files = {name: None for checklist in found for name in checklist.files if name.endswith(".py")}
    tests = {name: None for checklist in found for name in checklist.tests}
    for argv in (
        ("ruff", "check", "--no-cache", *files),
        ("pytest", "-q", "-p", "no:cacheprovider", *tests),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *argv], cwd=root, capture_output=True, text=True, check=False
        )
        if done.returncode:
            break
    return done


def changed(text: str, block: Block) -> str:
    """The file after one change. Raises ValueError where it does not hold just once what is changed."""
    lines = block.text.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if not line.startswith("+"))
    new = "".join(line[1:] for line in lines if not line.startswith("-"))
    if text.count(old) != 1:
        raise ValueError(f"{block.path} holds {text.count(old)} times what the checklist changes:\n{old}")
    return text.replace(old, new)
