"""The columns of lists of leads: which there are, which are shown in which order, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pipeline.campaign import MICROS_PER_USD
from pipeline.output.export import BY_TITLE
from pipeline.qualification.criteria import in_words, ruled_out
from services.lead_rows import LeadRow
from services.saved_views import Listing
from ui import address
from ui.words import YES_NO, field_name

COLUMNS = "cols"
"""In the address and the session: the titles that were chosen, in their order; none are the usual ones."""
_FIELDS = (
    *("postcode", "country", "state", "opening_hours", "also", "doubt"),
    *("rating", "reviews", "founded", "company_size"),
)
_OF_LEAD = (
    *("Name", "Category", "Confidence", "Reach", "E-mail", "E-mail status", "Phone", "Website"),
    *("Address", "City", *(field_name(name) for name in _FIELDS), "Chain", "Sources", "Cost", "Why empty"),
    "Mobile number",
    "Criteria",
    "Ruled out",
)
_OF_TEAM = ("Status", "Owner", "Follow-up", "Tags", "Found", "Last found", "On the suppression list")
_IN_EXPORTS = {"Cost": "Cost (USD)"}
MORE: Mapping[str, Any] = {
    "Postcode": st.column_config.TextColumn(width=90),
    "Country": st.column_config.TextColumn(width=80),
    "State": st.column_config.TextColumn(width=90),
    "Opening hours": st.column_config.TextColumn(width=180),
    "Also": st.column_config.TextColumn(width=140),
    "Doubt": st.column_config.TextColumn(width=160),
    "Rating": st.column_config.TextColumn(width=70),
    "Reviews": st.column_config.TextColumn(width=80),
    "Founded": st.column_config.TextColumn(width=100),
    "Company size": st.column_config.TextColumn(width=110),
    "Chain": st.column_config.TextColumn(width=130),
    "Sources": st.column_config.TextColumn(width=140),
    "Address": st.column_config.TextColumn(width=220),
    "Why empty": st.column_config.TextColumn(width=320),
    "Cost": st.column_config.NumberColumn(width=90, format="$%.4f"),
    "Last found": st.column_config.DateColumn(width=100),
    "Mobile number": st.column_config.TextColumn(width=120),
    "Criteria": st.column_config.TextColumn(width=320),
    "Ruled out": st.column_config.TextColumn(width=220),
    "On the suppression list": st.column_config.TextColumn(width=170),
}
"""How columns look that are not among the usual ones of every list."""


def titles(listing: Listing) -> list[str]:
    """All columns of a list."""
    return [*_OF_LEAD, *(_OF_TEAM if listing is Listing.BOOK else ())]


def chosen() -> tuple[str, ...]:
    """The columns that were chosen, in their order; empty when the usual ones are shown."""
    return tuple(st.session_state.get(COLUMNS, ()))


def draw(listing: Listing) -> None:
    """Draw the choice."""
    st.multiselect(
        "Columns",
        titles(listing),
        key=COLUMNS,
        placeholder="The usual ones",
        help="In the order in which you choose them. A file that is downloaded has the same.",
        on_change=_into_address,
    )


def as_exported(columns: Sequence[str]) -> list[str]:
    """The columns of an export that hold the same; what the team says of a company is in none."""
    named = (_IN_EXPORTS.get(title, title) for title in columns)
    return [title for title in named if title in BY_TITLE]


def further(row: LeadRow) -> dict[str, object]:
    """The cells of a lead that are not usual ones of every list."""
    return {
        "Address": row.address,
        **{field_name(name): row.values.get(name) for name in _FIELDS},
        "Chain": row.chain,
        "Sources": ", ".join(row.sources),
        "Cost": row.cost_micros / MICROS_PER_USD,
        "Why empty": row.why_empty,
        "Mobile number": YES_NO[row.has_mobile] if row.phone else None,
        "Criteria": in_words(row.verdicts) or None,
        "Ruled out": ruled_out(row.verdicts),
    }


def arranged(
    cells: Sequence[Mapping[str, object]], columns: Sequence[str], usual: Sequence[str]
) -> list[dict[str, object]]:
    """The cells of each row in the order of the columns that were chosen, or of the usual ones."""
    return [{title: row.get(title) for title in columns or usual} for row in cells]


def _into_address() -> None:
    address.write({COLUMNS: st.session_state[COLUMNS]})
