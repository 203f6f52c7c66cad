"""What the Spend page is about: whose spending, and from when to when."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from services import spend_sums
from services.identity import Person
from services.permissions import Right, may
from services.spend_sums import By, ByAny, Chosen, SpendView, When
from ui.viewer_time import DAY_TYPED

Whose = Literal["Workspace", "Mine", "Installation"]
_OWN: dict[str, By] = {"Day": "day", "Campaign": "campaign", "Provider": "provider"}
_ANY: dict[str, ByAny] = {**_OWN, "Person": "user", "Workspace": "workspace"}
_NO_DAYS = "Choose the first and the last day."


def whose(person: Person) -> Whose:
    """Ask whose spending is meant; the installation's is for administrators."""
    options: list[Whose] = ["Workspace", "Mine"]
    if may(person, Right.SEE_ALL_SPENDING):
        options.append("Installation")
    return (
        st.segmented_control(
            "Whose", options, default="Workspace", key="whose", bind="query-params", required=True
        )
        or "Workspace"
    )


def when(*, only_own: bool) -> Chosen:
    """Ask for a stretch of time."""
    options = [item.value for item in When]
    words = st.selectbox(
        "When", options, index=options.index(When.EVER), key="when", bind="query-params", width=240
    )
    item = When(words)
    if item is not When.DATES:
        return spend_sums.during(item, only_own=only_own)
    since, until = (
        st.date_input(label, value=None, key=key, bind="query-params", format=DAY_TYPED, width=180)
        for label, key in (("From", "from"), ("To", "to"))
    )
    if since is None or until is None:
        st.caption(_NO_DAYS)
    elif until < since:
        st.warning("The last day lies before the first.")
    return spend_sums.during(item, since, until, only_own=only_own)


def by(person: Person, asked: Whose) -> str:
    """Ask by what to sum up; who spent how much is told those who may know."""
    options = list(_OWN)
    if asked == "Installation":
        options = list(_ANY)
    elif asked == "Workspace" and may(person, Right.SEE_TEAM_SPENDING):
        options.append("Person")
    # Each set of choices is a question of its own: an answer to one may be none to another.
    key = "by" if asked == "Workspace" else f"by_{asked.lower()}"
    return (
        st.segmented_control("By", options, default="Day", key=key, bind="query-params", required=True)
        or "Day"
    )


def own(words: str) -> By:
    """What the workspace's sums, and those of a campaign, are by."""
    return _OWN.get(words, "day")


def sums(person: Person, asked: Whose, words: str, chosen: Chosen) -> SpendView:
    """The sums that were asked for. Raises NotAllowed."""
    if asked == "Installation":
        return spend_sums.everybody(person, _ANY[words], chosen)
    if words not in _OWN:
        return spend_sums.team(person, chosen)
    return spend_sums.summary(person, own(words), chosen)
