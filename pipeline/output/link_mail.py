"""Mails with a link that is used once."""

from __future__ import annotations

from email.message import EmailMessage
from html import escape

from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message

# What kind of link it is: subject, what is asked, the button, for how long, and what to do when it was not asked for.
_WORDS: dict[str, tuple[str, str, str, str]] = {
    "email": (
        "Confirm your address for ProspectPro",
        "Somebody asked to sign in to ProspectPro with this address from now on.",
        "Confirm this address",
        "The link can be used once, for a day. If you did not ask for it, leave it: nothing changes.",
    ),
    "reset": (
        "Choose a new password for ProspectPro",
        "Somebody asked for a new password for the account with this address.",
        "Choose a new password",
        "The link can be used once, for an hour. If you did not ask for it, leave it: nothing changes.",
    ),
}


def compose(kind: str, url: str, stamp: Stamp) -> EmailMessage:
    """The mail that leads to ``url``. Raises ValueError for an address that cannot be written to."""
    subject, asked, button, end = _WORDS[kind]
    text = f"{asked}\n\n{button}: {url}\n\n-- \n{end}\n"
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}"><p>{asked}</p>'
        f'<p><a style="{BUTTON}" href="{escape(url)}">{button}</a></p>'
        f'<p style="font-size:13px;color:#55655F">{end}</p></div></body></html>'
    )
    return message(subject, stamp, text, html)
