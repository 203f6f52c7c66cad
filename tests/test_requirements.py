"""What is installed: pinned by hash, within the bounds, from no named server, under licences it can be shipped with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import licences

ROOT = Path(__file__).resolve().parent.parent
# The environments the Makefile installs the lock in.
LOCKED = [
    {
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "python_version": version,
        "python_full_version": f"{version}.9",
    }
    for version in ("3.11", "3.12")
]


def entries(lock: str) -> list[tuple[Requirement, list[str]]]:
    """Each pin of a lock file with its hashes."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().rstrip())
    lines = [re.sub(r" \\\n\s+", " ", block) for block in blocks if not block.startswith("#")]
    return [(Requirement(line.partition(" --hash=")[0]), line.split(" --hash=")[1:]) for line in lines]


def asked(name: str) -> list[Requirement]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith(("#", "-r"))]
    return [Requirement(line) for line in lines]


def holds(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


def pins(lock: str, environment: dict[str, str]) -> dict[str, str]:
    """Package to its one version in an environment."""
    found = [(pin.name, str(pin.specifier)) for pin, _ in entries(lock) if holds(pin, environment)]
    assert len(dict(found)) == len(found)
    assert [version for _, version in found if not re.fullmatch(r"==[\w.+!]+", version)] == []
    return {canonicalize_name(name): version.removeprefix("==") for name, version in found}


@pytest.mark.parametrize("environment", LOCKED, ids=lambda environment: environment["python_version"])
def test_the_locks_hold_all_that_is_required_within_its_bounds(environment: dict[str, str]) -> None:
    for_running, for_developing = (
        pins(lock, environment) for lock in ("requirements.lock", "requirements-dev.lock")
    )
    for requirement in asked("requirements.txt"):
        if holds(requirement, environment):
            assert for_running[canonicalize_name(requirement.name)] in requirement.specifier
    for requirement in asked("requirements-dev.txt"):
        assert for_developing[canonicalize_name(requirement.name)] in requirement.specifier
    assert for_running.items() <= for_developing.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_entry_of_a_lock_has_hashes_and_names_no_server(lock: str) -> None:
    assert [pin.name for pin, hashes in entries(lock) if not hashes] == []
    every = [digest for _, hashes in entries(lock) for digest in hashes]
    assert [digest for digest in every if not re.fullmatch("sha256:[0-9a-f]{64}", digest)] == []
    assert not re.search(r"://|^-|^ *--(?!hash)|@", (ROOT / lock).read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_an_upper_bound(name: str) -> None:
    assert [
        requirement.name
        for requirement in asked(name)
        if {part.operator for part in requirement.specifier} != {">=", "<"}
    ] == []


@pytest.mark.parametrize("name", licences.names())
def test_no_package_has_a_licence_we_cannot_ship_with(name: str) -> None:
    assert licences.refused(licences.licence(name)) == set()


@pytest.mark.parametrize(
    ("expression", "refused"),
    [
        ("MIT", set()),
        ("MPL-2.0 AND (MIT OR Apache-2.0)", set()),
        ("MIT AND GPL-3.0-only", {"GPL-3.0-only"}),
        ("AGPL-3.0-or-later", {"AGPL-3.0-or-later"}),
        ("none", {"none"}),
        ("GNU General Public License v3 (GPLv3)", {"GNU General Public License v3", "GPLv3"}),
    ],
)
def test_what_a_licence_may_be(expression: str, refused: set[str]) -> None:
    assert licences.refused(expression) == refused


def test_the_page_of_licences_names_every_package_that_is_installed() -> None:
    page = licences.FILE.read_text()
    assert re.findall(r"^\| ([\w.-]+) \|", page.partition("| package |")[2], re.MULTILINE) == licences.names()
    assert page.partition("| package |")[0] == licences.page().partition("| package |")[0]


def test_the_list_of_packages_has_each_with_its_hashes(tmp_path: Path) -> None:
    (command,) = re.findall(r"-m (cyclonedx_py .+?)\\\n\s*--output-file", (ROOT / "Makefile").read_text())
    written = tmp_path / "sbom.json"
    subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            *command.split(),
            "--output-file",
            written,
            "requirements.lock",
        ],
        cwd=ROOT,
        check=True,
    )
    sbom = json.loads(written.read_text())
    assert (sbom["bomFormat"], sbom["metadata"]["component"]["name"]) == ("CycloneDX", "prospectpro")
    assert {
        (part["name"], f"=={part['version']}"): len(part["externalReferences"][0]["hashes"])
        for part in sbom["components"]
    } == {(pin.name, str(pin.specifier)): len(hashes) for pin, hashes in entries("requirements.lock")}
