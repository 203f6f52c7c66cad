"""Audit: who did what when in the whole installation; for administrators."""

from __future__ import annotations

from datetime import date

import streamlit as st

from services import auditing
from services.auditing import AuditWhere
from services.permissions import Right
from ui import audit_table, cards, session, turning
from ui.viewer_time import DAY_TYPED, midnight

_CURSORS = "audit_cursors"


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_AUDIT)
    cards.heading("Audit", "Who did what in this installation, and when.")
    where = _filters(auditing.actions(person))
    passed = turning.passed(_CURSORS, where)
    page = auditing.listing(person, where, passed[-1] if passed else None)
    if not page.rows:
        cards.empty("Nothing was noted", "No act matches; choose another action, person or day.", "filter")
        return
    audit_table.download(person, where)
    audit_table.table(page.rows, f"audit-{page.rows[0].id}")
    turning.buttons(_CURSORS, where, page.next_cursor)


def _filters(actions: dict[str, str]) -> AuditWhere:
    left, middle, first, last = st.columns([2, 2, 1, 1])
    words = left.selectbox(
        "Action", list(actions), index=None, key="action", placeholder="Any", bind="query-params"
    )
    who = middle.text_input("Who", key="who", max_chars=254, placeholder="E-mail", bind="query-params")
    since: date | None = first.date_input("From", value=None, key="since", format=DAY_TYPED)
    until: date | None = last.date_input("To", value=None, key="until", format=DAY_TYPED)
    return AuditWhere(
        action=actions.get(words or ""),
        person=(who or "").replace("\x00", "").strip() or None,
        since=midnight(since) if since else None,
        before=midnight(until, days_later=1) if until else None,
    )


main()
