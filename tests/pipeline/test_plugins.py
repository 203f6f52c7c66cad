"""Formats of ours and of others are found by what their files declare; a broken plugin is told in a sentence."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import settings
from pipeline.crm.crms import CRMS
from pipeline.providers.registry import registry
from tests.support.plugins import TOY_FORMAT, add_plugin

NAMES = (
    "from pipeline.output.export_formats import formats;"
    " print(*(f'{key}.{found.extension}' for key, found in formats().items()))"
)


OURS = ["csv.csv", "json.json", "vcard.vcf", "xlsx.xlsx"]


def python(code: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter, which finds plugins the way an installation does."""
    return run([sys.executable, "-c", code], *paths)


def run(argv: Sequence[str], *paths: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (settings.PROJECT_ROOT, *paths)))}
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False)


def test_without_plugins_there_are_ours() -> None:
    assert python(NAMES).stdout.split() == OURS


def test_plugins_of_several_folders_are_found_by_name(tmp_path: Path) -> None:
    add_plugin(tmp_path / "one", "toy_format", TOY_FORMAT)
    add_plugin(tmp_path / "one", "_hidden", "raise RuntimeError")
    add_plugin(tmp_path / "two", "another", TOY_FORMAT.replace('"toy"', '"other"'))
    add_plugin(tmp_path / "two", "no_format", "ANSWER = 42")
    done = python(NAMES, tmp_path / "one", tmp_path / "two")
    assert done.stdout.split() == [*OURS, "other.other", "toy.toy"], done.stderr


BROKEN = {
    "it does not compile": ("def broken(:", "SyntaxError: "),
    "it fails": ("raise RuntimeError('a key\\nis missing')", "RuntimeError: a key is missing."),
    "it needs what is not there": ("import not_installed_anywhere", "No module named"),
    "it is declared wrongly": (TOY_FORMAT.replace('extension="toy"', 'extension="to y"'), "extension: "),
    "it declares another thing": ("FORMAT = 'csv'", "its FORMAT is no ExportFormat."),
    "its preset is no format": ("PRESET = 'hubspot'", "its PRESET is no ExportFormat."),
    "the key of its preset is taken": (
        TOY_FORMAT.replace("FORMAT =", "PRESET =").replace('key="toy"', 'key="hubspot"'),
        "another format or preset has the key “hubspot”",
    ),
    "its key is taken": (TOY_FORMAT.replace('key="toy"', 'key="csv"'), "another format has the key “csv”"),
    "its ending is taken": (TOY_FORMAT.replace('extension="toy"', 'extension="xlsx"'), "ending “.xlsx”"),
}


@pytest.mark.parametrize(("source", "problem"), BROKEN.values(), ids=BROKEN)
def test_nothing_starts_with_a_broken_plugin(tmp_path: Path, source: str, problem: str) -> None:
    file = add_plugin(tmp_path, "broken_format", source)
    done = run([sys.executable, str(settings.PROJECT_ROOT / "manage.py"), "serve"], tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert done.stderr.startswith(f"The plugin {file} cannot be used: ")
    assert problem in done.stderr
    assert done.stderr.endswith(" Mend it or take it away.\n")


@pytest.mark.parametrize("command", ["run", "worker", "campaign cafe Helsinki"])
def test_every_process_that_reads_plugins_refuses_a_broken_one(tmp_path: Path, command: str) -> None:
    add_plugin(tmp_path, "broken_format", "raise RuntimeError")
    done = run([sys.executable, str(settings.PROJECT_ROOT / "manage.py"), *command.split()], tmp_path)
    assert (done.returncode, "broken_format.py cannot be used" in done.stderr) == (1, True)
    assert not (tmp_path / "data").exists()


def test_a_folder_that_is_an_ordinary_package_is_told(tmp_path: Path) -> None:
    file = add_plugin(tmp_path, "__init__", "")
    done = run([sys.executable, str(settings.PROJECT_ROOT / "manage.py"), "serve"], tmp_path)
    assert (done.returncode, str(file) in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_nothing_but_its_own_file_names_a_format() -> None:
    naming = {
        path.relative_to(settings.PROJECT_ROOT).as_posix()
        for folder in ("api", "bench", "commands", "jobs", "pages", "pipeline", "services", "store", "ui")
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py")
        if names_a_format(path)
    }
    # `campaign --csv FILE` is older than `--out FILE`, which takes any.
    assert naming == {
        "pipeline/output/formats/csv.py",
        "pipeline/output/formats/xlsx.py",
        "commands/_files.py",
    }


# These are also the names of fields, of a lead and of an order, and of the source every installation has.
OTHERWISE = {"website", "own_list", "lead_book", "open_data"}


def test_nothing_but_its_own_file_names_a_provider() -> None:
    names = {name for spec in registry() for name in (spec.key, spec.order_key)}
    names |= {setting.name for setting in registry().settings}
    naming = {
        path.relative_to(settings.PROJECT_ROOT).as_posix()
        for folder in ("api", "commands", "jobs", "pages", "pipeline", "services", "store", "ui")
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py")
        if names_one_of(path, names - OTHERWISE)
    }
    assert {name for name in naming if not name.startswith("pipeline/providers/")} == set()


def test_nothing_but_its_own_files_names_a_customer_system() -> None:
    # Messages about events go to webhooks, too.
    kinds = [kind for kind in CRMS.values() if kind.key != "webhook"]
    names = {name for kind in kinds for name in (kind.key, kind.label)}
    naming = {
        path.relative_to(settings.PROJECT_ROOT).as_posix()
        for folder in ("api", "commands", "jobs", "pages", "pipeline", "services", "store", "ui")
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py")
        if names_one_of(path, names)
    }
    own = tuple(f"pipeline/crm/{key}" for key in CRMS)
    assert {name for name in naming if not name.startswith((*own, "pipeline/output/presets/"))} == set()


def names_one_of(path: Path, names: set[str]) -> bool:
    nodes = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(node, ast.Constant) and node.value in names for node in nodes)


def names_a_format(path: Path) -> bool:
    return names_one_of(path, {"csv", "xlsx", "CSV", "XLSX"})
