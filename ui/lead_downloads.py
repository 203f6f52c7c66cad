"""Downloads of exactly the leads the filters show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from pipeline.output.export import file_name
from pipeline.output.export_formats import formats
from services import exporting
from services.campaigns import CampaignView
from services.exporting import SheetFormat
from services.identity import Person
from services.permissions import Right
from services.results import LeadFilter, LeadSort
from ui import rights
from ui.format import counted
from ui.viewer_time import local

_SHEETS: dict[SheetFormat, str] = {"txt": "As text", "json": "As JSON"}


def downloads(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, matching: int
) -> None:
    """Draw one button per format; the file is made when it is clicked."""
    if not rights.offered(person, Right.EXPORT_LEADS):
        return
    today = local(datetime.now(UTC)).date()
    for key, format in formats().items():
        st.download_button(
            f"{format.label} ({counted(matching, 'lead')})",
            data=_file(person, campaign, chosen, sort, key),
            file_name=file_name(campaign.spec, today, format.extension, is_simulated=campaign.simulated),
            mime=format.mime,
            key=f"download_{key}",
            on_click="ignore",
        )

    with st.popover("Data sheet", key="data_sheets"):
        st.markdown("Where the data is from, under which terms, for how long, and its legal basis.")
        for kind, label in _SHEETS.items():
            st.download_button(
                label,
                data=_sheet(person, campaign, chosen, sort, kind),
                file_name=f"data-sheet-{file_name(campaign.spec, today, kind, is_simulated=campaign.simulated)}",
                key=f"data_sheet_{kind}",
                on_click="ignore",
            )


def _sheet(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, kind: SheetFormat
) -> Callable[[], bytes]:
    return lambda: exporting.data_sheet(person, campaign.id, chosen, sort, kind).data


def _file(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, format: str
) -> Callable[[], bytes]:
    return lambda: exporting.export(person, campaign.id, chosen, sort, format).data
