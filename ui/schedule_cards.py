"""Campaigns that repeat, as cards: when, for how much, what came of it, and what can be done."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from pipeline.timing import in_words
from services import scheduled_exports, schedules
from services.identity import Person
from services.permissions import Right
from services.schedules import IN_WORDS, PAUSED, Recurrence, RunRow, ScheduleRow
from ui import navigation, repeating_cards, said, schedule_form, viewer_time
from ui.format import counted, money
from ui.text import plain, someone
from ui.words import STATUS

_REMOVING = "is ordered no more, and its history goes. Campaigns it ordered stay."


def new(campaign_id: UUID, start: Recurrence) -> None:
    """The form of another one, of the order of a campaign."""
    key = f"new_{campaign_id.hex}"
    st.header("Repeat a campaign", anchor=False)
    wanted = schedule_form.fields(key, start, repeating_cards.wrong(key))
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
        repeating_cards.why_paused(row, PAUSED)
        may_change = repeating_cards.may_change(person, row, Right.RUN_CAMPAIGNS)
        repeating_cards.buttons(row, _REMOVING, may_change=may_change)
        if repeating_cards.is_open("change", row):
            _change(row)
        if repeating_cards.is_open("history", row):
            _history(person, row)


def paused(person: Person) -> None:
    """What of the person's paused by itself, where they look first."""
    rows = schedules.paused(person)
    for row in rows:
        words = scheduled_exports.PAUSED if row.is_export else PAUSED
        why = words[row.cause].removeprefix("Paused: ")
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


def _change(row: ScheduleRow) -> None:
    key = row.id.hex
    wanted = schedule_form.fields(key, schedule_form.of_row(row), repeating_cards.wrong(key))
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


def _add(key: str, campaign_id: UUID, wanted: Recurrence) -> None:
    if repeating_cards.made(key, wanted, lambda person: schedules.add(person, campaign_id, wanted)):
        st.query_params.clear()
        said.keep("The campaign repeats from now on.")


def _save(key: str, schedule_id: UUID, wanted: Recurrence) -> None:
    if repeating_cards.done(key, lambda person: schedules.change(person, schedule_id, wanted)):
        repeating_cards.close()
        said.keep("The schedule is changed.")
