"""Who may do what beyond their own workspace: one table, asked by every service, page and menu.

What is in a person's own workspace needs no right here: Postgres shows it to nobody else. The database asks
about these rights once more, too: its policies show an administrator's rows to nobody else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from services.errors import NotAllowed
from services.identity import Person


class Right(StrEnum):
    """Something only some people may do."""

    SEE_ALL_JOBS = "see_all_jobs"
    STEER_ALL_JOBS = "steer_all_jobs"
    SEE_WORKERS = "see_workers"
    SEE_PROVIDERS = "see_providers"
    SEE_ALL_SPENDING = "see_all_spending"
    SEE_MAIL_HEALTH = "see_mail_health"
    DECIDE_EXPORT = "decide_export"


class Standing(StrEnum):
    """What a person is to this installation."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"


WHO_MAY: Final[dict[Right, frozenset[Standing]]] = {
    Right.SEE_ALL_JOBS: frozenset({Standing.ADMINISTRATOR}),
    Right.STEER_ALL_JOBS: frozenset({Standing.ADMINISTRATOR}),
    Right.SEE_WORKERS: frozenset({Standing.ADMINISTRATOR}),
    Right.SEE_PROVIDERS: frozenset({Standing.ADMINISTRATOR}),
    Right.SEE_ALL_SPENDING: frozenset({Standing.ADMINISTRATOR}),
    Right.SEE_MAIL_HEALTH: frozenset({Standing.ADMINISTRATOR}),
    Right.DECIDE_EXPORT: frozenset({Standing.ADMINISTRATOR}),
}


def may(person: Person, right: Right) -> bool:
    """Whether the person has the right."""
    standing = Standing.ADMINISTRATOR if person.is_admin else Standing.MEMBER
    return standing in WHO_MAY[right]


def require(person: Person, right: Right) -> None:
    """Go on only when the person has the right. Raises NotAllowed."""
    if not may(person, right):
        raise NotAllowed("This is for administrators.")
