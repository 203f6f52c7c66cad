"""Correcting the values of a company in its panel, and what was corrected with the way back."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from uuid import UUID

import streamlit as st

from pipeline.corrections import PARTS
from pipeline.words.categories import all_categories
from services import book_edits
from services.book import Company, Edit
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import said, session
from ui.format import day
from ui.text import plain, someone
from ui.viewer_time import local
from ui.words import value_words

_LABELS = {
    "name": "Name",
    "category": "Type",
    "street": "Street",
    "postcode": "Postcode",
    "city": "City",
    "phone": "Phone",
    "email": "E-mail",
    "website": "Website",
    "opening_hours": "Opening hours",
}
_HELP = {
    "email": "It counts as typed, not as verified, until a look-up has checked it.",
    "opening_hours": "As OpenStreetMap writes them: Mo-Fr 09:00-17:00; Sa 10:00-14:00.",
}

# The head of the panel is out of sight where these are.
_IN_THE_FORM, _BELOW_THE_VALUES = "_in_the_form", "_below_the_values"


def edits(person: Person, company: Company) -> None:
    """Draw what was corrected, and the form for more; viewers see the first alone."""
    is_off = not may(person, Right.WORK_LEADS)
    said.show(_BELOW_THE_VALUES)
    for edit in company.edits:
        _edited(company.row.company_id, edit, is_off=is_off)
    if not is_off:
        key = company.row.company_id.hex
        with st.expander("Edit values", icon=":material/edit:", key=f"edit_open_{key}"):
            _form(company, key)


def _form(company: Company, key: str) -> None:
    st.caption(
        "Your value counts, whatever campaigns find later, until it is taken back. Empty: there is none."
    )
    shown = book_edits.typed_parts(company.detail.business)
    with st.form(f"edit_{key}", border=False):
        for column, part in zip(cycle(st.columns(2)), _LABELS, strict=False):
            with column:
                _input(key, part, shown[part])
        said.show(_IN_THE_FORM)
        args = (company.row.company_id, shown)
        st.form_submit_button("Save values", type="primary", key="edit_save", on_click=_save, args=args)


def _edited(company_id: UUID, edit: Edit, *, is_off: bool) -> None:
    label, found = value_words(edit.field, edit.found)
    who = someone(edit.by) if edit.by else "somebody who is gone"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(f"{label} edited", color="violet", icon=":material/edit:")
        st.caption(f"by {who}, {day(local(edit.at))}; found: {plain(found or 'nothing')}")
        if not is_off:
            st.button(
                "Take back", key=f"take_back_{edit.field}", type="tertiary", on_click=_take_back,
                args=(company_id, edit.field), help=f"Let what sources say of {label} stand again.",
            )  # fmt: skip


def _input(key: str, part: str, shown: str) -> None:
    name, label = _name(key, part), _LABELS[part]
    if part != "category":
        st.text_input(label, value=shown, key=name, max_chars=300, help=_HELP.get(part))
        return
    labels = {category.tags[0]: category.label for category in all_categories()}
    tags = list(dict.fromkeys((shown, *labels)))
    st.selectbox(label, tags, key=name, format_func=lambda tag: value_words("category", tag)[1] or tag)


def _name(key: str, part: str) -> str:
    return f"edit_{part}_{key}"


def _save(company_id: UUID, shown: Mapping[str, str]) -> None:
    typed = {
        part: st.session_state[_name(company_id.hex, part)] for parts in PARTS.values() for part in parts
    }
    # What stands there already is nobody's correction, also where the lead on show is not the newest.
    corrected = {part: value for part, value in typed.items() if value != shown[part]}
    try:
        changed = book_edits.edit(session.require_person(), company_id, corrected)
    except Refused as refused:
        said.keep_refusal(str(refused), _IN_THE_FORM)
        return
    said.keep("Saved." if changed else "Nothing was changed.", _IN_THE_FORM)


def _take_back(company_id: UUID, field: str) -> None:
    done = "What sources say stands again."
    said.after(
        lambda: book_edits.take_back(session.require_person(), company_id, [field]), done, _BELOW_THE_VALUES
    )
