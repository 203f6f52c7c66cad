"""The e-mail addresses in a text or a link, each read whole or not at all, and never made up.

A text says less than a link does about where an address begins and ends. What may be an address and may be one word
run into another is left: a legal address may hold nearly any sign (RFC 5322, 3.2.3), so cutting one makes a stranger's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from pipeline.contact.contacts import email_address
from pipeline.contact.suffixes import has_known_ending
from pipeline.providers.website.disguises import undisguised
from pipeline.providers.website.visible import MARK
from pipeline.words.text import folded

MAX_SIGNS = 2_000
"""At-signs of one page that are looked at."""
_LONGEST = 320
_LONGEST_LINK, _MOST_RECIPIENTS = 2_000, 10
_ATEXT = frozenset("!#$%&'*+-/=?^_`{|}~.")
_PLAIN = re.compile(r"[^\W_]+(?:[.'&+_-]+[^\W_]+)*[+_-]?|_[\w.'&+-]*[^\W]")
"""Mailbox names a text may hold without leaving open where they begin."""
_HOST = re.compile(r"[^\W_]+(?:-+[^\W_]+)*(?:\.[^\W_]+(?:-+[^\W_]+)*)+")
_MAY_HOLD_ONE = re.compile(r"[@\uff20&\[({<（【［〔]| AT ")
_LEADER = re.compile(r".*\.{3,}")
_OTHER_SCHEME = re.compile(
    r"(?:\w+://\S*|\b(?:sips?|xmpp|ssh|git|acct|skype|msnim|ftp|callto):)$", re.IGNORECASE
)
_MAIL_LABEL = frozenset(
    map(
        folded,
        (
            "e-mail", "email", "mail", "e", "m", "mailto", "sähköposti", "sposti", "s-posti", "e-post", "epost",
            "courriel", "mél", "correo", "correo electrónico", "correu", "posta", "e-posta", "eposta",
            "mailadresse", "email us", "e-mail us", "write to us", "contact", "kontakt", "почта", "эл почта",
            "е-мейл", "имейл", "емейл", "メール", "邮箱", "电邮", "電郵", "이메일", "ηλεκτρονικό ταχυδρομείο",
            "דוא״ל", "البريد الإلكتروني",
        ),
    )
)  # fmt: skip
_UNSPACED_LABEL = re.compile(
    r".*(?:邮箱|邮件|郵件|信箱|電郵|电邮|メール|アドレス|이메일|메일)[はをへ]?(?=[A-Za-z0-9])"
)
_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Letters of scripts that put no blanks between words."""
_UNSPACED_TAIL = re.compile(rf"(?<=[a-z]){_UNSPACED}.*$", re.IGNORECASE)
_RUN_TOGETHER = re.compile(rf"{_UNSPACED}.*[a-z]|[a-z].*{_UNSPACED}", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")
_AFTER_HOST = re.compile(r"[&/?#;,\s\"'<>)].*$", re.DOTALL)


@lru_cache(maxsize=4096)
def exact(raw: str) -> str | None:
    """The address that a text is, in normal form; None when it is anything else."""
    text = raw.strip().strip("<>").strip()
    mailbox, at, _ = text.rpartition("@")
    address = email_address(text).value if at and not re.search(r"[\s,;|<>]", text) else None
    if address is None or "@" in mailbox or not has_known_ending(address.rpartition("@")[2]):
        return None
    return address


def linked(href: str) -> list[str]:
    """The addresses of a link, whether ``mailto:`` or what people write for it."""
    scheme, colon, rest = href.strip()[:_LONGEST_LINK].partition(":")
    if not colon or scheme.strip().casefold() != "mailto":
        return _mistaken(href.strip()[:_LONGEST_LINK])
    path, _, query = rest.removeprefix("//").partition("?")
    fields = parse_qsl(query.replace("+", "%2B"))
    recipients = [path, *(value for name, value in fields if name.casefold() == "to")]
    pieces = [
        piece for field in recipients for part in field.split(",") for piece in _recipients(unquote(part))
    ]
    return [address for piece in pieces[:_MOST_RECIPIENTS] if (address := exact(piece))]


def signed(line: str) -> str:
    """A line with an at-sign wherever one is written or stood for; empty when it holds none."""
    if not _MAY_HOLD_ONE.search(line):
        return ""
    text = undisguised(html.unescape(line) if "&" in line else line)
    return text if "@" in text else ""


def written(line: str) -> Iterator[str]:
    """The addresses of a line of visible text, in its order."""
    yield from around_signs(signed(line))


def around_signs(text: str) -> Iterator[str]:
    """The addresses of a line as :func:`signed` gives it."""
    place = -1
    for _ in range(MAX_SIGNS):
        place = text.find("@", place + 1)
        if place < 0:
            return
        address = _around(text, place)
        if address:
            yield address


def _recipients(text: str) -> list[str]:
    """What one recipient's text names, with the name that may stand before an address taken off."""
    inside = _IN_BRACKETS.findall(text)
    if inside:
        return inside
    spaced = re.sub(r"\s*@\s*", "@", undisguised(text))
    found = []
    for piece in re.split(r"[;,\s]+", spaced):
        mailbox, at, host = piece.rpartition("@")
        if at:
            found.append(f"{mailbox}@{_AFTER_HOST.sub('', host).rstrip('.:')}")
    return found


def _mistaken(href: str) -> list[str]:
    """An address where a web address belongs: ``info@anchor.test`` or ``http://info@anchor.test``."""
    bare = re.sub(r"^(?:https?:)?//", "", href, count=1, flags=re.IGNORECASE).rstrip("/")
    mailbox, at, host = bare.rpartition("@")
    is_plain = at and _PLAIN.fullmatch(mailbox) and _HOST.fullmatch(host)
    address = exact(bare) if is_plain else None
    return [address] if address else []


def _around(text: str, at: int) -> str | None:
    """The address around an at-sign."""
    start, end = at, at + 1
    while start and at - start < _LONGEST and _is_local(text[start - 1]):
        start -= 1
    while end < len(text) and end - at < _LONGEST and _is_host(text[end]):
        end += 1
    if text[start : start + 1] == "'" and text[end : end + 1] == "'":
        start += 1
    mailbox = _mailbox(text[start:at], text[max(0, start - 80) : start])
    host = _host(text[at + 1 : end], text[end : end + 2])
    return exact(f"{mailbox}@{host}") if mailbox and host else None


def _is_local(char: str) -> bool:
    return char.isalnum() or char in _ATEXT or char == MARK


def _is_host(char: str) -> bool:
    return char.isalnum() or char in f"-.{MARK}"


def _mailbox(run: str, before: str) -> str | None:
    """The mailbox name a run of letters before an at-sign is; None when it is open where it begins."""
    is_next = before[-1:] == "@" and (MARK in run or "/" in run)
    if (before[-1:] in ("@", "’", "‘", "\\") and not is_next) or _OTHER_SCHEME.search(before):
        return None
    *glued, last = [piece for piece in run.split(MARK) if piece] or [""]
    name = last
    if glued:
        # What an element before it holds is part of the word on the screen, unless it plainly is another one.
        joined = "".join(glued)
        is_other = is_next or folded(joined) in _MAIL_LABEL or joined[-1:] in "/=|"
        if not is_other and not run.endswith(MARK):
            return None
        name = last if is_other else joined + last
    name = _UNSPACED_LABEL.sub("", _LEADER.sub("", name))
    name = name.rpartition("/")[2] if is_next else name
    is_whole = _PLAIN.fullmatch(name) and ".." not in name and not _RUN_TOGETHER.search(name)
    return name if is_whole else None


def _host(run: str, after: str) -> str | None:
    """The host name a run of letters behind an at-sign is; None when it is open where it ends."""
    if after[:1] in ("_", "\\") or (after[:1] == "@" and MARK not in run):
        return None
    pieces, possible = [piece for piece in run.split(MARK) if piece], []
    for count in range(1, len(pieces) + 1):
        host = _UNSPACED_TAIL.sub("", "".join(pieces[:count])).rstrip(".-").casefold()
        if _HOST.fullmatch(host) and has_known_ending(_ascii(host)) and host not in possible:
            possible.append(host)
    return possible[0] if len(possible) == 1 else None


def _ascii(host: str) -> str:
    address = email_address(f"a@{host}").value
    return address.rpartition("@")[2] if address else host
