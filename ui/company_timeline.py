"""What was done about a company, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import streamlit as st

from services.book import Company
from services.identity import Person
from ui import company_notes
from ui.text import plain, someone, written
from ui.viewer_time import local
from ui.words import TEAM_STATUS, value_words


def timeline(person: Person, company: Company) -> None:
    """Draw what was done, newest first."""
    st.markdown("**What was done**")
    if not company.activities:
        st.caption("Nothing yet. Notes and changes show up here.")
    company_notes.outcome()
    people = [email for _, email in company.people]
    for activity in company.activities:
        if company_notes.editing(company, activity):
            continue
        who = by(activity.user_id, activity.user)
        done = in_words(activity.kind, activity.detail, people, is_deleted=activity.is_deleted)
        edited = f" · edited {local(activity.edited_at):%Y-%m-%d %H:%M}" if activity.edited_at else ""
        st.markdown(f"{done}  \n:gray[{who} · {local(activity.at):%Y-%m-%d %H:%M}{edited}]")
        company_notes.own(person, company, activity)


def by(user_id: UUID | None, email: str | None) -> str:
    """Who did it, as markdown."""
    if user_id is None:
        return "By itself"
    return someone(email) if email else "A former member"


def in_words(
    kind: str, detail: Mapping[str, Any], people: Sequence[str] = (), *, is_deleted: bool = False
) -> str:
    """What was done, as markdown; where one of the ``people`` is mentioned, it stands out."""
    match kind:
        case "note" if is_deleted:
            return "*This note was deleted.*"
        case "note":
            return written(str(detail["text"]), people)
        case "status":
            return f"Status: {status_words(detail['from'])} → {status_words(detail['to'])}"
        case "follow_up":
            return f"Follow-up: {plain(str(detail['to'] or 'none'))}"
        case "tags":
            return f"Tags: {plain(', '.join(detail['to']) or 'none')}"
        case "edit":
            return _edit(detail)
        case _:
            return "Owner changed" if detail["to"] else "Owner taken away"


def _edit(detail: Mapping[str, Any]) -> str:
    """Which value a person set, or gave back to what sources say."""
    label, before = value_words(detail["field"], detail["from"])
    _, after = value_words(detail["field"], detail["to"])
    done = "taken back" if detail["taken_back"] else "edited"
    return f"{label} {done}: {plain(before or 'none')} → {plain(after or 'none')}"


def status_words(value: str) -> str:
    """A status of a company, for people."""
    words: Mapping[str, str] = {status.value: text for status, text in TEAM_STATUS.items()}
    return words.get(value, value)
