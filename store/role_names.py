"""What the database's roles are called. Roles belong to a whole Postgres server, so each installation on it has a
prefix of its own; the migrations, which never change, say ``pp_``."""

from __future__ import annotations

import re
from enum import StrEnum

import settings


class Role(StrEnum):
    """The database roles the application connects as, by the names that the migrations know them by. None owns a table,
    is superuser or bypasses RLS."""

    WEB = "pp_web"
    WORKER = "pp_worker"
    SYSTEM = "pp_system"
    ADMIN = "pp_admin"
    IMPORTER = "pp_importer"
    OPERATOR = "pp_operator"
    """Of commands on the machine itself: it opens sessions for them and creates accounts, and sees nothing."""


# Owns the few functions that look people up before anyone is signed in; nobody can log in as it.
AUTH_ROLE = "pp_auth"
_KNOWN = re.compile(rf"\b(?:{'|'.join((*Role, AUTH_ROLE))})\b")


def named(role: str) -> str:
    """What this installation calls one of the roles."""
    return settings.get().role_prefix + role.removeprefix("pp_")


def renamed(statement: str) -> str:
    """A statement of the migrations, with the roles as this installation calls them, in the bodies of functions too."""
    return _KNOWN.sub(lambda found: named(found[0]), statement)
