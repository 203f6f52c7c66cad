"""What a person is in a workspace."""

from __future__ import annotations

from enum import StrEnum


class MemberRole(StrEnum):
    """From the least to the most; ``permissions`` says what each may do, and the database asks once more."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """1 for the least; the database counts the same way."""
        return list(MemberRole).index(self) + 1

    @property
    def with_article(self) -> str:
        """``an admin``; there is one owner."""
        return "the owner" if self is MemberRole.OWNER else f"an {self}" if self[0] == "a" else f"a {self}"


def lesser(role: MemberRole, rank: int) -> MemberRole:
    """The role that somebody acts in whose session or key goes no further than ``rank``."""
    return list(MemberRole)[min(role.rank, rank) - 1]
