"""Every command of the README and of ``docs/`` is typed here as it stands there."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import osmium
import psycopg2
import pytest
from dotenv import dotenv_values
from osmium.osm.mutable import Node
from psycopg2 import sql

import settings
from embedded.postgres import Postgres
from tests.support import alltheplaces, foursquare, overture, registers
from tests.support.application import READY
from tests.support.servers import execute, rows, running_postgres, temporary_layout
from tests.support.workers import eventually

ROOT = settings.PROJECT_ROOT
README = "README.md"
OWN = "docs/own-servers.md"
# What no test can do: it is about the reader's own network or machine, or another test does the same.
ELSEWHERE = {
    "git clone <this repository>": "the reader's address of the repository",
    "cd <its folder>": "the reader's folder",
    "python3 -m venv .venv": "the Makefile does it before any test runs",
    ".venv/bin/python -m pip install -r requirements.txt": "the Makefile does it before any test runs",
}
_PASSWORD = "a long enough password\n"


def fences(name: str, language: str) -> list[str]:
    """The blocks of one language in a document, without the indentation of a list around them."""
    found = re.findall(
        rf"^( *)```{language}\n(.*?)^ *```$", (ROOT / name).read_text(), re.MULTILINE | re.DOTALL
    )
    return [re.sub(rf"^{indent}", "", body, flags=re.MULTILINE) for indent, body in found]


def commands(name: str) -> list[str]:
    """Every line of every shell block that is not run elsewhere."""
    lines = [line for block in fences(name, "sh") for line in block.splitlines()]
    return [line for line in lines if line not in ELSEWHERE]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder that looks like the project's, so that what a command writes does not stay there."""
    folder = tmp_path / "prospectpro"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in (".venv", ".env", ".git", "var"):
            (folder / path.name).symlink_to(path)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def environment(folder: Path, **more: str) -> dict[str, str]:
    ours = {"DATA_DIR": str(folder / "var"), "WEB_PORT": "0", "WORKER_COUNT": "1"}
    return {**os.environ, **ours, "OVERPASS_BASE_URL": "http://127.0.0.1:9/api", **more}


def typed(command: str, folder: Path, **more: str) -> str:
    """Run a command to its end; in a session without a terminal, so that it reads passwords from here."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(folder, **more), input=_PASSWORD * 2,
        capture_output=True, text=True, start_new_session=True,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@contextmanager
def started(command: str, folder: Path, says: str, **more: str) -> Iterator[Path]:
    """Run a command that stays until it is interrupted; yields its log once that has the words."""
    log = folder.parent / f"{abs(hash(command))}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=folder, env=environment(folder, **more), stdout=output,
            stderr=output, start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
    try:
        eventually(lambda: says in log.read_text() or process.poll() is not None, command)
        assert says in log.read_text(), log.read_text()
        yield log
    finally:
        # As a terminal does it: to everything that runs in it.
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def test_what_is_run_elsewhere_is_still_documented() -> None:
    documents = [README, *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]
    lines = {line for name in documents for block in fences(name, "sh") for line in block.splitlines()}
    assert set(ELSEWHERE) <= lines
    assert {name for name in documents if fences(name, "sh")} == {README, OWN}


def write_extract(path: Path) -> None:
    with osmium.SimpleWriter(str(path)) as writer:
        writer.add_node(
            Node(id=1, location=(24.9, 60.2), tags={"name": "A café", "amenity": "cafe"}, version=1)
        )


def test_the_commands_of_the_readme(workplace: Path) -> None:
    write_extract(workplace / "EXTRACT.osm.pbf")
    with gzip.open(ROOT / "data" / "helsinki-core.jsonl.gz", "rt") as places:
        first = places.readline()
    with gzip.open(workplace / "PLACES.jsonl.gz", "wt") as few:
        few.write(first)
    overture.places_file(workplace / "PART.parquet", [overture.row(1, at=(60.2, 24.9))])
    foursquare.places_file(workplace / "PLACES.parquet", [foursquare.row(1, latitude=60.2, longitude=24.9)])
    spider = alltheplaces.collection(alltheplaces.feature(1))
    alltheplaces.run_of(workplace / "OUTPUT.zip", {"crumb_fi.geojson": spider})
    companies = registers.table([registers.house(1)]).encode()
    registers.zipped(workplace / "BasicCompanyDataAsOneFile.zip", {"rows.csv": companies})
    (workplace / "POSTCODES.csv").write_text("postcode,latitude,longitude\nAB1 2CD,60.2,24.9\n")
    start, *others = commands(README)
    assert start == "make run"
    with started(start, workplace, READY):
        typed(".venv/bin/python manage.py create-admin NEW-ADDRESS@example.com", workplace)
        said = {command: typed(command, workplace) for command in others}
    assert len(others) == 9
    assert any("leads written to leads.csv" in answer for answer in said.values())
    assert (workplace / "leads.csv").read_text()


BENCHES = re.findall(r"^\| `\S+ -m (bench\.\w+)` \|", (ROOT / README).read_text(), re.M)
# Each as its command runs it; in one interpreter, as most of a start is reading the same libraries.
STARTS = """
import contextlib, io, runpy, sys
for name in sys.argv[1:]:
    sys.argv, said, code = [name, "--help"], io.StringIO(), None
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        except SystemExit as ended:
            code = ended.code
    assert "Usage" in said.getvalue() and not code, (name, code, said.getvalue())
