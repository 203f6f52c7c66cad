"""The mail that says who named somebody in notes and about which companies; what a note says stays in ProspectPro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message
from pipeline.words.text import one_line

_MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A note that names whom the mail is for: by whom, about which company, and where it is read."""

    author: str
    company: str
    link: str


def compose(workspace_name: str, named: Sequence[Named], settings_url: str, stamp: Stamp) -> EmailMessage:
    """One mail about all of them. Raises ValueError for an address that cannot be written to."""
    where = one_line(workspace_name)
    lines = [(f"{each.author} about {one_line(each.company)}", each.link) for each in named[:_MOST_LINES]]
    head = f"You were mentioned in “{where}”:"
    more = f"And {len(named) - _MOST_LINES} more." if len(named) > _MOST_LINES else ""
    foot = "What was written stands in ProspectPro. Whether you get these mails is in your settings:"
    text = "\n\n".join(
        (
            head,
            *(f"{said}\n{link}" for said, link in lines),
            *([more] if more else []),
            f"{foot} {settings_url}\n",
        )
    )
    items = "".join(
        f'<p dir="auto">{escape(said)}<br><a style="{BUTTON}" href="{escape(link)}">Read it</a></p>'
        for said, link in lines
    )
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}"><p dir="auto">{escape(head)}</p>{items}'
        f"<p>{escape(more)}</p>"
        f'<p style="font-size:13px;color:#55655F">{escape(foot)} <a href="{escape(settings_url)}">Settings</a></p>'
        "</div></body></html>"
    )
    who = named[0].author if len({each.author for each in named}) == 1 else "Several people"
    return message(f"{who} mentioned you in {where[:100]}", stamp, text, html)
