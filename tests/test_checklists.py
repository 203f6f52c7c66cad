"""The checklists for contributors work to the letter, and touch few files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checklists import MOST_FILES, Checklist, checklists, followed

FOUND = list(checklists())


def test_every_checklist_has_its_bar() -> None:
    assert sorted(found.name for found in FOUND) == sorted(MOST_FILES)


@pytest.mark.parametrize("checklist", FOUND, ids=lambda found: found.name)
def test_a_checklist_can_be_followed(checklist: Checklist, tmp_path: Path) -> None:
    assert len(checklist.files) <= MOST_FILES[checklist.name]
    done = followed(checklist, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
