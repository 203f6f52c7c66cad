"""What a company's own website says to the criteria of the order, each with its sentence and page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from pipeline.qualification.criteria import Answer, Verdict, ruled_out
from ui.text import plain
from ui.words import Colour

_PAGE = re.compile(r"https?://[^\s<>\\\x00-\x20]+")
_GOOD: Mapping[Answer, Colour] = {Answer.YES: "green", Answer.NO: "red", Answer.NOT_SAID: "gray"}


def criteria(verdicts: Sequence[Verdict]) -> None:
    """Draw a verdict for each criterion; nothing for a lead of an order without any."""
    if not verdicts:
        return
    st.markdown("**What its website says**")
    if against := ruled_out(verdicts):
        st.markdown(f":material/block: **Not what was asked for.** {plain(against)}")
    for verdict in verdicts:
        _verdict(verdict)


def _verdict(verdict: Verdict) -> None:
    colour = "red" if verdict.rules_out else _GOOD[verdict.answer]
    head = f":{colour}-badge[{verdict.answer.label}] **{plain(verdict.criterion)}**"
    importance = f":gray[{verdict.importance.label}]"
    if not verdict.quote:
        st.markdown(f"{head} {importance}  \n:gray[{plain(verdict.why)}]")
        return
    # Nothing but an address that is one may become a link.
    page = verdict.page or ""
    link = f"<{page}>" if _PAGE.fullmatch(page) else plain(page)
    st.markdown(f"{head} {importance}  \n“{plain(verdict.quote)}”  \n{link}  \n:gray[{plain(verdict.why)}]")
