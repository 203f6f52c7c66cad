"""Downloads of exactly the leads the filters show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from pipeline.output.export import CSV_MIME, XLSX_MIME, file_name
from services import exporting
from services.campaigns import CampaignView
from services.exporting import Format
from services.identity import Person
from services.results import LeadFilter, LeadSort
from ui import session
from ui.format import counted

_MIMES: dict[Format, str] = {"csv": CSV_MIME, "xlsx": XLSX_MIME}


def downloads(campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, matching: int) -> None:
    """Draw one button per format; the file is made when it is clicked."""
    person = session.require_person()
    today = datetime.now(UTC).date()
    for kind, mime in _MIMES.items():
        st.download_button(
            f"{kind.upper()} ({counted(matching, 'lead')})",
            data=_file(person, campaign, chosen, sort, kind),
            file_name=file_name(campaign.spec, today, kind, is_simulated=campaign.simulated),
            mime=mime,
            key=f"download_{kind}",
            on_click="ignore",
        )


def _file(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, kind: Format
) -> Callable[[], bytes]:
    return lambda: exporting.export(person, campaign.id, chosen, sort, kind).data
