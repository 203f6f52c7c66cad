"""The checklists for contributors work to the letter, and touch few files."""

from __future__ import annotations

from pathlib import Path

import pytest

import settings
from tests.support.checklists import MOST_FILES, Checklist, changed, checklists, followed

FOUND = list(checklists())


def test_every_checklist_has_its_bar() -> None:
    assert sorted(found.name for found in FOUND) == sorted(MOST_FILES)


@pytest.mark.parametrize("checklist", FOUND, ids=lambda found: found.name)
def test_a_checklist_touches_few_files_and_needs_no_other(checklist: Checklist) -> None:
    assert len(checklist.files) <= MOST_FILES[checklist.name]
    there: dict[str, str] = {}
    for block in checklist.blocks:
        file = settings.PROJECT_ROOT / block.path
        assert block.is_change == (block.path in there or file.exists()), block.path
        before = there.get(block.path) or (file.read_text() if block.is_change else "")
        there[block.path] = changed(before, block) if block.is_change else block.text


def test_the_checklists_can_be_followed(tmp_path: Path) -> None:
    done = followed(FOUND, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
