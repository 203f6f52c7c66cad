"""How sending mails goes, for administrators."""

from __future__ import annotations

import streamlit as st

from services import notifying
from services.identity import Person
from services.installation_keys import KeptSecret
from services.notifying import MailHealth
from ui import mail_server_form
from ui.format import ago, counted
from ui.text import plain
from ui.viewer_time import local
from ui.words import Colour


def card(person: Person, kept: KeptSecret | None) -> None:
    """Draw the mail server beside the providers; ``kept`` is the one that was set there."""
    health = notifying.health(person)
    is_on = notifying.is_in_settings() or (kept is not None and kept.is_readable)
    (words, colour), said = _state(health) if is_on else _OFF
    with st.container(border=True, key="pp-card-row-mail", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**Mail server**", width="content")
            st.badge(words, color=colour)
        st.caption(plain(said))
        mail_server_form.draw(kept)


_OFF: tuple[tuple[str, Colour], str] = (
    ("Off", "gray"),
    "With a mail server people are told when their campaigns end. Set one here, or SMTP_HOST and MAIL_FROM.",
)


def _state(health: MailHealth) -> tuple[tuple[str, Colour], str]:
    if health.problem:
        waiting = f"{counted(health.waiting, 'mail')} waiting to be tried again"
        return ("Refuses or is away", "red"), f"{health.problem.rstrip('.')} · {waiting}"
    if health.last_sent_at is None:
        return ("Not asked yet", "gray"), "No mail was sent yet."
    return ("Answers", "green"), f"Last mail {ago(local(health.last_sent_at))}"
