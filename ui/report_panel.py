"""What is held about somebody, at a glance and as a file for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pipeline.suppression import Subject
from services import subject_reports
from services.identity import Person
from services.subject_reports import Format, SubjectReport
from ui import session, subject_form
from ui.format import counted
from ui.text import plain

_LABELS: dict[Format, str] = {"txt": "Report as text", "json": "Report as JSON"}
_MOST = 20


def panel(person: Person, subject: Subject) -> None:
    """Draw the report and its downloads."""
    found = subject_reports.report(person, subject)
    st.header("What is held", anchor=False)
    st.markdown(
        f"About **{plain(subject_form.named(subject))}**: {counted(found.leads, 'lead')},"
        f" {counted(found.businesses, 'business', 'businesses')} that became none,"
        f" {counted(found.calls, 'question')} to providers, {counted(found.exports, 'export')} since."
    )
    for number, held in enumerate(_held(found)[:_MOST]):
        _lead(number, held)
    if found.leads + found.businesses > _MOST:
        st.caption(f"The first {_MOST}; the report has all of them.")
    with st.container(horizontal=True):
        for format, label in _LABELS.items():
            st.download_button(
                label,
                data=_data(subject, format),
                file_name=f"prospectpro-subject-report.{format}",
                key=f"report_{format}",
                on_click="ignore",
            )
    st.caption("A report that is taken is noted in the audit log, not about whom it is.")


def _held(found: SubjectReport) -> list[Mapping[str, object]]:
    parts = (found.told[name] for name in ("leads", "businesses_that_became_no_lead"))
    items = [item for part in parts if isinstance(part, Sequence) for item in part]
    return [item for item in items if isinstance(item, Mapping)]


def _lead(number: int, lead: Mapping[str, object]) -> None:
    with st.container(border=True, key=f"pp-card-row-held-{number}", gap="xsmall"):
        st.markdown(f"**{plain(str(lead['name'] or 'Named in a lead'))}**")
        st.caption(plain(f"{lead['found_for_the_campaign']} · since {lead['held_since']}"))
        for part in ("values", "contacts"):
            items = lead[part]
            for item in items if isinstance(items, Sequence) else ():
                what = item.get("field") or "Contact"
                value = item.get("value") or item.get("email")
                st.markdown(f"{plain(what)}: {plain(value)} :gray[{plain(_source(item))}]")


def _source(item: Mapping[str, object]) -> str:
    parts = (item.get("source"), item.get("read_at") or item.get("record"), item.get("observed_on"))
    return " · ".join(str(part) for part in parts if part)


def _data(subject: Subject, format: Format) -> Callable[[], bytes]:
    return lambda: subject_reports.file(session.require_person(), subject, format).data
