"""The mail that leads to a file a schedule had made: the file itself never travels by mail."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from pipeline.output.mail_message import BUTTON, STYLE, Stamp, message
from pipeline.output.notices import counted
from pipeline.words.text import one_line

_MAX_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyFile:
    """A file that is ready: what its schedule is called, how many leads it holds, where it is, and until when."""

    called: str
    leads: int
    url: str
    until: str


def compose(file: ReadyFile, stamp: Stamp) -> EmailMessage:
    """The mail. Raises ValueError for an address that cannot be written to."""
    name = one_line(file.called)
    name = name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1].rstrip()}…"
    subject = f"{name}: {counted(file.leads, 'lead')}, ready to download"
    told = f"{name} has written a file with {counted(file.leads, 'lead')}."
    end = f"You are asked to sign in; nobody else can open the link. The file is removed after {file.until}."
    text = f"{told}\n\nDownload: {file.url}\n\n-- \n{end}\n"
    html = (
        f'<!doctype html><html lang="en"><body><div style="{STYLE}"><p>{escape(told)}</p>'
        f'<p><a style="{BUTTON}" href="{escape(file.url)}">Download</a></p>'
        f'<p style="font-size:13px;color:#55665F">{escape(end)}</p></div></body></html>'
    )
    return message(subject, stamp, text, html)
