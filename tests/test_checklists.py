"""The checklists for contributors change what is there and touch few files; `bench.lines` runs their tests, too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import settings
from tests.support.checklists import MOST_FILES, Checklist, checklists

FOUND = list(checklists())


def test_every_checklist_has_its_bar() -> None:
    assert sorted(found.name for found in FOUND) == sorted(MOST_FILES)


@pytest.mark.parametrize("checklist", FOUND, ids=lambda found: found.name)
def test_a_checklist_can_be_followed(checklist: Checklist, tmp_path: Path) -> None:
    for file in {block.path for block in checklist.blocks if block.is_change}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(settings.PROJECT_ROOT / file, tmp_path / file)
    checklist.apply(tmp_path)
    assert len(checklist.files) <= MOST_FILES[checklist.name]
    for changed in tmp_path.rglob("*.py"):
        compile(changed.read_text(), changed, "exec")
