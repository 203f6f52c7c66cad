"""Where a page leads: its links as a browser follows them, frames, and where it sends its visitors by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipeline.contact.websites import is_social, website_url
from pipeline.providers.website.visible import MARK, Drawn

_REFRESH = re.compile(r"^\s*\d*(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'>]+)", re.IGNORECASE)
_SCRIPT_MOVES = re.compile(
    r"(?:window|document|self|top|parent)?\.?location(?:\.href)?\s*=\s*[\"']([^\"'\s]{1,500})[\"']"
    r"|location\.(?:replace|assign)\(\s*[\"']([^\"'\s]{1,500})[\"']"
)
_SHARES = re.compile(r"(sharer|share|intent|dialog|plugins|home|login)\b")
_MOST_FIRST, _MOST_LAST = 600, 300
"""Links of a page that are looked at: its menus stand at its beginning and its end."""
_LONGEST, _MOST_FRAMES = 2_000, 20
_FEW_WORDS = 300
"""Characters of text up to which a page that sends its visitors on by a script is nothing but that."""


@dataclass(slots=True)
class Links:
    """Absolute addresses: ``pages`` with their texts, ``frames`` and ``moves`` that a browser loads by itself."""

    pages: list[tuple[str, str]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    frames: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)


def links_of(tree: LexborHTMLParser, page: Drawn, url: str) -> Links:
    """Every link of a page; relative ones as its ``<base>`` says."""
    found = Links()
    base_node = tree.css_first("base[href]")
    base = _joined(url, (base_node.attributes.get("href") or "") if base_node else "") or url
    for link in (*page.links[:_MOST_FIRST], *page.links[_MOST_FIRST:][-_MOST_LAST:]):
        href = (link.attributes.get("href") or "").strip()
        target = _joined(base, href) if href and not href.startswith("#") else None
        if target is None:
            continue
        if is_social(target):
            _add_profile(target, found)
            continue
        text = link.line.text[link.start : link.end].replace(MARK, "")
        said = (
            text if text.strip() else link.attributes.get("title") or link.attributes.get("aria-label") or ""
        )
        found.pages.append((target, " ".join(said.split())[:100]))
        if link.line.is_hidden:
            found.hidden.add(target)
    found.frames = _sources(tree, "iframe[src]", base)
    # A page of frames is often nothing but a way to another host.
    found.moves = [*_sources(tree, "frame[src]", base), *_moves(tree, page, base)]
    return found


def _sources(tree: LexborHTMLParser, selector: str, base: str) -> list[str]:
    sources = ((node.attributes.get("src") or "").strip() for node in tree.css(selector)[:_MOST_FRAMES])
    return [target for source in sources if (target := _joined(base, source))]


def _moves(tree: LexborHTMLParser, page: Drawn, base: str) -> list[str]:
    moves = []
    for node in tree.css("meta[http-equiv][content]")[:20]:
        if (node.attributes.get("http-equiv") or "").strip().casefold() == "refresh":
            moves += _REFRESH.findall(node.attributes.get("content") or "")
    if sum(line.length for line in page.shown) <= _FEW_WORDS:
        for node in tree.css("script")[:20]:
            moves += [left or right for left, right in _SCRIPT_MOVES.findall(node.text()[:20_000])]
    return [target for move in moves[:5] if (target := _joined(base, move.strip()))]


def _joined(base: str, href: str) -> str | None:
    """The web address a link leads to, without its fragment; None for anything else."""
    try:
        target = urljoin(base, href[:_LONGEST])
        host = urlsplit(target).hostname
    except ValueError:
        return None
    return target.partition("#")[0] if host and target.startswith(("http://", "https://")) else None


def _add_profile(url: str, found: Links) -> None:
    normal = website_url(url).value
    # A network's front page and its share buttons are nobody's profile.
    path = urlsplit(normal).path.strip("/") if normal else ""
    if normal and path and not _SHARES.match(path) and normal not in found.profiles:
        found.profiles.append(normal)


def add_profiles(urls: list[str], found: Links) -> None:
    """Profiles that the page's data names."""
    for url in urls:
        if url.startswith(("http://", "https://")) and is_social(url):
            _add_profile(url, found)


def words_of(link: str, text: str) -> str:
    """What a link says of the page behind it: the path of its address and its text."""
    return f"{unquote(urlsplit(link).path)} {text}"
