"""Addresses of the book with filters set, for links from other pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.lead_filter import FollowUp, TeamStatus
from services.results import LeadSort
from ui import lead_filters, lead_panel
from ui.found_since import SINCE, as_text
from ui.lead_sorts import BOOK_WORDS
from ui.words import FOLLOW_UP, TEAM_STATUS


def address_of(
    *,
    status: TeamStatus | None = None,
    is_mine: bool = False,
    follow_up: FollowUp | None = None,
    found_since: datetime | None = None,
    sort: LeadSort | None = None,
    company: UUID | None = None,
) -> dict[str, str | Sequence[str]]:
    """The address of the book filtered so, with a company open."""
    query = {
        "state": TEAM_STATUS[status] if status else "",
        "owner": "Me" if is_mine else "",
        "follow": FOLLOW_UP[follow_up] if follow_up else "",
        SINCE: as_text(found_since) if found_since else "",
        lead_filters.SORT: BOOK_WORDS[sort] if sort else "",
        lead_panel.BOOK.name: company.hex if company else "",
    }
    return {name: value for name, value in query.items() if value}
