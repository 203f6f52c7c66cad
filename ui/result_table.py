"""The table of one campaign's leads: its columns, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import streamlit as st

from pipeline.campaign import MICROS_PER_USD
from pipeline.fields import DETAILS
from pipeline.qualification.criteria import in_words
from services.identity import Person
from services.lead_rows import LeadRow
from services.permissions import Right, may
from services.results import LeadFilter, LeadPage, LeadSort
from ui import figure_words, lead_columns, lead_panel, lead_table
from ui.lead_sorts import WORDS
from ui.lead_table import Listing
from ui.words import EMAIL_STATUS, field_name

_COLUMNS: dict[str, Any] = {
    "Name": lead_table.text(200),
    "Confidence": lead_table.figure(120, figure_words.CONFIDENCE),
    "Reach": lead_table.figure(110, figure_words.REACH),
    "Category": lead_table.text(110),
    "Phone": lead_table.text(130),
    "Website": lead_table.web_address(170),
    "E-mail": lead_table.text(210),
    "E-mail status": lead_table.text(190),
    "Address": lead_table.text(220),
    "City": lead_table.text(110),
    "Why empty": lead_table.text(320),
    "Cost": st.column_config.NumberColumn(width=90, format="$%.4f"),
}


def listing(
    person: Person, campaign_id: UUID, page: LeadPage, view: tuple[LeadFilter, LeadSort], here: int
) -> Listing:
    """One page of leads as a table has it; rows are ticked to be downloaded alone."""
    chosen, sort = view
    usual = _cells(page.rows)
    every = [{**lead_columns.further(row), **cells} for row, cells in zip(page.rows, usual, strict=True)]
    return Listing(
        ids=[row.id for row in page.rows],
        cells=lead_columns.arranged(every, lead_columns.chosen(), list(usual[0])),
        columns={**lead_columns.MORE, **_COLUMNS},
        sort=sort,
        words=WORDS,
        opens=lead_panel.of_campaign(campaign_id).name,
        view=lead_table.view_of(campaign_id, chosen, sort),
        key=lead_table.key_of(campaign_id, chosen, sort, page, here),
        noun="Leads",
        has_ticks=may(person, Right.EXPORT_LEADS),
    )


def _cells(rows: Sequence[LeadRow]) -> list[dict[str, object]]:
    shown = [
        field.name for field in DETAILS if field.is_listed and any(field.name in row.details for row in rows)
    ]
    has_criteria = any(row.verdicts for row in rows)
    return [
        {
            "Name": row.name,
            "Confidence": row.confidence,
            "Reach": row.reach,
            "Category": row.category_label,
            "E-mail": row.email,
            "E-mail status": EMAIL_STATUS[row.email_status],
            "Phone": row.phone,
            "Website": row.website,
            "City": row.city,
            "Address": row.address,
            **{field_name(name): row.details.get(name) for name in shown},
            **({"Criteria": in_words(row.verdicts)} if has_criteria else {}),
            "Why empty": row.why_empty,
            "Sources": ", ".join(row.sources),
            "Cost": row.cost_micros / MICROS_PER_USD,
        }
        for row in rows
    ]
