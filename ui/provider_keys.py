"""The key of a provider: whether there is one and where from, setting, replacing and removing it. It is never shown."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from services import installation_keys
from services.errors import Refused
from services.installation_keys import LONGEST, KeptSecret
from services.provider_upkeep import ProviderRow
from ui import question, refused, said, session
from ui.format import day
from ui.question import Question
from ui.text import someone
from ui.viewer_time import local

_WRONG = "key_errors"
SECONDS = "Campaigns that begin from now on use it; one that runs keeps what it began with."


def draw(row: ProviderRow, kept: KeptSecret | None) -> None:
    """Draw what is known of the key, and the form."""
    if not row.keys:
        return
    st.caption(someone(_standing(row, kept)))
    with st.expander("Replace the key" if kept else "Set its key here", key=f"keys-{row.key}"):
        _form(row)
        if kept:
            st.button("Remove the key", key=f"remove-key-{row.key}", on_click=_ask_to_remove, args=(row,))


def set_by(kept: KeptSecret) -> str:
    """When and by whom it was set."""
    return f"on {day(local(kept.set_at))} by {kept.set_by or 'somebody who has no account any more'}"


def wrong_of(form: str) -> Mapping[str, str]:
    """What the last attempt to save this form was refused for, by field."""
    found: tuple[str, Mapping[str, str]] = st.session_state.get(_WRONG, ("", {}))
    return found[1] if found[0] == form else {}


def note_wrong(form: str, error: Refused) -> None:
    """Keep for the next run why this form was not saved."""
    st.session_state[_WRONG] = (form, refused.sentences(error))


def all_right() -> None:
    """Nothing is wrong any more."""
    st.session_state.pop(_WRONG, None)


def _standing(row: ProviderRow, kept: KeptSecret | None) -> str:
    name = " and ".join(setting.name for setting in row.keys)
    if kept and kept.is_readable:
        also = f" {name} of the settings stands back." if row.has_setting else ""
        return f"Key set here {set_by(kept)}; it is in force.{also}"
    if kept:
        instead = f"{name} of the settings is in force" if row.has_setting else "it counts as not set"
        return (
            f"The key set here {set_by(kept)} cannot be read, because APP_SECRET changed since;"
            f" {instead}. Set it again."
        )
    if row.has_setting:
        return f"The key of the settings ({name}) is in force. One that is set here goes above it."
    return "No key is set."


def _form(row: ProviderRow) -> None:
    wrong = wrong_of(row.key)
    with st.form(f"key-{row.key}", border=False):
        for setting in row.keys:
            # A browser offers to keep passwords of people, and this is none.
            st.text_input(
                setting.name,
                key=f"key-{setting.name}",
                type="password" if setting.is_secret else "default",
                max_chars=LONGEST,
                autocomplete="new-password" if setting.is_secret else "off",
                help=setting.help,
            )
            refused.below(wrong, setting.name)
        st.caption(f"Kept encrypted and never shown again. {SECONDS}")
        st.form_submit_button("Save the key", type="primary", on_click=_save, args=(row,))
    refused.below(wrong)


def _save(row: ProviderRow) -> None:
    """A callback: what was typed does not stay in the page's state."""
    typed = {setting.name: str(st.session_state[f"key-{setting.name}"]) for setting in row.keys}
    st.session_state.update({f"key-{name}": "" for name in typed})
    all_right()
    try:
        installation_keys.keep_keys(session.require_person(), row.key, typed)
    except Refused as error:
        note_wrong(row.key, error)
        return
    said.keep(f"The key of {row.label} is set. {SECONDS}")


def _ask_to_remove(row: ProviderRow) -> None:
    then = "the one of the settings is in force again" if row.has_setting else "campaigns go on without it"
    question.ask(
        Question(
            title="Remove this key?",
            body=f"The key of {row.label} that was set here is forgotten, and {then}.",
            yes="Remove",
            act=lambda person: installation_keys.remove_keys(person, row.key),
            done=f"The key of {row.label} is removed.",
        )
    )
