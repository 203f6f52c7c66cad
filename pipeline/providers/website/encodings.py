"""Addresses that content systems encode and a script in the page decodes: read where the code leaves no choice."""

from __future__ import annotations

import base64
import codecs
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from pipeline.providers.website.addresses import exact, linked, written
from pipeline.providers.website.disguises import undisguised
from pipeline.providers.website.stylesheet import Attributes

_MAX_SCRIPT = 50_000
_MAX_PIECES = 50
_LONGEST = 2_000
_CLOUDFLARE = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-f]{8,600})", re.IGNORECASE)
_SHIFTED = re.compile(r"javascript:\s*linkTo_UnCryptMailto\(\s*['\"]([^'\"]{8,600})['\"]", re.IGNORECASE)
# TYPO3 shifts each character within these ranges, by a number each site chooses.
_RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
_TEXT = r"'[^'\\\n]{0,200}'|\"[^\"\\\n]{0,200}\""
_CLOAK = re.compile(
    rf"\b(addy\w{{0,40}})\s*=\s*((?:{_TEXT}|\w{{1,60}})(?:\s*\+\s*(?:{_TEXT}|\w{{1,60}})){{0,40}})"
)
_LITERAL = re.compile(r"'([^'\\\n]{0,200})'|\"([^\"\\\n]{0,200})\"")
_MAILTO = re.compile(r"mailto:[^\"'>\s]{3,300}", re.IGNORECASE)
_GLUE = re.compile(r"['\"]\s*\+\s*['\"]")
_CODES = re.compile(r"String\.fromCharCode\(\s*(\d{1,7}(?:\s*,\s*\d{1,7}){4,600})\s*\)")
_WRITES = re.compile(r"document\.write|innerHTML|insertAdjacentHTML|\.href\s*=")


def of_element(tag: str, attributes: Attributes) -> list[str]:
    """The addresses that the attributes of an element encode."""
    found = [_cloudflare(attributes.get("data-cfemail") or "")]
    href = html.unescape((attributes.get("href") or "")[:_LONGEST])
    if coded := _CLOUDFLARE.search(href):
        found.append(_cloudflare(coded[1]))
    shifted = _SHIFTED.search(unquote(href))
    token = shifted[1] if shifted else attributes.get("data-mailto-token")
    if token:
        return linked(_unshifted(token))
    mailbox = attributes.get("data-user") or attributes.get("data-name")
    domain, ending = attributes.get("data-domain"), attributes.get("data-tld")
    if mailbox and domain:
        found.append(f"{mailbox}@{domain}" + (f".{ending}" if ending else ""))
    if tag == "joomla-hidden-mail":
        found.append(f"{_base64(attributes.get('first'))}@{_base64(attributes.get('last'))}")
    if coded_by_13 := attributes.get("data-enc-email"):
        found.append(undisguised(codecs.decode(coded_by_13, "rot13")))
    return [address for text in found if (address := exact(text))]


def of_script(script: str) -> Iterator[str]:
    """The addresses a script writes into its page: put together from pieces, or from numbers of letters."""
    text = script[:_MAX_SCRIPT]
    cloaks: dict[str, str] = {}
    for name, value in _CLOAK.findall(text):
        if not name.startswith("addy_text"):
            cloaks[name] = cloaks.get(name, "") + "".join(map("".join, _LITERAL.findall(value)))
    pieces = list(cloaks.values())
    for codes in _CODES.findall(text):
        letters = [int(code) for code in codes.split(",")]
        pieces.append("".join(map(chr, letters)) if max(letters) < 0x110000 else "")
    if _WRITES.search(text):
        pieces += [
            "".join(literal) for literal in _LITERAL.findall(_GLUE.sub("", text)) if "@" in "".join(literal)
        ]
    for piece in pieces[:_MAX_PIECES]:
        plain = html.unescape(piece)
        if address := exact(plain.removeprefix("mailto:")):
            yield address
        else:
            for link in _MAILTO.findall(plain)[:_MAX_PIECES]:
                yield from linked(link)
            yield from written(re.sub(r"<[^>]*>", " ", plain))


def _cloudflare(code: str) -> str:
    """The first byte is the key of the others; what follows a question mark is a subject."""
    try:
        raw = bytes.fromhex(code)
        return bytes(byte ^ raw[0] for byte in raw[1:]).decode("utf-8").partition("?")[0]
    except (ValueError, IndexError):
        return ""


def _unshifted(text: str) -> str:
    """The text under the one shift that makes a mail link of it."""
    head, _, _ = text[:600].partition(" ")
    for offset in range(-26, 27):
        if "".join(_shifted(char, offset) for char in head[:7]).casefold() == "mailto:":
            return "".join(_shifted(char, offset) for char in head)
    return ""


def _shifted(char: str, offset: int) -> str:
    for low, high in _RANGES:
        if low <= ord(char) <= high:
            return chr(low + (ord(char) - low + offset) % (high - low + 1))
    return char


def _base64(text: str | None) -> str:
    try:
        return base64.b64decode(text or "", validate=True).decode("utf-8")
    except ValueError:
        return ""
