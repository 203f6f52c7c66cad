"""Keys of providers and the mail server, as administrators set them in the interface: sealed, and opened by workers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import sealing
from store.database import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSecret:
    """What is known of one without opening it; ``about`` is what is no secret of it. One that is not readable was set
    under another APP_SECRET and counts as not set."""

    is_readable: bool
    about: Mapping[str, Any]
    set_at: datetime
    set_by: str | None


def keep(
    conn: Connection, subject: str, values: Mapping[str, str], about: Mapping[str, Any], label: str
) -> None:
    """Seal and keep what an administrator set, instead of what there was; recorded by the database under ``label``.
    Raises SettingsError without APP_SECRET."""
    conn.execute(
        sa.text("select secret_keep(:subject, :sealed, :mark, cast(:about as jsonb), :label)"),
        {
            "subject": subject,
            "sealed": sealing.seal(_purpose(subject), json.dumps(dict(values))),
            "mark": fingerprint(),
            "about": json.dumps(dict(about)),
            "label": label,
        },
    )


def remove(conn: Connection, subject: str, label: str) -> bool:
    """Remove it, on record; whether there was one."""
    statement = sa.text("select secret_remove(:subject, :label)")
    return bool(conn.execute(statement, {"subject": subject, "label": label}).scalar_one())


def listing(conn: Connection) -> dict[str, KeptSecret]:
    """All of them by subject, for administrators."""
    rows = conn.execute(
        sa.text("""
            select s.subject, s.fingerprint, s.about, s.set_at, u.email as set_by
            from installation_secrets s
            left join users u on u.id = s.set_by
        """)
    )
    return {
        row.subject: KeptSecret(
            is_readable=is_ours(row.fingerprint),
            about=row.about,
            set_at=row.set_at,
            set_by=row.set_by,
        )
        for row in rows
    }


def subjects(conn: Connection) -> dict[str, bool]:
    """What is set, and whether it can be read under this APP_SECRET."""
    rows = conn.execute(sa.text("select subject, fingerprint from installation_secrets"))
    return {row.subject: is_ours(row.fingerprint) for row in rows}


def opened(conn: Connection) -> dict[str, dict[str, str]]:
    """The values of all that can be read under this APP_SECRET, in the clear. For workers."""
    rows = conn.execute(sa.text("select subject, sealed from installation_secrets")).all()
    found = {}
    for row in rows:
        try:
            found[row.subject] = json.loads(sealing.unseal(_purpose(row.subject), row.sealed))
        except sealing.Unreadable:
            continue
    return found


def is_ours(mark: str) -> bool:
    """Whether what bears this mark was sealed under our APP_SECRET."""
    # A web server may do without APP_SECRET: then that is for the workers to find out.
    return not sealing.knows_secret() or mark == fingerprint()


def _purpose(subject: str) -> str:
    # A key of its own for each, so that one cannot be put in the place of another.
    return f"secret of {subject}"
