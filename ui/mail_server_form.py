"""The mail server, set in the interface: all of it but the password is shown again."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from services import installation_keys, notifying
from services.errors import Refused
from services.installation_keys import KeptSecret, SmtpSecurity
from ui import question, refused, said, session
from ui.provider_keys import all_right, note_wrong, set_by, wrong_of
from ui.question import Question
from ui.text import someone

_FORM = "mail_server"
_FIELDS: Mapping[str, tuple[str, str]] = {
    "smtp_host": ("Server", "smtp.example.com"),
    "smtp_port": ("Port", "587"),
    "smtp_user": ("User name", "Empty does not sign in"),
    "smtp_password": ("Password", "To be typed each time the server is saved"),
    "mail_from": ("Sender", "ProspectPro <mail@example.com>"),
}
_SECURITY = {
    SmtpSecurity.STARTTLS.value: "STARTTLS, as port 587 has it",
    SmtpSecurity.TLS.value: "TLS, as port 465 has it",
    SmtpSecurity.NONE.value: "None: a server on this machine",
}


def draw(kept: KeptSecret | None) -> None:
    """Draw where the server in force comes from, and the form; ``kept`` is the one that was set here."""
    st.caption(someone(_standing(kept)))
    with st.expander("Replace the mail server" if kept else "Set the mail server here", key="mail-server"):
        _form(kept)
        if kept:
            st.button("Remove the mail server", key="remove-mail-server", on_click=_ask_to_remove)


def _standing(kept: KeptSecret | None) -> str:
    has_setting = notifying.is_in_settings()
    if kept and kept.is_readable:
        where = f"{kept.about['smtp_host']}:{kept.about['smtp_port']}, as {kept.about['mail_from']}"
        also = " SMTP_HOST of the settings stands back." if has_setting else ""
        return f"Set here {set_by(kept)}: {where}; it is in force.{also}"
    if kept:
        instead = "SMTP_HOST of the settings is in force" if has_setting else "it counts as not set"
        return (
            f"The mail server set here {set_by(kept)} cannot be read, because APP_SECRET changed since;"
            f" {instead}. Set it again."
        )
    if has_setting:
        return "The mail server of the settings (SMTP_HOST) is in force. One that is set here goes above it."
    return "None is set here or in the settings."


def _form(kept: KeptSecret | None) -> None:
    before = kept.about if kept else {"smtp_port": "587"}
    wrong = wrong_of(_FORM)
    with st.form("mail-server-form", border=False):
        for name, (label, example) in _FIELDS.items():
            is_secret = name == "smtp_password"
            st.text_input(
                label,
                str(before.get(name, "")),
                key=f"mail-{name}",
                type="password" if is_secret else "default",
                max_chars=installation_keys.LONGEST,
                autocomplete="new-password" if is_secret else "off",
                placeholder=example,
            )
            refused.below(wrong, name)
            if name == "smtp_port":
                options = list(_SECURITY)
                chosen = options.index(before.get("smtp_security", options[0]))
                st.selectbox(
                    "Encryption",
                    options,
                    chosen,
                    key="mail-smtp_security",
                    format_func=lambda way: _SECURITY[way],
                )
        st.caption("Kept encrypted; the password is never shown again. Mails go by it within seconds.")
        st.form_submit_button("Save the mail server", type="primary", on_click=_save)
    refused.below(wrong)


def _save() -> None:
    """A callback: the password does not stay in the page's state."""
    typed = {name: str(st.session_state[f"mail-{name}"]) for name in (*_FIELDS, "smtp_security")}
    st.session_state["mail-smtp_password"] = ""
    all_right()
    try:
        installation_keys.keep_mail_server(session.require_person(), typed)
    except Refused as error:
        note_wrong(_FORM, error)
        return
    said.keep("The mail server is set. Mails go by it within seconds.")


def _ask_to_remove() -> None:
    then = "the one of the settings is in force again" if notifying.is_in_settings() else "no mails are sent"
    question.ask(
        Question(
            title="Remove the mail server?",
            body=f"The mail server that was set here is forgotten with its password, and {then}.",
            yes="Remove",
            act=installation_keys.remove_mail_server,
            done="The mail server is removed.",
        )
    )
