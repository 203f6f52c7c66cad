"""The table of the book: its columns, and what stands in them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from services.book import MOST_COUNTED, BookPage, CompanyRow
from services.identity import Person
from services.lead_filter import LeadFilter
from services.permissions import Right, may
from services.results import LeadSort
from ui import lead_columns, lead_panel, lead_table
from ui.format import number
from ui.lead_sorts import BOOK_WORDS
from ui.lead_table import Listing
from ui.viewer_time import local
from ui.words import EMAIL_STATUS, TEAM_STATUS, YES_NO

_COLUMNS: dict[str, Any] = {
    "Name": lead_table.text(200),
    "Status": lead_table.text(90),
    "Phone": lead_table.text(130),
    "E-mail": lead_table.text(200),
    "E-mail status": lead_table.text(190),
    "Follow-up": st.column_config.DateColumn(width=100),
    "Owner": lead_table.text(150),
    "Tags": st.column_config.ListColumn(width=140),
    "City": lead_table.text(110),
    "Category": lead_table.text(110),
    "Confidence": lead_table.figure(110),
    "Reach": lead_table.figure(100),
    "Website": lead_table.web_address(170),
    "Found": st.column_config.DateColumn(width=100),
}


def listing(person: Person, page: BookPage, chosen: LeadFilter, sort: LeadSort, here: int) -> Listing:
    """One page of the book as a table has it."""
    view = lead_table.view_of("book", chosen, sort)
    return Listing(
        ids=[row.company_id for row in page.rows],
        cells=lead_columns.arranged(
            [_cells(row) for row in page.rows], lead_columns.chosen(), list(_COLUMNS)
        ),
        columns={**lead_columns.MORE, **_COLUMNS},
        sort=sort,
        words=BOOK_WORDS,
        opens=lead_panel.BOOK.name,
        view=view,
        key=f"{view}-{here}",
        noun="Companies",
        has_ticks=may(person, Right.WORK_LEADS),
    )


def pager(page: BookPage, here: int) -> None:
    """Draw which companies these are, and the way to the others."""
    is_end = here * lead_table.PAGE_ROWS >= MOST_COUNTED
    matching = how_many(page.matching)
    lead_table.pager(here, len(page.rows), matching, has_more=page.has_more and not is_end)
    if page.has_more and is_end:
        st.caption(f"These are the first {number(MOST_COUNTED)}. Narrow the filters to see others.")


def how_many(matching: int) -> str:
    """``1,204``, or ``more than 10,000``."""
    return number(matching) if matching <= MOST_COUNTED else f"more than {number(MOST_COUNTED)}"


def _cells(row: CompanyRow) -> dict[str, object]:
    lead = row.lead
    return {
        **lead_columns.further(lead),
        "Name": lead.name,
        "Status": TEAM_STATUS[row.status],
        "Owner": row.owner,
        "Follow-up": row.follow_up_on,
        "Tags": list(row.tags),
        "E-mail": lead.email,
        "E-mail status": EMAIL_STATUS[lead.email_status],
        "Phone": lead.phone,
        "City": lead.city,
        "Category": lead.category_label,
        "Confidence": lead.confidence,
        "Reach": lead.reach,
        "Website": lead.website,
        "Found": local(row.first_seen_at).date(),
        "Last found": local(row.last_seen_at).date(),
        "On the suppression list": YES_NO[row.is_suppressed],
    }
