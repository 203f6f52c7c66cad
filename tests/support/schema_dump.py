"""The whole schema as text, table by table: what the migrations come to.

``python -m tests.support.schema_dump`` writes ``migrations/schema.sql`` anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import settings
from embedded.postgres import DATABASE, OWNER, Postgres
from store import migrate
from tests.support.servers import APP_SECRET, running_postgres, temporary_layout

FILE = settings.PROJECT_ROOT / "migrations" / "schema.sql"
_HEAD = """\
-- What the migrations come to, for reading and for comparing. Written by `make schema`; nothing runs it.
"""
# pg_dump puts each object under a comment of three lines.
_OBJECT = re.compile(r"^--\n-- Name: (.+); Type: (.+); Schema: .+\n--\n", re.MULTILINE)
_OF_TABLE = re.compile(r"\b(?:TABLE|ONLY|ON) (?:ONLY |TABLE )?public\.(\w+)")
_ROLES = re.compile(r" TO (pp_\w+(?:, pp_\w+)+) ")
_OWNED = re.compile(rf"^ALTER .* OWNER TO {OWNER};\n", re.MULTILINE)


def schema_text(server: Postgres, database: str) -> str:
    """Tables with their constraints, indexes, policies and grants, then functions; the same for the same schema."""
    argv: list[str | Path] = [
        server.programs / "pg_dump",
        "--schema-only",
        "--no-comments",
        server.url(database=database),
    ]
    dumped = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout
    groups: dict[str, list[str]] = {}
    for group, text in _objects(dumped):
        groups.setdefault(group, []).append(text)
    ordered = sorted(groups.items(), key=lambda item: (item[0] == "", item[0]))
    return "\n".join([_HEAD, *("\n".join(texts) + "\n" for _, texts in ordered)])


def _objects(dumped: str) -> Iterator[tuple[str, str]]:
    """Each object with the table it belongs to, or an empty name."""
    _, *parts = _OBJECT.split(dumped.partition("\n--\n-- PostgreSQL database dump complete")[0])
    for name, kind, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        body = re.sub(r"^(SET|\\unrestrict) .*\n", "", _OWNED.sub("", text), flags=re.MULTILINE)
        body = re.sub(r"\n{2,}", "\n", body).strip("\n")
        if "FUNCTION" in f"{kind} {name}":
            yield "", body
        else:
            table = _OF_TABLE.search(body)
            yield (table[1] if table else ""), _ROLES.sub(_sorted_roles, body.replace("public.", ""))


def _sorted_roles(found: re.Match[str]) -> str:
    """The roles of a policy are written in the order Postgres happens to keep its roles in."""
    return f" TO {', '.join(sorted(found[1].split(', ')))} "


def main() -> None:
    """Write the schema of a new database to ``migrations/schema.sql``."""
    with (
        tempfile.TemporaryDirectory() as folder,
        temporary_layout(Path(folder)) as layout,
        running_postgres(layout) as server,
    ):
        os.environ.update(DATABASE_URL=server.url(), APP_SECRET=APP_SECRET)
        migrate.upgrade()
        FILE.write_text(schema_text(server, DATABASE))


if __name__ == "__main__":
    main()
