"""Everything known about one lead: where each value came from, and how its figures came about."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from pipeline.lead import Origin, StepResult
from pipeline.output.reasons import not_on_the_map
from pipeline.words.register_tags import REGISTERS
from services.book import Edit
from services.lead_rows import LeadRow
from services.results import FieldOrigin, LeadDetail
from ui.format import day, money
from ui.lead_criteria import criteria
from ui.lead_figures import breakdown, figures
from ui.text import plain, someone
from ui.words import EMAIL_STATUS, STEP_OUTCOME, field_name, step_name

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\\\x00-\x20]+")
_OFFICE = "A registered office, which may be elsewhere than the business: many are at an accountant's"
_OSM_OBJECT = re.compile(r"(node|way|relation)/[1-9][0-9]{0,19}")


def detail(lead: LeadDetail, edits: Sequence[Edit] = ()) -> None:
    """Draw one lead; ``edits`` are the values of it that people typed."""
    row = lead.row
    with st.container(border=True, key="pp-card-lead"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(plain(row.name), anchor=False, width="content")
            figures(row)
            st.badge(EMAIL_STATUS[row.email_status], color="gray")
            if row.is_role_address:
                st.badge(
                    "Shared mailbox", color="gray", help="An address of a team, such as info@ or sales@."
                )
            if row.has_mobile:
                st.badge("Mobile number", color="gray")
        st.caption(plain(" · ".join(part for part in (row.category_label, row.whereabouts) if part)))
        if doubt := row.values.get("doubt"):
            st.markdown(f":material/help: **It may no longer be there.** {plain(doubt)}")
        fields, score = st.columns([1.4, 1], gap="large")
        with fields:
            criteria(lead.verdicts)
            st.markdown("**What we know, and from where**")
            for origin in lead.provenance:
                _field(origin, edits)
            _others(lead.row)
            _register(lead)
            _contacts(lead)
            _records(lead.origins)
            _steps(lead.steps)
            st.caption(f"This lead cost {plain(money(lead.cost_micros))} in all.")
        with score, st.container(gap="xsmall"):
            breakdown(lead)


def _field(field: FieldOrigin, edits: Sequence[Edit]) -> None:
    name = field_name(field.field)
    if field.value:
        edit = next((edit for edit in edits if edit.field == field.field), None)
        source = _source(field.origin) if edit is None else _typed(edit)
        if edit is None and field.field == "address" and field.origin and field.origin.source in REGISTERS:
            source += f". {_OFFICE}"
        st.markdown(f"**{name}**  \n{_value(field)}  \n:gray[{source}]")
    else:
        why = plain(field.empty_reason or "No source gave a value.")
        st.markdown(f"**{name}**  \n:gray[Empty: {why}]")


def _value(field: FieldOrigin) -> str:
    # A link between angle brackets shows exactly its address (CommonMark 6.5), which plain text would not.
    if field.field == "website" and _WEB_ADDRESS.fullmatch(field.value or ""):
        return f"<{field.value}>"
    return f"{plain(field.value)} of 5" if field.field == "rating" else plain(field.value)


def _typed(edit: Edit) -> str:
    who = someone(edit.by) if edit.by else "somebody who is gone"
    found = f"found: {plain(edit.found)}" if edit.found else "nothing was found"
    return f"Edited by {who}, {day(edit.at)}; {found}"


def _source(origin: Origin | None) -> str:
    if origin is None:
        return "Worked out from the other fields"
    seen = f", as of {day(origin.observed_on)}" if origin.observed_on else ""
    page = f", {plain(origin.url)}" if origin.source == "website" and origin.url else ""
    return f"{plain(origin.label)}{page}{seen}"


def _others(row: LeadRow) -> None:
    """Further phone numbers and websites."""
    for name in ("other_phones", "other_websites"):
        if name in row.values:
            st.markdown(f"**{field_name(name)}**  \n{plain(row.values[name])}")


def _register(lead: LeadDetail) -> None:
    """What its register states, and why it is not on the map."""
    values = lead.row.values
    if "register" in values:
        facts = [values[name] for name in ("company_number", "company_status") if name in values]
        st.markdown(
            f"**{plain(values['register'])}**  \n{plain(values.get('legal_name', ''))}  \n"
            f":gray[{plain(' · '.join(facts))}]"
        )
        office = values.get("registered_office")
        if office and office != lead.row.address:
            st.markdown(f"**{field_name('registered_office')}**  \n{plain(office)}  \n:gray[{_OFFICE}]")
    if why := not_on_the_map(lead.business):
        st.caption(why)


def _contacts(lead: LeadDetail) -> None:
    """Every further address, and pages on social networks."""
    others = [contact for contact in lead.contacts if contact.email != lead.row.email]
    if others:
        lines = [
            f"{plain(contact.email)} :gray[{EMAIL_STATUS[contact.status]}, {_source(contact.origin)}]"
            for contact in others
        ]
        st.markdown("**Other addresses**  \n" + "  \n".join(lines))
    pages = [page for page in lead.profiles if _WEB_ADDRESS.fullmatch(page)]
    if pages:
        st.markdown("**Profiles**  \n" + "  \n".join(f"<{page}>" for page in pages))


def _records(origins: Sequence[Origin]) -> None:
    links = []
    for origin in origins:
        # Only a well-formed OpenStreetMap id may become an address.
        if origin.source == "openstreetmap" and _OSM_OBJECT.fullmatch(origin.ref):
            links.append(f"[{plain(origin.ref)}](https://www.openstreetmap.org/{origin.ref})")
        else:
            granted = f" ({plain(origin.licence)})" if origin.licence else ""
            links.append(f"{plain(origin.label)} {plain(origin.ref)}{granted}")
    st.markdown("**Source records**  \n" + ", ".join(links))


def _steps(steps: Sequence[StepResult]) -> None:
    if not steps:
        return
    st.markdown("**Looking up contacts**")
    for step in steps:
        word, colour = STEP_OUTCOME[step.outcome]
        cost = f" · {plain(money(step.cost_micros))}" if step.cost_micros else ""
        st.markdown(f":{colour}[{word}] {plain(step_name(step.step))}: {plain(step.detail)}{cost}")
