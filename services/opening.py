"""Whether a company is open at a moment, at its own time of day."""

from __future__ import annotations

from datetime import datetime

from pipeline.words.local_time import Opening as Opening
from pipeline.words.local_time import opening_at
from services.lead_rows import LeadRow


def opening(lead: LeadRow, moment: datetime) -> Opening | None:
    """The company at a moment; None when nobody knows where it is."""
    if lead.lat is None or lead.lon is None:
        return None
    return opening_at(moment, lead.lat, lead.lon, lead.values.get("opening_hours"))
