"""The ways to get in touch with a company, and whether it is open now."""

from __future__ import annotations

import streamlit as st

from services import lists
from services.book import Company
from services.identity import Person
from services.opening import Opening, opening
from ui.format import day
from ui.text import plain
from ui.viewer_time import local


def head(company: Company) -> None:
    """Draw buttons to call and to write, what can be copied, its hours now, and since when it is known."""
    lead = company.row.lead
    with st.container(horizontal=True, vertical_alignment="center"):
        if lead.phone:
            st.link_button(f"Call {lead.phone}", f"tel:{lead.phone}", type="primary")
        if lead.email:
            st.link_button("Write", f"mailto:{lead.email}", help=lead.email)
        if copied := [
            part for part in (lead.name, lead.address, lead.phone, lead.email, lead.website) if part
        ]:
            with st.popover("Copy", icon=":material/content_copy:"):
                # Streamlit's code block has a button that copies what it shows.
                for part in copied:
                    st.code(part, language=None, wrap_lines=True)
    if now := opening(lead, company.read_at):
        hours(now)
    left = f" · Last in a file: {day(local(company.exported_at))}" if company.exported_at else ""
    st.caption(f"In the book since {day(local(company.row.first_seen_at))}{left}")
    if company.row.is_suppressed:
        st.warning("On the suppression list: not to be contacted.", icon=":material/block:")


def customer(person: Person, company: Company) -> None:
    """Draw the lists of customers it stands on."""
    for on in lists.of_company(person, company.row.company_id):
        called = f", as {on.external_id}" if on.external_id else ""
        st.info(plain(f"Customer: on the list {on.name} of {day(local(on.since))}{called}."))


def hours(now: Opening) -> None:
    """Draw the place's own time, and whether it is open."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if now.is_open is not None:
            st.badge("Open now" if now.is_open else "Closed now", color="green" if now.is_open else "gray")
        st.caption(plain(in_words(now)))


def in_words(now: Opening) -> str:
    """``14:05 there (Europe/Helsinki), until 17:00``."""
    said = f"{now.local_time:%a %H:%M} there ({now.zone})"
    if now.changes_at is None:
        return said
    is_today = now.changes_at.date() == now.local_time.date()
    change = f"{now.changes_at:%H:%M}" if is_today else f"{now.changes_at:%a %H:%M}"
    return f"{said}, {'until' if now.is_open else 'opens'} {change}"
