"""The mail that tells the owner of a campaign how it ended: short, and safe whatever a title or a source said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum
from html import escape

from pipeline.campaign import CampaignStatus
from pipeline.money.amounts import money
from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message
from pipeline.output.notices import counted
from pipeline.words.text import one_line

_MAX_SUBJECT = 120
_HEADLINES = {
    CampaignStatus.COMPLETED: "Complete",
    CampaignStatus.PARTIAL: "Ended early",
    CampaignStatus.FAILED: "Failed",
}
_DOUBTFUL = "Worth a look"


class MailWhen(StrEnum):
    """When a person wants a mail about the end of a campaign."""

    ALL = "all"
    PROBLEMS = "problems"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a campaign ended, or a bulk order of many ``campaigns``. Money in millionths of a US dollar."""

    title: str
    status: CampaignStatus
    outcome_reason: str | None
    notice: str | None
    suspicion: str | None
    businesses_found: int
    lead_count: int
    emails_found: int
    emails_verified: int
    avg_confidence: Decimal | None
    avg_reach: Decimal | None
    budget_micros: int
    spent_micros: int
    uncertain_micros: int
    simulated: bool
    campaigns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom, to whom, under which id. ``campaign_url`` and ``settings_url`` are where the mail leads."""

    sender: str
    recipient: str
    message_id: str
    date: datetime
    campaign_url: str
    settings_url: str


def is_wanted(ending: Ending, when: MailWhen) -> bool:
    """Whether a person who wants mails ``when`` gets one; nobody gets one about what they stopped themselves."""
    if ending.status not in _HEADLINES or when is MailWhen.NEVER:
        return False
    return when is MailWhen.ALL or ending.status is not CampaignStatus.COMPLETED or bool(ending.suspicion)


def message_id(campaign_id: object, attempt: int, sender: str) -> str:
    """The same for the same end, however often it is sent, so that mail programs show it once."""
    return f"<{campaign_id}.{attempt}@{parseaddr(sender)[1].rpartition('@')[2]}>"


def compose(ending: Ending, envelope: Envelope) -> EmailMessage:
    """The mail, as plain text and as HTML."""
    stamp = Stamp(
        sender=envelope.sender,
        recipient=envelope.recipient,
        message_id=envelope.message_id,
        date=envelope.date,
    )
    return message(_subject(ending), stamp, _text(ending, envelope), _html(ending, envelope))


def _subject(ending: Ending) -> str:
    start = f"{_headline(ending)}: "
    end = f" – {counted(ending.lead_count, 'lead')}"
    room = _MAX_SUBJECT - len(start) - len(end)
    title = one_line(ending.title)
    return f"{start}{title if len(title) <= room else title[: room - 1].rstrip() + '…'}{end}"


def _headline(ending: Ending) -> str:
    words = _DOUBTFUL if ending.suspicion else _HEADLINES[ending.status]
    return f"{words} (simulated)" if ending.simulated else words


def _remarks(ending: Ending) -> Iterator[str]:
    """What a person should know, most important first."""
    if ending.simulated:
        yield "Simulated contacts: a stand-in for the providers answered. Nothing in it is real."
    yield from (one_line(text) for text in (ending.suspicion, ending.outcome_reason, ending.notice) if text)


def _figures(ending: Ending) -> Iterator[tuple[str, str]]:
    found = counted(ending.businesses_found, "business", "businesses")
    yield "Leads", f"{ending.lead_count:,} of {found}"
    verified = f", {ending.emails_verified:,} of them verified" if ending.emails_verified else ""
    yield "With an e-mail", f"{ending.emails_found:,}{verified}"
    yield from _averages(ending)
    if ending.campaigns > 1:
        yield "Campaigns", f"{ending.campaigns:,}"
    budget = f" of a budget of {money(ending.budget_micros)}" if ending.budget_micros else ""
    yield "Cost", f"{money(ending.spent_micros)}{budget}"
    if ending.uncertain_micros:
        amount = money(ending.uncertain_micros)
        yield "Of that uncertain", f"{amount}: a provider did not finish its answer and may not bill it"


def _averages(ending: Ending) -> Iterator[tuple[str, str]]:
    """Of 100 each; leads that an earlier version rated have a single score."""
    if ending.avg_confidence is None:
        return
    sure = f"{ending.avg_confidence:.0f} of 100"
    if ending.avg_reach is None:
        yield "Average score", sure
        return
    yield "Confidence", f"{sure} on average: are they real and still there?"
    yield "Reach", f"{ending.avg_reach:.0f} of 100 on average: can you call, write or visit?"


def _action(ending: Ending) -> str:
    if ending.campaigns > 1:
        return "See the bulk order"
    return "See what happened" if ending.lead_count == 0 else "See the campaign"


def _why(ending: Ending) -> str:
    return (
        f"You get this because you started {'these campaigns' if ending.campaigns > 1 else 'this campaign'}."
    )


def _text(ending: Ending, envelope: Envelope) -> str:
    width = max(len(name) for name, _ in _figures(ending)) + 2
    parts = [
        f"{_headline(ending)}: {one_line(ending.title)}",
        *_remarks(ending),
        "\n".join(f"{name:<{width}}{value}" for name, value in _figures(ending)),
        f"{_action(ending)}: {envelope.campaign_url}",
        f"-- \n{_why(ending)} Choose when mails come: {envelope.settings_url}",
    ]
    return "\n\n".join(parts) + "\n"


def _html(ending: Ending, envelope: Envelope) -> str:
    remarks = "".join(f'<p dir="auto">{escape(remark)}</p>' for remark in _remarks(ending))
    rows = "".join(
        f'<tr><td style="padding:.2rem 1.5rem .2rem 0;color:#55655F">{escape(name)}</td><td>{escape(value)}</td></tr>'
        for name, value in _figures(ending)
    )
    return (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}">'
        f"<p>{escape(_headline(ending))}</p>"
        f'<h2 style="margin:0;font-size:20px" dir="auto">{escape(one_line(ending.title))}</h2>{remarks}'
        f'<table style="border-collapse:collapse;margin:1rem 0">{rows}</table>'
        f'<p><a style="{BUTTON}" href="{escape(envelope.campaign_url)}">{_action(ending)}</a></p>'
        f'<p style="font-size:13px;color:#55655F">{_why(ending)} <a href="{escape(envelope.settings_url)}">Choose when'
        " mails come</a>.</p></div></body></html>"
    )
