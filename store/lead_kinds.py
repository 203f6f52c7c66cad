"""What filters of leads can be told apart by: how far the team is, when to follow up, whose mailbox an address is."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

WEEK = timedelta(days=7)
"""How far ahead ``FollowUp.WEEK`` looks."""


class TeamStatus(StrEnum):
    """How far the team has come with a company."""

    NEW = "new"
    CONTACTED = "contacted"
    INTERESTED = "interested"
    WON = "won"
    LOST = "lost"


class FollowUp(StrEnum):
    """When a company is to be followed up: ``OVERDUE`` is before today, ``DUE`` both, ``WEEK`` the seven days after."""

    DUE = "due"
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    SET = "set"
    NONE = "none"


class EmailKind(StrEnum):
    """Whose mailbox an address is: one at a mailbox provider is ``FREE`` whoever reads it; of the others one that
    several people read by its name is ``ROLE``, and the rest are ``PERSONAL``."""

    PERSONAL = "personal"
    ROLE = "role"
    FREE = "free"
