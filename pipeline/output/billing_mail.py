"""The mails that tell owner and admins of a workspace that a payment failed, or that its wallet is low."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape

from pipeline.money.amounts import money
from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message
from pipeline.words.text import one_line

_END = "You get this mail as owner or admin of the workspace."


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What happened, and what follows from it."""

    subject: str
    said: str
    follows: str


def payment_failed(workspace_name: str, grace_until: datetime | None, now: datetime) -> Notice:
    """``grace_until``: so long the plan is kept although the payment is missing."""
    kept = ""
    if grace_until:
        day = f"{grace_until.astimezone(UTC):%d %B %Y} (UTC)"
        kept = f"The plan is kept until {day}, and is Free after that."
        if grace_until <= now:
            kept = f"The plan was kept until {day}, and has been Free since."
    return Notice(
        subject="A payment failed",
        said=f"The payment for the plan of “{one_line(workspace_name)}” failed.",
        follows=f"{kept} The owner can put this right under Billing. Nothing is deleted meanwhile.".strip(),
    )


def wallet_low(workspace_name: str, balance_micros: int) -> Notice:
    """``balance_micros`` is what is in it, told to its last part: rounded, it might be told to be the mark itself."""
    return Notice(
        subject="The wallet is low",
        said=f"The wallet of “{one_line(workspace_name)}” has {money(balance_micros)} left.",
        follows="What costs more is not started until the owner tops it up under Billing.",
    )


def compose(notice: Notice, billing_url: str, stamp: Stamp) -> EmailMessage:
    """The mail. Raises ValueError for an address that cannot be written to."""
    text = f"{notice.said}\n\n{notice.follows}\n\nBilling: {billing_url}\n\n-- \n{_END}\n"
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}">'
        f'<p dir="auto"><strong>{escape(notice.said)}</strong></p><p>{escape(notice.follows)}</p>'
        f'<p><a style="{BUTTON}" href="{escape(billing_url)}">Billing</a></p>'
        f'<p style="font-size:13px;color:#55655F">{_END}</p></div></body></html>'
    )
    return message(f"ProspectPro: {notice.subject}", stamp, text, html)
