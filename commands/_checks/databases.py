"""Postgres: whether its roles get in, whether people are kept apart, how the server is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from commands._checks.finding import Finding, ok, size, skipped, warning, wrong
from settings import PROJECT_ROOT, SettingsError
from store import diagnosis, readiness, schema_version
from store.database import Connection, DatabaseNotConfigured, Role, transaction
from store.diagnosis import Policy
from store.readiness import NotReady, TooOld
from store.role_names import AUTH_ROLE, named, renamed

_NEARLY = 0.8
_CLOCKS_AGREE, _CLOCKS_MUST = timedelta(seconds=5), timedelta(minutes=5)
_POLICY = re.compile(
    r"^CREATE POLICY (\w+) ON (\w+)(?: FOR (\w+))? TO ([\w, ]+?)(?: USING| WITH CHECK|;)", re.M
)
_ADVICE = (
    "docs/own-servers.md says which address each host needs; `manage.py prepare` makes roles and schema."
)


@dataclass(slots=True)
class Reached:
    """How the roles fared, and one of those that got in."""

    findings: list[Finding] = field(default_factory=list)
    role: Role | None = None


def reached() -> Reached:
    """Try every role this host can be."""
    found, got_in, unknown = Reached(), [], []
    for role in Role:
        try:
            readiness.wait_until_ready(role, 0)
            got_in.append(named(role))
            found.role = found.role or role
        except DatabaseNotConfigured as error:
            unknown.append(named(role))
            nobody = str(error)
        except (NotReady, SettingsError) as error:
            found.findings.append(wrong("database", str(error), _ADVICE))
            # Five more would say the same, each after its wait.
            if not got_in or isinstance(error, TooOld):
                return found
    if got_in:
        said = f"{', '.join(got_in)} get in; the schema is at {schema_version.NEWEST}."
        found.findings.append(ok("database", said))
    elif unknown:
        found.findings.append(wrong("database", nobody, _ADVICE))
    if got_in and unknown:
        found.findings.append(skipped("other roles", f"{', '.join(unknown)}: not named on this host."))
    return found


def findings(role: Role) -> Iterator[Finding]:
    """The server and the schema, as one of the roles that got in sees them."""
    with transaction(role) as conn:
        yield from _server(conn)
        yield _policies(conn)
        yield _rights(conn)
        empty = readiness.catalogue_is_empty(conn)
    yield (
        warning("catalogue", empty, "Load open data, or order from paid sources alone.")
        if empty
        else ok("catalogue", "There are places in it.")
    )


def clock(about: str, theirs: datetime) -> Finding:
    """How a server's clock goes beside this machine's. Only certificates and log lines go by this machine's."""
    apart = abs(datetime.now(UTC) - theirs)
    said = f"{apart.total_seconds():,.1f} s from this machine's."
    if apart <= _CLOCKS_AGREE:
        return ok(about, said)
    advice = "Have both machines keep their time by NTP."
    return (wrong if apart > _CLOCKS_MUST else warning)(about, said, advice)


def _server(conn: Connection) -> Iterator[Finding]:
    facts = diagnosis.server(conn)
    used = f"{facts.connections} of {facts.max_connections} connections"
    said = f"Postgres {facts.version}, {size(facts.bytes)}, {used}."
    if facts.connections > _NEARLY * facts.max_connections:
        yield warning("Postgres", said, "Raise max_connections, or put a pooler in front.")
    else:
        yield ok("Postgres", said)
    yield clock("clock of Postgres", facts.clock)
    if not facts.is_durable:
        yield warning(
            "Postgres's disk", "fsync is off: a power cut may break the database.", "Set fsync = on."
        )
    if facts.shows_values:
        yield warning(
            "Postgres's log",
            "A statement that fails stands there with people's data.",
            "alter database … set log_min_error_statement = panic; … set log_error_verbosity = terse",
        )
    if not facts.ends_what_nobody_waits_for:
        yield warning(
            "Postgres's work",
            "Statements of pages that were closed run to their end.",
            "Set client_connection_check_interval = 1s in postgresql.conf.",
        )


def _policies(conn: Connection) -> Finding:
    there, expected = diagnosis.policies(conn), _expected()
    differences = [f"{policy.name} on {policy.table} is missing" for policy in sorted(expected - there)]
    differences += [f"{policy.name} on {policy.table} is not ours" for policy in sorted(there - expected)]
    if differences:
        said = f"Row-level security is not what the migrations made: {'; '.join(differences)}."
        return wrong("policies", said, "Restore a backup, or undo what was changed by hand.")
    return ok(
        "policies", f"Row-level security is forced on every table of a workspace, by {len(there)} policies."
    )


def _rights(conn: Connection) -> Finding:
    """Row-level security binds nobody who bypasses it, and the interfaces of rented servers give such roles rights."""
    ours = {named(role) for role in (*Role, AUTH_ROLE)}
    others = sorted(diagnosis.holders(conn) - ours)
    if others:
        said = f"Rights on tables or functions of the schema were given to {', '.join(others)}."
        return wrong(
            "rights",
            said,
            "revoke all on all tables in schema public from …, and on sequences and functions.",
        )
    return ok("rights", "No other role was given any on the schema.")


def _expected() -> frozenset[Policy]:
    """The policies of this version, read from the text of the whole schema."""
    text = (PROJECT_ROOT / "migrations" / "schema.sql").read_text()
    return frozenset(
        Policy(table, name, command or "ALL", tuple(sorted(renamed(roles).split(", "))))
        for name, table, command, roles in _POLICY.findall(text)
    )
