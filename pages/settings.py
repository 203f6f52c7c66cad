"""Settings: what a person may choose for themselves."""

from __future__ import annotations

import streamlit as st

from pipeline.output.ending_mail import MailWhen
from services import billing, notifying
from services.identity import Person
from ui import cards, navigation, session
from ui.words import MAIL_WHEN


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    cards.heading("Settings", "Your own choices; they hold for you alone.")
    with st.container(border=True, key="pp-card-mail"):
        _mail(person)
    if billing.is_on():
        with st.container(border=True, key="pp-card-plan"):
            st.header("Workspace", anchor=False)
            st.page_link(navigation.BILLING, label="Plan and billing of the workspace")


def _mail(person: Person) -> None:
    st.header("E-mail", anchor=False)
    if not notifying.are_on():
        st.info(
            "This installation has no mail server, so no mails are sent. Your choice is kept for when it has one."
        )
    st.radio(
        "E-mail me when a campaign ends",
        list(MailWhen),
        index=list(MailWhen).index(notifying.wish(person)),
        format_func=lambda when: MAIL_WHEN[when][0],
        captions=[MAIL_WHEN[when][1] for when in MailWhen],
        key="mail_when",
        on_change=_choose,
    )
    st.toggle(
        "E-mail me when somebody mentions me in a note",
        value=notifying.wants_mentions(person),
        help="One mail for all within some minutes. What you read in the meantime is left out.",
        key="mail_mentions",
        on_change=_choose_mentions,
    )
    st.caption("Mails go to the address you sign in with. A campaign that you stop yourself sends none.")


def _choose() -> None:
    notifying.choose(session.require_person(), MailWhen(st.session_state["mail_when"]))
    st.toast("Saved.")


def _choose_mentions() -> None:
    notifying.choose_mentions(session.require_person(), st.session_state["mail_mentions"])
    st.toast("Saved.")


main()
