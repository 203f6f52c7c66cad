"""What all mails of ours share: their headers, their two forms and their look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

STYLE = "font:15px/1.5 -apple-system,Segoe UI,Roboto,Arial,sans-serif;color:#102A24;max-width:34rem"
BUTTON = (
    "display:inline-block;padding:.5rem 1.1rem;border-radius:.6rem;background:#0F766E;color:#ffffff;"
    "text-decoration:none;font-weight:600"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """From whom, to whom, under which id, when."""

    sender: str
    recipient: str
    message_id: str
    date: datetime


def message(subject: str, stamp: Stamp, text: str, html: str) -> EmailMessage:
    """The mail, as plain text and as HTML. Raises ValueError for an address that cannot be written to."""
    name, address = parseaddr(stamp.sender)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = stamp.recipient
    mail["Date"] = format_datetime(stamp.date)
    mail["Message-ID"] = stamp.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail
