"""Who did what when, as a table and as a file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pipeline.output.formats.csv import FORMAT as CSV
from services import auditing
from services.auditing import AuditRow, AuditWhere
from services.identity import Person
from ui.format import number
from ui.viewer_time import to_the_second, zone_name


def table(rows: Sequence[AuditRow], key: str) -> None:
    """Draw acts, newest first."""
    st.dataframe(
        [
            {
                "Time": to_the_second(row.at),
                "Action": auditing.action_in_words(row.action),
                "Who": row.actor or "Nobody here any more",
                "About": row.target if row.target != row.actor else None,
                "Detail": auditing.detail_of(row),
            }
            for row in rows
        ],
        hide_index=True,
        placeholder="–",
        key=key,
        alt="Acts, one per row",
    )
    st.caption(f"{number(len(rows))} shown, newest first. Times in {zone_name()}.")


def download(person: Person, where: AuditWhere) -> None:
    """Draw the button that gives all that the filters show; the file is made when it is clicked."""
    st.download_button(
        f"As {CSV.label}",
        data=lambda: auditing.as_csv(person, where).data,
        file_name=f"prospectpro-audit.{CSV.extension}",
        mime=CSV.mime,
        key="audit_csv",
        on_click="ignore",
    )
