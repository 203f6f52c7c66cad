"""What a place lists of its contacts: every valid value, wherever its source keeps it, the first one first.

Sources keep a phone number under a dozen names and several numbers under one; the plain name comes first, as the column
of a place does. Names: https://wiki.openstreetmap.org/wiki/Key:contact
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from pipeline.contact.contacts import NOTHING, Reading, email_address, phone_e164
from pipeline.contact.profiles import profile_url
from pipeline.contact.websites import company_domain, is_social, website_url
from pipeline.place import Place

_NUMBER = r"([:_]?\d{1,2})?"
_PHONE = re.compile(
    rf"(contact:)?(phone|telephone|tel|mobile|cellphone|phone:mobile|phone:main|phone:office){_NUMBER}"
)
_WEBSITE = re.compile(
    rf"(contact:)?(website|url|web|webpage|homepage|website:official|official_website){_NUMBER}"
)
_EMAIL = re.compile(rf"(contact:)?e-?mail{_NUMBER}")
_BETWEEN = re.compile(r"[;\n|]|,(?!\d)|\s/\s|\s(?:or|oder|ou|tai|und|and|ja|et|y|e|i|o)\s", re.IGNORECASE)
_BETWEEN_MAILS = re.compile(r"[;,|\s]+")
_BETWEEN_URLS = re.compile(r"[;\s]+|,(?=https?:|www\.)", re.IGNORECASE)
_SAME_PAGE = re.compile(r"^https?://(www\.)?|/$", re.IGNORECASE)


def phones(place: Place, region: str | None) -> Reading:
    """The phone numbers in E.164; ``region`` is the country of those that name none."""
    return _all(_texts(place.phone, place, _PHONE), lambda text: phone_e164(text, region), _BETWEEN)


def emails(place: Place, region: str | None = None) -> Reading:
    """The e-mail addresses."""
    return _all(_texts(place.email, place, _EMAIL), email_address, _BETWEEN_MAILS)


def websites(place: Place, region: str | None = None) -> Reading:
    """The web addresses, one of the company's own before a page on a host that many share; other pages on social
    networks are profiles."""
    found = _all(_texts(place.website, place, _WEBSITE), website_url, _BETWEEN_URLS)
    urls = [found.value, *found.others] if found.value else []
    ranked = sorted(urls, key=lambda url: company_domain(url).value is None)
    if not ranked:
        return found
    first, *rest = ranked
    kept = {_page(url): url for url in reversed(rest) if not is_social(url) and _page(url) != _page(first)}
    return Reading(first, others=tuple(url for url in rest if url in kept.values()))


def profiles(place: Place) -> tuple[str, ...]:
    """Pages of the business on social networks: under a name of their own, or among its websites."""
    named = (
        url for tag, text in place.tags.items() for one in text.split(";") if (url := profile_url(tag, one))
    )
    linked = (
        url
        for text in _texts(place.website, place, _WEBSITE)
        for piece in _BETWEEN_URLS.split(text)
        if (url := website_url(piece).value) and is_social(url)
    )
    pages = {_page(url).casefold(): url for url in reversed([*linked, *named])}
    return tuple(reversed(pages.values()))


def _texts(column: str | None, place: Place, names: re.Pattern[str]) -> list[str]:
    """The column, then the tags that hold such values, without repeating one."""
    tagged = sorted((tag for tag in place.tags if names.fullmatch(tag)), key=_order)
    texts = [text for text in (column, *(place.tags[tag] for tag in tagged)) if text and text.strip()]
    return list(dict.fromkeys(texts))


def _order(tag: str) -> tuple[bool, bool, str]:
    """Plain names first, mobile numbers behind."""
    bare = tag.removeprefix("contact:")
    return "mobile" in bare or "cell" in bare, tag != bare, bare


def _all(texts: Iterable[str], read: Callable[[str], Reading], between: re.Pattern[str]) -> Reading:
    """Every valid value of the texts; without one, the reason of the first."""
    reasons: list[str] = []
    values: dict[str, None] = {}
    for text in texts:
        whole = read(text)
        if whole.value is None:
            reasons.append(whole.reason or "")
        values |= dict.fromkeys(_values(text, whole, read, between))
    if values:
        first, *others = values
        return Reading(first, others=tuple(others))
    reason = next(filter(None, reasons), None)
    return Reading(reason=reason) if reason else NOTHING


def _values(
    text: str, whole: Reading, read: Callable[[str], Reading], between: re.Pattern[str]
) -> Iterator[str]:
    if whole.value:
        yield whole.value
    if between.search(text):
        yield from (value for piece in between.split(text) if piece.strip() and (value := read(piece).value))


def _page(url: str) -> str:
    return _SAME_PAGE.sub("", url)
