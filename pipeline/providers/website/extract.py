"""What a page says about reaching its company: addresses, phone numbers, profiles; read, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from pipeline.contact.mailboxes import why_nobody
from pipeline.contact.phone_text import is_fax_label, labelled_numbers
from pipeline.providers.website.addresses import MAX_SIGNS, around_signs, exact, linked, signed
from pipeline.providers.website.bounds import bounded, without
from pipeline.providers.website.encodings import of_element, of_script
from pipeline.providers.website.labels import labelled
from pipeline.providers.website.links import Links, add_profiles, links_of
from pipeline.providers.website.makers import names_a_maker
from pipeline.providers.website.structured import marked, texts, things
from pipeline.providers.website.visible import CODED, MARK, Drawn, Line, Link, drawn

HIDDEN = "no visitor sees it"
FAX = "it is a fax"
_MAX_TEXT, _MAX_STATED = 100_000, 40_000
_LONGEST_LINE, _MOST_LETTERS = 20_000, 300_000
"""Characters of visible text: the books of the web are longer, the pages of companies are not."""
_MAX_SCRIPTS = 40
_MOST_CONTACTS = 200
_LONGEST_NUMBERED, _MOST_NUMBERS = 2_000, 20
"""Characters of a line that is read for phone numbers in its text, and how many are taken of one."""
_CONTACT_LINK = re.compile(r"^\s*(?:mailto|tel|callto|fax)\s*:|@|%40", re.IGNORECASE)
_PLACEHOLDERS = frozenset(
    {
        "example.com", "example.org", "example.net", "domain.com", "email.com", "yourdomain.com", "mysite.com",
        "company.com", "sentry.io", "wixpress.com", "sentry.wixpress.com", "sentry-next.wixpress.com",
        "yourcompany.com", "yoursite.com", "website.com", "domain.tld", "doe.com", "mustermann.de",
    }
)  # fmt: skip


@dataclass(slots=True)
class Found:
    """What one page holds. ``left_out`` says of what was written there why it is no contact; ``framed`` stands in the
    frame all pages of a site share, ``makers`` beside the words that name who made it. ``statements`` are the lines
    that a visitor surely sees. ``cut``: why the rest of the page was left."""

    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    framed: set[str] = field(default_factory=set)
    makers: set[str] = field(default_factory=set)
    web: Links = field(default_factory=Links)
    text: str = ""
    statements: tuple[str, ...] = ()
    cut: str | None = None

    @property
    def links(self) -> list[tuple[str, str]]:
        """The pages it leads to, with the texts of the links."""
        return list(dict.fromkeys(self.web.pages))

    @property
    def profiles(self) -> list[str]:
        """Pages of the company on social networks."""
        return self.web.profiles


def extract(content: str, url: str) -> Found:
    """Everything the page says; links first, then data for machines, then visible text."""
    html, cut = bounded(content)
    tree = LexborHTMLParser(without(html, "noscript"))
    page = drawn(tree)
    found = Found(cut=cut, web=links_of(tree, page, url))
    _read_links(page, found)
    _read_data(tree, found)
    _read_scripts(tree, found)
    _read_lines(page, found)
    found.text = " ".join(line.text.replace(MARK, "") for line in page.shown)[:_MAX_TEXT]
    found.statements = tuple(_statements(page))
    found.emails = list(dict.fromkeys(found.emails))
    found.phones = [phone for phone in dict.fromkeys(found.phones) if found.left_out.get(phone) != FAX]
    for shown in (*found.emails, *found.phones):
        # What is hidden in one place and shown in another is shown.
        found.left_out.pop(shown, None)
    return found


def _statements(page: Drawn) -> Iterator[str]:
    """The lines that a visitor surely sees, each once."""
    letters, seen = 0, set[str]()
    for line in page.shown:
        text = line.sure
        letters += len(text)
        if letters > _MAX_STATED:
            return
        if text and line.length <= _LONGEST_LINE and text not in seen:
            seen.add(text)
            yield text


def _near(link: Link) -> str:
    return link.line.text[max(0, link.start - 150) : link.end + 50]


def _add_emails(
    addresses: Iterable[str], found: Found, line: Line | None = None, link: Link | None = None
) -> None:
    for address in addresses:
        domain = address.rpartition("@")[2]
        if domain in _PLACEHOLDERS:
            continue
        why = why_nobody(address)
        if why or (line is not None and line.is_hidden):
            found.left_out.setdefault(address, why or HIDDEN)
            continue
        if line is not None and address not in found.emails:
            if line.is_framed:
                found.framed.add(address)
            if names_a_maker(_near(link) if link else line.text):
                found.makers.add(address)
        elif address in found.framed and (line is None or not line.is_framed):
            found.framed.discard(address)
        found.emails.append(address)


def _read_links(page: Drawn, found: Found) -> None:
    contacts = [(link, label) for link, label in labelled(page) if _is_contact(link)]
    if len(contacts) > _MOST_CONTACTS:
        found.cut = found.cut or f"it links to more than {_MOST_CONTACTS} addresses and numbers"
    for link, label in contacts[:_MOST_CONTACTS]:
        _read_link(link, label, found)


def _is_contact(link: Link) -> bool:
    """Whether a link or an encoded element may hold an address or a number."""
    if link.tag == "joomla-hidden-mail":
        return True
    href = (link.attributes.get("href") or "")[:2_000].strip()
    coded = "javascript:" in href[:20].casefold() or "/cdn-cgi/" in href
    return coded or bool(_CONTACT_LINK.search(href)) or not CODED.isdisjoint(link.attributes)


def _read_link(link: Link, label: str, found: Found) -> None:
    href = (link.attributes.get("href") or "").strip()
    scheme = href.partition(":")[0].strip().casefold()
    if scheme in ("tel", "callto", "fax"):
        number = unquote(href.partition(":")[2]).removeprefix("//").strip()
        _add_phone(number, link, found, is_fax=scheme == "fax" or is_fax_label(label))
    elif "@" in href or "mailto" in scheme or "%40" in href:
        _add_emails(linked(href), found, link.line, link)
    _add_emails(of_element(link.tag, link.attributes), found, link.line, link)


def _add_phone(number: str, link: Link, found: Found, *, is_fax: bool) -> None:
    if link.line.is_hidden:
        found.left_out.setdefault(number, HIDDEN)
    elif is_fax:
        found.left_out.setdefault(number, FAX)
    else:
        if link.line.is_framed and number not in found.phones:
            found.framed.add(number)
        if names_a_maker(_near(link)):
            found.makers.add(number)
        found.left_out.pop(number, None)
        found.phones.append(number)


def _read_data(tree: LexborHTMLParser, found: Found) -> None:
    for thing in things(tree):
        _add_emails(filter(None, map(_of_data, texts(thing.get("email")))), found)
        for fax in texts(thing.get("faxNumber")):
            found.left_out.setdefault(fax, FAX)
        # An international number written as a JSON number has lost its plus.
        found.phones += [
            f"+{value}" if isinstance(thing.get("telephone"), int) and len(value) > 10 else value
            for value in texts(thing.get("telephone"))
        ]
        add_profiles(texts(thing.get("sameAs")), found.web)
    _add_emails(filter(None, map(_of_data, marked(tree, "email"))), found)
    found.phones += marked(tree, "telephone")


def _of_data(value: str) -> str | None:
    return next(iter(linked(value)), None) if value[:7].casefold() == "mailto:" else exact(value)


def _read_scripts(tree: LexborHTMLParser, found: Found) -> None:
    """Scripts are read for addresses they write into the page, as many as a page of a company may need."""
    addresses = chain.from_iterable(of_script(node.text()) for node in tree.css("script")[:_MAX_SCRIPTS])
    _add_emails(islice(addresses, _MOST_CONTACTS), found)


def _read_lines(page: Drawn, found: Found) -> None:
    signs, letters = 0, 0
    for line in page.lines:
        text = line.text
        if line.length > _LONGEST_LINE:
            found.cut = found.cut or f"a line of it is longer than {_LONGEST_LINE:,} characters"
            continue
        plain = signed(text)
        signs += plain.count("@")
        letters += line.length
        if signs > MAX_SIGNS or letters > _MOST_LETTERS:
            found.cut = (
                found.cut or f"it holds more text than {_MOST_LETTERS:,} characters or {MAX_SIGNS:,} at-signs"
            )
            return
        _add_emails(around_signs(plain), found, line)
        if not line.is_hidden and line.length <= _LONGEST_NUMBERED and len(found.phones) < _MOST_CONTACTS:
            _add_numbers(line, found)


def _add_numbers(line: Line, found: Found) -> None:
    numbers = list(labelled_numbers(line.text.replace(MARK, " ")))[:_MOST_NUMBERS]
    is_makers = bool(numbers) and names_a_maker(line.text)
    for number in numbers:
        if line.is_framed and number not in found.phones:
            found.framed.add(number)
        if is_makers:
            found.makers.add(number)
        found.phones.append(number)
