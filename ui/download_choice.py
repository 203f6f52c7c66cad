"""What to download leads as: a format, a preset for another program, or columns the workspace saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pipeline.output.export import COLUMNS, ExportFormat, Layout, Spelling
from pipeline.output.export_formats import formats
from pipeline.output.export_presets import known
from services import export_choices
from services.errors import Refused
from services.export_choices import MAX_NAME, StoredPreset
from services.identity import Person
from ui import session
from ui.text import plain

_AS, _COLUMNS, _NAME, _SAID = "download_as", "download_columns", "download_name", "download_said"
_SHOWN = "download_columns_of_table"
_DELIMITER, _MARK, _DECIMAL = "spelling_delimiter", "spelling_mark", "spelling_decimal"
_DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab"}
_MARK_HELP = "Excel needs it to show letters such as é right; some other programs do not like it."
_DECIMALS = {".": "Point: 60.17", ",": "Comma: 60,17"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A format with its columns and spelling, and what people call it."""

    label: str
    format: ExportFormat
    layout: Layout


def choice(person: Person, shown: Sequence[str] = ()) -> Choice:
    """Draw what there is to choose, and return what is chosen; ``shown`` are headings of columns to begin with."""
    if st.session_state.get(_SHOWN, []) != list(shown):
        # The table has other columns than before: a file gets the same, until somebody chooses otherwise.
        st.session_state[_SHOWN] = st.session_state[_COLUMNS] = list(shown)
    found = export_choices.choices(person)
    saved = {preset.id.hex: preset for preset in found.presets}
    labels = {key: format.label for key, format in known().items()}
    labels |= {key: preset.name for key, preset in saved.items()}
    key = _which(labels)
    preset = saved.get(key)
    format = formats()[preset.format] if preset else known()[key]
    if preset:
        st.caption(plain(f"{format.label}: {', '.join(preset.columns)}"))
    elif format.told:
        st.caption(plain(format.told))
    columns: Sequence[str] = preset.columns if preset else ()
    if format.arrange and not preset:
        columns = _columns()
    spelling = _spelling(found.spelling) if format.has_spelling else found.spelling
    if preset and preset.may_remove:
        st.button(
            "Delete this preset", key="preset_delete", on_click=_delete, args=(preset,), type="tertiary"
        )
    elif columns and not preset:
        _save(format.key, columns)
    if said := st.session_state.pop(_SAID, None):
        st.caption(plain(said))
    layout = export_choices.layout(columns, spelling)
    return Choice(label=labels[key], format=format, layout=layout)


def _which(labels: dict[str, str]) -> str:
    if st.session_state.get(_AS) not in labels:
        # Nothing is chosen yet, or what was is gone.
        st.session_state[_AS] = next(iter(labels))
    chosen = st.selectbox("As", list(labels), format_func=lambda key: labels[key], key=_AS)
    return chosen or next(iter(labels))


def _columns() -> list[str]:
    return st.multiselect(
        "Columns",
        [column.title for column in COLUMNS],
        key=_COLUMNS,
        placeholder="All, in their usual order",
        help="In the order in which you choose them.",
    )


def _spelling(kept: Spelling) -> Spelling:
    """Draw what a spreadsheet wants a text table to be like; what is changed is kept for the person."""
    for key, value in ((_DELIMITER, kept.delimiter), (_DECIMAL, kept.decimal_mark), (_MARK, kept.has_mark)):
        st.session_state.setdefault(key, value)
    with st.expander("For your spreadsheet", key="spelling"):
        left, right = st.columns(2)
        left.selectbox(
            "Between cells",
            list(_DELIMITERS),
            format_func=_DELIMITERS.__getitem__,
            key=_DELIMITER,
            on_change=_remember,
        )
        right.selectbox(
            "Decimals",
            list(_DECIMALS),
            format_func=_DECIMALS.__getitem__,
            key=_DECIMAL,
            on_change=_remember,
        )
        st.toggle("Byte order mark", key=_MARK, on_change=_remember, help=_MARK_HELP)
        st.caption(
            "Excel set to a language with decimal commas opens files with semicolons. This is remembered."
        )
    return _chosen_spelling()


def _chosen_spelling() -> Spelling:
    state = st.session_state
    return Spelling(delimiter=state[_DELIMITER], has_mark=state[_MARK], decimal_mark=state[_DECIMAL])


def _remember() -> None:
    """A callback: the next download, on any device, is spelled the same."""
    export_choices.remember(session.require_person(), _chosen_spelling())


def _save(format: str, columns: Sequence[str]) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.text_input("Save these columns as", key=_NAME, max_chars=MAX_NAME, placeholder="For the call list")
    right.button("Save preset", key="preset_save", on_click=_saved, args=(format, columns), width="stretch")


def _saved(format: str, columns: Sequence[str]) -> None:
    """A callback: keep the columns for the workspace, and go on with what was kept."""
    try:
        made = export_choices.save(session.require_person(), st.session_state[_NAME], format, columns)
    except Refused as refused:
        st.session_state[_SAID] = str(refused)
        return
    st.session_state.update(
        {_AS: made.hex, _NAME: "", _COLUMNS: [], _SAID: "Saved for everybody in the workspace."}
    )


def _delete(preset: StoredPreset) -> None:
    try:
        export_choices.delete(session.require_person(), preset.id)
    except Refused as refused:
        st.session_state[_SAID] = str(refused)
    else:
        st.session_state[_SAID] = f"“{preset.name}” is gone."
