"""Campaigns that repeat, as cards: when, for how much, what came of it, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from pipeline.timing import in_words
from services import schedules
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.schedules import IN_WORDS, PAUSED, Recurrence, RunRow, ScheduleRow
from ui import navigation, question, refused, said, schedule_form, session, viewer_time
from ui.format import counted, money
from ui.question import Question
from ui.text import plain, someone
from ui.words import STATUS

_WRONG = "schedule_errors"
_OPEN = "schedule_open"


def new(campaign_id: UUID, start: Recurrence) -> None:
    """The form of another one, of the order of a campaign."""
    key = f"new_{campaign_id.hex}"
    st.header("Repeat a campaign", anchor=False)
    wanted = schedule_form.fields(key, start, _wrong(key))
    with st.container(horizontal=True):
        st.button(
            "Repeat this campaign", type="primary", key="schedule_add", disabled=wanted is None,
            on_click=_add, args=(key, campaign_id, wanted),
        )  # fmt: skip
        st.button("Cancel", key="schedule_cancel", on_click=st.query_params.clear)


def card(person: Person, row: ScheduleRow) -> None:
    """One schedule."""
    with st.container(border=True, key=f"pp-card-schedule-{row.id.hex}", gap="small"):
        st.markdown(f"**{plain(row.name)}**  \n{someone(_facts(row))}")
        if row.pause_cause:
            (st.info if row.pause_cause == "person" else st.warning)(f"{PAUSED[row.pause_cause]}.")
        _buttons(row, may_change=_may_change(person, row))
        if _is_open("change", row):
            _change(row)
        if _is_open("history", row):
            _history(person, row)


def paused(person: Person) -> None:
    """What of the person's paused by itself, where they look first."""
    rows = schedules.paused(person)
    for row in rows:
        why = PAUSED[row.pause_cause or ""].removeprefix("Paused: ")
        st.warning(plain(f"The schedule {row.name} is paused: {why}."))
    if rows and st.button("See schedules", key="to_schedules", type="tertiary"):
        st.switch_page(navigation.SCHEDULES)


def _facts(row: ScheduleRow) -> str:
    month = "" if row.month_micros is None else f" of {money(row.month_micros)}"
    facts = [
        *([row.spec.title] if row.spec.title != row.name else []),
        f"{in_words(row.cron)} ({row.time_zone})",
        *([f"next {viewer_time.local(row.next_at):%a %Y-%m-%d %H:%M}"] if row.next_at else []),
        f"at most {money(row.spec.budget_micros)} each time",
        f"{money(row.spent_micros)}{month} this month",
        *(["new companies only"] if row.spec.skips_known else []),
        f"made by {row.created_by or 'somebody who left'}",
    ]
    return " · ".join(facts)


def _may_change(person: Person, row: ScheduleRow) -> bool:
    """As the database has it: who made it, and admins."""
    leads = person.role.value in ("owner", "admin")
    return may(person, Right.RUN_CAMPAIGNS) and (leads or row.creator_id == person.id)


def _buttons(row: ScheduleRow, *, may_change: bool) -> None:
    with st.container(horizontal=True):
        if may_change and row.paused_at:
            _button(
                "Resume", row, schedules.resume, "It is resumed. What passed meanwhile is not made up for."
            )
        elif may_change:
            _button("Run now", row, schedules.run_now, "It is ordered within a minute.")
            _button("Pause", row, schedules.pause, "It is paused. What runs goes on.")
        if may_change:
            _toggle("Change", "change", row)
        if row.runs:
            _toggle(f"History: {counted(row.runs, 'time')}", "history", row)
        if may_change:
            st.button(
                "Remove", key=f"remove-{row.id.hex}", on_click=_ask_to_remove, args=(row,), type="tertiary"
            )


