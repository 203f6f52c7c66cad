"""Which of everybody's jobs are shown, and in which order; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from pipeline.causes import Cause
from pipeline.providers.registry import registry
from services.operations import Failures, JobSort, JobWhere
from ui.format import number
from ui.words import STATUS, WORTH_A_LOOK

STUCK = "Stuck"
_STATUSES = {words: status for status, (words, _) in STATUS.items()}
_AGES = {
    "Last hour": timedelta(hours=1),
    "Last day": timedelta(days=1),
    "Last 7 days": timedelta(days=7),
    "Last 30 days": timedelta(days=30),
}
_SORTS = {
    "Newest first": JobSort.NEWEST,
    "Oldest first": JobSort.OLDEST,
    "Ended last": JobSort.ENDED,
    "Longest, of those that ended": JobSort.LONGEST,
    "Dearest, of those that ended": JobSort.DEAREST,
    "By title": JobSort.TITLE,
    "By owner": JobSort.OWNER,
    "By state, those that run first": JobSort.STATE,
}
_SHOWN_OF_CAUSE = 60
_CAUSE = "cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen; ``view`` tells one choice from another."""

    where: JobWhere
    sort: JobSort
    view: tuple[object, ...]


def draw(failures: Sequence[Failures]) -> Chosen:
    """Draw the filters and the causes of failures, each a filter as well."""
    left, middle, right = st.columns(3)
    state = left.selectbox(
        "State",
        [*_STATUSES, STUCK, WORTH_A_LOOK[0]],
        index=None,
        key="state",
        placeholder="Any state",
        bind="query-params",
    )
    find = _typed(middle, "Title, error or id", "find")
    words = right.selectbox("Order", list(_SORTS), key="sort", bind="query-params")
    with st.expander("More filters", expanded=any(st.query_params.get(key) for key in _MORE)):
        first, second, third, fourth = st.columns(4)
        who, workspace = _typed(first, "Owner", "who"), _typed(second, "Workspace", "workspace")
        age = third.selectbox(
            "Ordered in", list(_AGES), index=None, key="age", placeholder="Any time", bind="query-params"
        )
        labels = {spec.label: spec.key for spec in registry() if spec.operations}
        asked = fourth.selectbox(
            "Asked", list(labels), index=None, key="asked", placeholder="Any provider", bind="query-params"
        )
    cause = _causes(failures)
    where = JobWhere(
        status=_STATUSES.get(state or ""),
        only_suspicious=state == WORTH_A_LOOK[0],
        only_stuck=state == STUCK,
        person=who,
        workspace=workspace,
        since=datetime.now(UTC) - _AGES[age] if age else None,
        provider=labels.get(asked or ""),
        cause=cause,
        text=find,
    )
    sort = _SORTS.get(words or "", JobSort.NEWEST)
    return Chosen(where=where, sort=sort, view=(state, find, sort, who, workspace, age, asked, cause))


_MORE = ("who", "workspace", "age", "asked")


def _typed(place: st.delta_generator.DeltaGenerator, label: str, key: str) -> str | None:
    typed = place.text_input(label, key=key, max_chars=254, bind="query-params")
    return (typed or "").replace("\x00", "").strip() or None


def _causes(failures: Sequence[Failures]) -> str | None:
    counted = {found.cause: found.jobs for found in failures}
    kept = st.session_state.get(_CAUSE)
    options = [*counted, *([kept] if kept and kept not in counted else [])]
    if not options:
        return None
    return st.pills(
        "Why jobs failed",
        options,
        format_func=lambda cause: f"{cause_words(cause)} · {number(counted.get(cause, 0))}",
        key=_CAUSE,
    )


def cause_words(cause: str) -> str:
    """A cause as people read it, or the beginning of an error."""
    known = cause in set(Cause)
    told = cause.replace("_", " ").capitalize() if known else cause
    return told if len(told) <= _SHOWN_OF_CAUSE else f"{told[: _SHOWN_OF_CAUSE - 1]}…"
