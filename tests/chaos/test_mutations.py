"""The drills would notice: with a protection taken out of a copy of the project, they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import settings

_LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "var", "artifacts", ".*_cache")
# What is changed, by file: the text there and what takes its place; and the drill that has to fail.
MUTATIONS: dict[str, tuple[dict[str, tuple[str, str]], str]] = {
    "no fence": (
        {
            "store/leases.py": (" and lease_token = :token and lease_until > now()", ""),
            "migrations/sql/0009_flights.sql": (" and lease_token = token and lease_until > now()", ""),
            "migrations/sql/0020_policies.sql": (
                "\n        and lease_token = nullif(current_setting('app.lease_token', true), '')::bigint"
                "\n        and lease_hash = app_lease_hash()",
                "",
            ),
        },
        "test_faults.py::test_a_frozen_run_that_wakes_up_finds_itself_replaced",
    ),
    "intent after the call": (
        {
            "jobs/paid_attempts.py": (
                "            key = self._begun(call, attempt, slot)\n",
                "            early = send()\n            send = lambda early=early: early\n"
                "            key = self._begun(call, attempt, slot)\n",
            )
        },
        "test_death_of_a_run.py::test_nothing_is_lost[intent.committing:20]",
    ),
    "no reconciler": (
        {
            "jobs/reconciler.py": (
                "def tick() -> int:\n",
                "def tick() -> int:\n    return 0\n\n\ndef _tick() -> int:\n",
            )
        },
        "test_death_of_a_worker.py::test_nothing_is_lost[job.claimed:1]",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_missing_protection_is_noticed(name: str, tmp_path: Path) -> None:
    changes, drill = MUTATIONS[name]
    copy = tmp_path / "copy"
    shutil.copytree(settings.PROJECT_ROOT, copy, ignore=_LEFT_OUT)
    for path, (there, instead) in changes.items():
        text = (copy / path).read_text()
        assert there in text, f"{path} has changed; so must this mutation"
        (copy / path).write_text(text.replace(there, instead))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/chaos/{drill}"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    run = subprocess.run(
        command, cwd=copy, env={**kept, "WAIT_TIMEOUT_S": "25"}, capture_output=True, text=True, check=False
    )
    assert "1 failed" in run.stdout, run.stdout[-2000:]
