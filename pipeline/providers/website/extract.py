"""What a page says about reaching its company: addresses, phone numbers, profiles; read, never guessed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipeline.contact.contacts import email_address
from pipeline.contact.websites import is_social, website_url

_MAX_JSON_LD = 20
_MAX_DEPTH = 3000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,40})")
# Elements that never hold others, or may be left open.
_FLAT = frozenset(
    {
        "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
        "li", "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
        "wbr",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,24}")
# "info (at) example (dot) com" and its kin: the sign must be marked as one, a bare "at" is a word.
_AT = re.compile(
    r"\s*(?:\(\s*(?:at|ät|a|@)\s*\)|\[\s*(?:at|ät|a|@)\s*\]|\{\s*(?:at|@)\s*\}|\s&#64;\s)\s*", re.IGNORECASE
)
_DOT = re.compile(
    r"\s*(?:\(\s*(?:dot|punkt|piste|\.)\s*\)|\[\s*(?:dot|punkt|piste|\.)\s*\])\s*", re.IGNORECASE
)
_FILE = re.compile(r"\.(png|jpe?g|gif|svg|webp|css|js|ico|woff2?)$", re.IGNORECASE)
_PLACEHOLDERS = frozenset(
    {
        "example.com", "example.org", "example.net", "domain.com", "email.com", "yourdomain.com", "mysite.com",
        "company.com", "sentry.io", "wixpress.com", "sentry.wixpress.com", "sentry-next.wixpress.com",
    }
)  # fmt: skip
_NOBODY = frozenset({"noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster"})


@dataclass(slots=True)
class Found:
    """What one page holds; links are absolute."""

    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""


def extract(content: str, url: str) -> Found:
    """Everything the page says; in the order mailto links, structured data, visible text."""
    tree = LexborHTMLParser(_not_too_deep(content))
    found = Found()
    _read_links(tree, url, found)
    _read_protected(tree, found)
    for thing in _structured(tree):
        _read_thing(thing, found)
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    body = tree.body
    found.text = _one_line(body.text(separator=" ") if body else "")
    # Spaces written as entities twice over are spaces only now; a long run of them would take the patterns hours.
    plain = _DOT.sub(".", _AT.sub("@", _one_line(html.unescape(found.text))))
    found.emails += _EMAIL.findall(plain)
    found.emails = list(dict.fromkeys(address for raw in found.emails if (address := usable(raw))))
    found.phones = list(dict.fromkeys(found.phones))
    found.profiles = list(dict.fromkeys(found.profiles))
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _not_too_deep(content: str) -> str:
    """The page up to where its elements are nested deeper than people write: parsing takes the square of the depth."""
    depth = 0
    for tag in _TAG.finditer(content):
        if tag[2].casefold() not in _FLAT:
            depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _MAX_DEPTH:
            return content[: tag.start()]
    return content


def usable(raw: str) -> str | None:
    """The address in normal form, or None for what only looks like one or reaches nobody."""
    address = email_address(raw.strip().strip(".,;:")).value
    if address is None or _FILE.search(address):
        return None
    mailbox, _, domain = address.casefold().rpartition("@")
    if domain in _PLACEHOLDERS or mailbox in _NOBODY or len(mailbox) > 40:
        return None
    return address


def _read_links(tree: LexborHTMLParser, url: str, found: Found) -> None:
    for node in tree.css("a[href]"):
        href = (node.attributes.get("href") or "").strip()
        scheme = href.partition(":")[0].casefold()
        if scheme == "mailto":
            found.emails += [unquote(part) for part in href[7:].partition("?")[0].split(",")]
        elif scheme == "tel":
            found.phones.append(unquote(href[4:]))
        else:
            _read_address(node.text(), href, url, found)


def _read_address(text: str, href: str, url: str, found: Found) -> None:
    try:
        target = urljoin(url, href)
        host = urlsplit(target).hostname
    except ValueError:
        return
    if not host or not target.startswith(("http://", "https://")):
        return
    if is_social(target):
        _add_profile(target, found)
    else:
        found.links.append((target.partition("#")[0], " ".join(text.split())[:100]))


def _add_profile(url: str, found: Found) -> None:
    normal = website_url(url).value
    # A network's front page and its share buttons are nobody's profile.
    path = urlsplit(normal).path.strip("/") if normal else ""
    if normal and path and not re.match(r"(sharer|share|intent|dialog|plugins|home|login)\b", path):
        found.profiles.append(normal)


def _read_protected(tree: LexborHTMLParser, found: Found) -> None:
    """Addresses a content network hides from simple readers: the first byte is the key of the others."""
    for node in tree.css("[data-cfemail]"):
        try:
            raw = bytes.fromhex(node.attributes.get("data-cfemail") or "")
            found.emails.append(bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8"))
        except (ValueError, IndexError):
            continue


def _structured(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The things JSON-LD blocks describe, however they are nested."""
    for node in tree.css('script[type="application/ld+json"]')[:_MAX_JSON_LD]:
        try:
            waiting: list[object] = [json.loads(node.text())]
        except (ValueError, RecursionError):
            continue
        for _ in range(500):
            if not waiting:
                break
            item = waiting.pop()
            if isinstance(item, list):
                waiting += item
            elif isinstance(item, dict):
                yield item
                waiting += [
                    item[key] for key in ("@graph", "contactPoint", "publisher", "mainEntity") if key in item
                ]


def _read_thing(thing: dict[str, Any], found: Found) -> None:
    for value in _texts(thing.get("email")):
        found.emails.append(value.removeprefix("mailto:"))
    found.phones += _texts(thing.get("telephone"))
    for value in _texts(thing.get("sameAs")):
        if value.startswith(("http://", "https://")) and is_social(value):
            _add_profile(value, found)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)][:20] if isinstance(value, list) else []