def _toggle(label: str, what: str, row: ScheduleRow) -> None:
    def turn() -> None:
        is_open = _is_open(what, row)
        st.session_state[_OPEN] = None if is_open else (what, row.id)
        st.session_state.pop(_WRONG, None)

    shown = "Close" if _is_open(what, row) else label
    st.button(shown, key=f"{what}-{row.id.hex}", on_click=turn, type="tertiary")


def _is_open(what: str, row: ScheduleRow) -> bool:
    """One thing of one card is open at a time, so that a page asks for no more than one history."""
    return bool(st.session_state.get(_OPEN) == (what, row.id))


def _change(row: ScheduleRow) -> None:
    key = row.id.hex
    wanted = schedule_form.fields(key, schedule_form.of_row(row), _wrong(key))
    st.button(
        "Save",
        type="primary",
        key=f"save-{key}",
        disabled=wanted is None,
        on_click=_save,
        args=(key, row.id, wanted),
    )


def _history(person: Person, row: ScheduleRow) -> None:
    found = schedules.runs(person, row.id)
    for run in found:
        _run(run)
    if row.runs > len(found):
        st.caption(f"These are the last {len(found)}.")


def _run(run: RunRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        words, colour = STATUS[CampaignStatus(run.status)] if run.status else ("Left out", "gray")
        if run.outcome == "ordered" and not run.status:
            words = "Deleted"
        st.badge(words, color=colour)
        st.markdown(plain(_said_of(run)), width="content")
        if run.campaign_id is None:
            return
        if st.button("Open", key=f"open-{run.id.hex}", type="tertiary"):
            navigation.open_results(run.campaign_id) if run.lead_count else navigation.open_progress(
                run.campaign_id
            )
        if run.before and st.button("What changed", key=f"changed-{run.id.hex}", type="tertiary"):
            navigation.open_comparison(run.campaign_id, run.before)


def _said_of(run: RunRow) -> str:
    due = f"Due {viewer_time.local(run.due_at):%a %Y-%m-%d %H:%M}"
    missed = f"{counted(run.missed, 'time')} after it passed while nothing ran" if run.missed else ""
    figures = []
    if run.status:
        figures = [
            counted(run.lead_count or 0, "lead"), f"{run.emails_verified or 0} verified", money(run.spent_micros or 0)
        ]  # fmt: skip
    elif run.outcome != "ordered":
        figures = [IN_WORDS[run.outcome]]
    return " · ".join(part for part in (due, *figures, missed) if part)


def _wrong(key: str) -> dict[str, str]:
    of, wrong = st.session_state.get(_WRONG, ("", {}))
    return dict(wrong) if of == key else {}


def _add(key: str, campaign_id: UUID, wanted: Recurrence) -> None:
    if _done(key, lambda person: schedules.add(person, campaign_id, wanted)):
        st.query_params.clear()
        said.keep("The campaign repeats from now on.")


def _save(key: str, schedule_id: UUID, wanted: Recurrence) -> None:
    if _done(key, lambda person: schedules.change(person, schedule_id, wanted)):
        st.session_state[_OPEN] = None
        said.keep("The schedule is changed.")


def _done(key: str, act: Callable[[Person], object]) -> bool:
    st.session_state.pop(_WRONG, None)
    try:
        act(session.require_person())
    except Refused as error:
        st.session_state[_WRONG] = (key, refused.sentences(error))
        return False
    return True


def _button(label: str, row: ScheduleRow, act: Callable[[Person, UUID], None], done: str) -> None:
    def do() -> None:
        said.after(lambda: act(session.require_person(), row.id), done)

    st.button(label, key=f"{label}-{row.id.hex}", on_click=do)


def _ask_to_remove(row: ScheduleRow) -> None:
    question.ask(
        Question(
            title="Remove this schedule?",
            body=f"{row.name} is ordered no more, and its history goes. Campaigns it ordered stay.",
            yes="Remove",
            act=partial(_remove, row.id),
            done="The schedule is removed.",
        )
    )


def _remove(schedule_id: UUID, person: Person) -> None:
    schedules.remove(person, schedule_id)
