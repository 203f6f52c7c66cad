"""Website addresses: one normal form, and whether the site is the company's own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit

from pipeline.contact.contact_lists import (
    DIRECTORIES,
    FREE_SITE_HOSTS,
    LINK_PAGES,
    MAPS,
    MARKETPLACES,
    SOCIAL,
    TRACKING,
)
from pipeline.contact.contacts import NOTHING, Reading, host_ascii, listed, shown
from pipeline.contact.suffixes import is_everybodys, registered_domain

MAX_URL = 2000  # Longer addresses break in mail clients and spreadsheets.
_KEPT = 4096
"""Addresses whose reading is kept: several fields are read from one, and pages share hosts."""

# What a listed page on a shared host is called in a sentence, by kind.
_SHARED: tuple[tuple[Mapping[str, str], str], ...] = (
    (SOCIAL, "page"),
    (MAPS, "link"),
    (DIRECTORIES, "listing"),
    (LINK_PAGES, "link page"),
    (MARKETPLACES, "order page"),
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_INTERNAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "invalid", "onion")
_LIST = re.compile(r"\s*;\s*(?=https?:|www\.)|\s+|,(?=https?:|www\.)", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?:/*)+(?=https?:/)", re.IGNORECASE)
_HAS_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*:(?!\d)", re.IGNORECASE)
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\x9f\\<>\"`{}|^\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_PATH_SAFE = "%/:=&?~#+!$,;'@()*[]"


@lru_cache(maxsize=_KEPT)
def website_url(raw: str | None) -> Reading:
    """The first web address in ``raw`` as an absolute URL.

    ``http://`` is put before an address without a scheme: a server that only speaks HTTPS redirects from it,
    the reverse is not true. Lower-case ASCII host, no default port, no fragment, no tracking parameters.
    Refused: user names, other schemes, hosts that are not on the public internet, more than 2,000 characters.
    """
    if raw is None or not raw.strip():
        return NOTHING
    refused: str | None = None
    for piece in _pieces(raw.strip()):
        reading = _one_url(piece)
        if reading.value:
            return reading
        refused = refused or reading.reason
    return Reading(reason=f"The listed website {shown(raw)} {refused or 'is not a web address'}.")


@lru_cache(maxsize=_KEPT)
def company_domain(url: str) -> Reading:
    """The registered domain of a company's own site, from a URL in normal form.

    A name on a free site host ("example.blogspot.com") counts as the company's own; a page on a social
    network, map, directory, link page or marketplace does not, nor does an ending many have names under ("nhs.uk").
    """
    host = _host(url)
    shared = _shared(host)
    if shared:
        return Reading(reason=f"The listed website is {shared}, not a company site.")
    if _is_address(host):
        return Reading(reason="The listed website is a bare IP address without a domain name.")
    if is_everybodys(host):
        what = "the site builder" if listed(host, FREE_SITE_HOSTS) else "the common ending"
        return Reading(reason=f"The listed website is {what} {host}, not a company site.")
    return Reading(registered_domain(host))


def is_social(url: str) -> bool:
    """Whether the URL is a page on a social network."""
    return _is_social_host(_host(url))


@lru_cache(maxsize=_KEPT)
def _is_social_host(host: str) -> bool:
    return listed(host, SOCIAL) is not None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@lru_cache(maxsize=_KEPT)
def _shared(host: str) -> str | None:
    """What a page on this host is called ("a Facebook page"), when many companies share the host."""
    for hosts, noun in _SHARED:
        entry = listed(host, hosts)
        if entry:
            article = "an" if hosts[entry][0] in "AEIOUaeiouX" else "a"
            return f"{article} {hosts[entry]} {noun}"
    return None


def _pieces(raw: str) -> Iterator[str]:
    """The addresses of a list; among several words only those that plainly are addresses."""
    pieces = _LIST.split(raw)
    for piece in pieces:
        if len(pieces) == 1 or piece.lower().startswith(("http:", "https:", "www.")):
            yield piece


def _one_url(piece: str) -> Reading:
    """``piece`` in normal form, or the end of the sentence that says why not."""
    if len(piece) > MAX_URL:
        return Reading(reason="is longer than 2,000 characters")
    if _UNSAFE.search(piece):
        return Reading(reason="holds characters no web address may hold")
    text = _SCHEME.sub("", piece).lstrip("/")
    try:
        parts = urlsplit(text if _HAS_SCHEME.match(text) else f"http://{text}")
        port = parts.port
    except ValueError:
        return NOTHING
    host = _public_host(parts.hostname or "")
    refused = _refused(parts, host)
    return Reading(reason=refused) if refused or host is None else Reading(_joined(parts, host, port))


def _refused(parts: SplitResult, host: str | None) -> str | None:
    if parts.scheme not in _DEFAULT_PORTS:
        return "is not a web address (http or https)"
    if "@" in parts.netloc:
        return "holds a user name or an e-mail address"
    if host is None:
        return "names no host on the public internet"
    if parts.path in ("", "/") and not parts.query and _shared(host.removeprefix("www.")):
        return "is only the front page of a site many companies share"
    return None


def _joined(parts: SplitResult, host: str, port: int | None) -> str:
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracking(pair)]
    query = f"?{quote('&'.join(kept), safe=_PATH_SAFE)}" if kept else ""
    return f"{parts.scheme}://{host}{suffix}{path}{query}"


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name.startswith("utm_") or name in TRACKING


def _public_host(host: str) -> str | None:
    if _is_address(host):
        address = ipaddress.ip_address(host)
        return (f"[{host}]" if address.version == 6 else host) if address.is_global else None
    name = host_ascii(host)
    return None if name is None or name.rpartition(".")[2] in _INTERNAL else name


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
