"""How a campaign ended, in one truthful sentence, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import streamlit as st

from pipeline.campaign import MICROS_PER_USD, CampaignStatus
from services import continuing
from services.campaigns import CampaignView
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import draft_address, left_out_words, rights, session
from ui.format import counted, money
from ui.navigation import NEW_CAMPAIGN, RESULTS
from ui.text import plain

_MORE_USD = Decimal(2)
# What was kept is the number of leads; the reason says the rest.
_HEADLINES = {
    CampaignStatus.COMPLETED: ("Campaign complete", st.success),
    CampaignStatus.PARTIAL: ("Ended early", st.warning),
    CampaignStatus.CANCELLED: ("Cancelled", st.info),
    CampaignStatus.FAILED: ("This campaign failed", st.error),
}


def outcome(person: Person, campaign: CampaignView) -> None:
    """Draw the end of a finished campaign."""
    got = f"{counted(campaign.lead_count, 'lead')}, {money(campaign.spent_micros)}"
    headline, show = _HEADLINES[campaign.status]
    if campaign.suspicion:
        show = st.warning
    parts = (f"**{headline}: {plain(got)}.**", plain(campaign.suspicion), plain(campaign.outcome_reason))
    show(" ".join(part for part in parts if part))
    if campaign.notice:
        st.info(plain(campaign.notice))
    for said in left_out_words.told(campaign):
        st.caption(plain(said))
    if campaign.uncertain_micros:
        st.caption(
            f"{plain(money(campaign.uncertain_micros))} of the cost is uncertain: a provider did not finish its answer"
            " and may not bill it."
        )
    with st.container(horizontal=True):
        _next_step(person, campaign)
        if may(person, Right.RUN_CAMPAIGNS):
            _more_budget(campaign)
            _go_on(campaign)
            _ask_again(person, campaign)
    rights.offered(person, Right.RUN_CAMPAIGNS)


def _more_budget(campaign: CampaignView) -> None:
    if not (campaign.can_continue and campaign.lacks_budget):
        return
    label = f"Add {plain(money(int(_MORE_USD * MICROS_PER_USD)))} and continue"
    if st.button(label, key="add_budget", help="It goes on where it stopped; nothing is bought twice."):
        key = f"more-{campaign.id}-{campaign.budget_micros}"
        _do(lambda person: continuing.add_budget(person, campaign.id, _MORE_USD, key))


def _go_on(campaign: CampaignView) -> None:
    """Money would not help: the source was away, or a key was refused and may have been replaced since."""
    if not campaign.can_continue or campaign.lacks_budget:
        return
    why = "It goes on where it stopped, within the budget that is left; nothing is bought twice."
    label = "Try again" if campaign.status is CampaignStatus.FAILED else "Continue"
    if st.button(label, key="go_on", help=why):
        _do(lambda person: continuing.go_on(person, campaign.id))


def _ask_again(person: Person, campaign: CampaignView) -> None:
    missing = continuing.unanswered(person, campaign.id)
    if not missing.look_ups:
        return
    price = f"at most {money(missing.price_micros)}" if missing.price_micros else "free"
    label = f"Ask again for {counted(missing.look_ups, 'look-up')} ({plain(price)})"
    why = "These came to no certain answer. They are asked once more, within the budget that is left."
    if st.button(label, key="ask_again", help=why):
        _do(lambda asking: continuing.retry_unanswered(asking, campaign.id))


def _do(go_on: Callable[[Person], None]) -> None:
    """Let the campaign go on, or say what is in the way, such as a money limit."""
    try:
        go_on(session.require_person())
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.rerun()


def _next_step(person: Person, campaign: CampaignView) -> None:
    if campaign.lead_count:
        if st.button(f"See {counted(campaign.lead_count, 'lead')}", type="primary", key="see_leads"):
            st.switch_page(RESULTS, query_params={"campaign": str(campaign.id)})
    elif may(person, Right.RUN_CAMPAIGNS) and st.button(
        "Edit and run again", type="primary", key="edit_again"
    ):
        st.switch_page(NEW_CAMPAIGN, query_params=draft_address.query_of(campaign.spec))
