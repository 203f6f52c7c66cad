"""What runs here: the version of ProspectPro and of its schema, and how long campaigns wait."""

from __future__ import annotations

import settings
from store.schema_version import NEWEST


def version() -> str:
    """As the changelog counts."""
    return settings.version()


def schema() -> str:
    """Of the database: no process works with another one."""
    return NEWEST


def longest_wait_h() -> int:
    """Hours after which a campaign that no worker took has failed."""
    return settings.get().waiting_hours
