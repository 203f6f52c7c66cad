"""The mail that tells an administrator of an alert."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message

_END = "You get one mail for an alert, however long it lasts. Settings of ProspectPro switch mails off."


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What needs somebody; ``health_url`` leads to the page that says more."""

    title: str
    why: str
    advice: str
    is_problem: bool
    health_url: str


def compose(alert: Alert, stamp: Stamp) -> EmailMessage:
    """The mail. Raises ValueError for an address that cannot be written to."""
    kind = "Problem" if alert.is_problem else "Worth a look"
    said = f"{alert.title}. {alert.why}"
    text = f"{said}\n\n{alert.advice}\n\nHealth: {alert.health_url}\n\n-- \n{_END}\n"
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}"><p><strong>{escape(alert.title)}.</strong>'
        f" {escape(alert.why)}</p><p>{escape(alert.advice)}</p>"
        f'<p><a style="{BUTTON}" href="{escape(alert.health_url)}">Health</a></p>'
        f'<p style="font-size:13px;color:#55655F">{_END}</p></div></body></html>'
    )
    # A header is one line, whatever a title holds.
    return message(f"ProspectPro: {kind}: {' '.join(alert.title.split())}", stamp, text, html)