"""


def test_the_benches_of_the_readme_start(workplace: Path) -> None:
    """Whole runs take minutes; the quickest is run to its end."""
    quickest = "bench.scores"
    assert quickest in BENCHES
    others = " ".join(name for name in BENCHES if name != quickest)
    typed(f".venv/bin/python -c '{STARTS}' {others}", workplace)
    assert typed(f".venv/bin/python -m {quickest}", workplace)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Postgres]:
    """A server on which nothing was installed yet."""
    with temporary_layout(tmp_path / "server") as layout, running_postgres(layout) as server:
        execute(server, sql.SQL("drop database prospectpro"))
        yield server


def addressed(server: Postgres, redis_url: str) -> dict[str, str]:
    """The documented `.env`, with the addresses of the servers of this test."""
    (written,) = fences(OWN, "dotenv")
    found = {name: value or "" for name, value in dotenv_values(stream=StringIO(written)).items()}
    socket = server.url().partition("?")[2]
    for name in ("DATABASE_URL", "DATABASE_URL_BACKUP"):
        found[name] = found[name].replace("db.example.com:5432", "") + f"?{socket}"
    return {**found, "REDIS_URL": redis_url}


def set_up(server: Postgres) -> None:
    (statements,) = fences(OWN, "sql")
    for statement in statements.strip().split("\n"):
        execute(server, sql.SQL(statement))


def test_own_servers_step_by_step(workplace: Path, bare: Postgres, redis_url: str) -> None:
    set_up(bare)
    own = addressed(bare, redis_url)
    todo = commands(OWN)
    prepare, serve, work, admin, password, again, backup, check, restore, new_secret = todo
    assert "1,248 places" in typed(prepare, workplace, **own)
    with (
        started(serve, workplace, "URL: ", **own),
        started(work, workplace, "Listening on campaigns", **own),
    ):
        assert "admin@example.com can sign in now." in typed(admin, workplace, **own)
        order = ".venv/bin/python manage.py campaign cafe Helsinki --max 3"
        assert "Campaign completed: 3 leads" in typed(order, workplace, **own)
    web = bare.url(database="prospectpro").replace("pp_owner:", "pp_web:")
    derived = typed(password, workplace, **own).strip()
    url = re.sub(r"pp_web:[^@]*@", f"pp_web:{derived}@", web)
    with closing(psycopg2.connect(url)) as conn:
        assert conn.info.user == "pp_web"
    assert "loaded already" in typed(again, workplace, **own)
    with_phrase = {**own, "BACKUP_PASSPHRASE": "a passphrase of sixteen or more"}
    assert ", encrypted." in typed(backup, workplace, **with_phrase)
    assert "can be restored" in typed(check, workplace, **with_phrase)
    assert "Restored as of" in typed(restore, workplace, **with_phrase)
    found = rows(bare.url("postgres", "prospectpro"), "select email, (select count(*) from leads) from users")
    assert found == [("admin@example.com", 3)]
    assert "nothing to do" in typed(new_secret, workplace, **{**own, "APP_SECRET": "f" * 64})
