"""The figures of one lead, and the parts they are the sums of."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pipeline.lead import ScorePart
from services.lead_rows import LeadRow
from services.results import LeadDetail
from ui import figure_words
from ui.text import plain
from ui.words import Colour, field_name

_GOOD = 60


def figures(row: LeadRow) -> None:
    """Draw both as badges, and the chain; the figure that an earlier version made under the name it had."""
    if row.chain:
        st.badge(f"Part of {plain(row.chain)}", color="gray", help="It belongs to a chain.")
    if row.reach is None:
        st.badge(f"Score {row.confidence}", color=_colour(row.confidence), help=figure_words.SINGLE)
        return
    st.badge(f"Confidence {row.confidence}", color=_colour(row.confidence), help=figure_words.CONFIDENCE)
    st.badge(f"Reach {row.reach}", color=_colour(row.reach), help=figure_words.REACH)


def breakdown(lead: LeadDetail) -> None:
    """Draw how each figure came about."""
    if lead.row.reach is None:
        st.markdown("**How the score came about**")
        st.caption(figure_words.SINGLE)
        _parts(lead.score_parts)
        return
    st.markdown("**How the confidence came about**")
    st.caption(figure_words.CONFIDENCE)
    _parts(lead.score_parts)
    st.markdown("**How the reach came about**")
    st.caption(figure_words.REACH)
    _parts(lead.reach_parts)


def _parts(parts: Sequence[ScorePart]) -> None:
    for part in parts:
        share = part.points / part.weight if part.weight > 0 else 0.0
        st.progress(
            min(1.0, max(0.0, share)), text=f"{plain(field_name(part.name))} · {part.points} of {part.weight}"
        )
        st.caption(plain(part.evidence))


def _colour(points: int) -> Colour:
    return "green" if points >= _GOOD else "orange"
