"""Money limits: whose, for how long, and how people call them."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Whose spending a limit bounds. All that apply hold at once."""

    INSTALLATION = "installation"
    WORKSPACE = "workspace"
    PERSON = "person"


class Period(StrEnum):
    """What a limit is for: a calendar day or month, in UTC."""

    DAY = "day"
    MONTH = "month"

    @property
    def in_words(self) -> str:
        """``today`` or ``this month``."""
        return "today" if self is Period.DAY else "this month"


WHOSE = {
    Scope.INSTALLATION: "The installation's",
    Scope.WORKSPACE: "The workspace's",
    Scope.PERSON: "The personal",
}


def limit_name(scope: Scope, period: Period) -> str:
    """``The workspace's limit for today``; the personal limit is that of who ordered the campaign."""
    return f"{WHOSE[scope]} limit for {period.in_words}"
