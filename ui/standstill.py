"""Why a campaign does not move although nobody stopped it, and what helps."""

from __future__ import annotations

import streamlit as st

from services.campaigns import CampaignView
from services.identity import Person
from services.permissions import Right, may
from ui.navigation import JOBS
from ui.text import plain

_BEGINS = "This campaign begins by itself as soon as one does; nothing is spent meanwhile."
_GOES_ON = (
    "This campaign goes on by itself as soon as one does; what it found is kept, and nothing is bought twice."
)
_ADMIN = "Start the installation again, or a worker with manage.py worker."
_MEMBER = "If this stays for more than a minute, tell an administrator."


def notice(person: Person, campaign: CampaignView) -> None:
    """Draw what an open campaign waits for, when it is more than its turn."""
    if campaign.lacks_worker:
        may_look = may(person, Right.SEE_WORKERS)
        advice = _ADMIN if may_look else _MEMBER
        with st.container():
            st.warning(plain(f"No worker is running. {_GOES_ON if campaign.is_stuck else _BEGINS} {advice}"))
            if may_look and st.button("See the workers", key="to_jobs"):
                st.switch_page(JOBS)
    elif campaign.is_stuck:
        st.info(
            "The worker of this campaign stopped answering. Another one takes it over within seconds;"
            " what was found is kept, and nothing is bought twice."
        )
    elif campaign.waiting_for:
        st.info(f"Waiting for {plain(campaign.waiting_for)}. Everything else goes on.")
