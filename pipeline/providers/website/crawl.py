"""Reads the few pages of a site that say how to reach its company: home, then contact, imprint, about, team."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipeline.contact.suffixes import registered_domain
from pipeline.contact.websites import company_domain
from pipeline.network.public_address import Unreachable
from pipeline.providers.website.charset import decoded
from pipeline.providers.website.contact_words import rank
from pipeline.providers.website.extract import Found, extract
from pipeline.providers.website.guard import Fetcher, Unanswered
from pipeline.providers.website.links import words_of
from pipeline.providers.website.robots import Robots

MAX_PAGES = 5
LONGEST_PAUSES_S = 20.0
"""How long all pauses its owner asks for may make the reading of one site; of what is left out the lead says so."""
_KEPT_PAGES = 200
_FEW_LINKS = 15
"""A first page with no more links and no contact is a choice of languages or a cover; what lies behind is read."""

_MOVED, _HIDDEN = -1, 10
_NO_PAGE = re.compile(
    r"/cdn-cgi/|\.(?:pdf|jpe?g|png|gif|webp|svg|zip|docx?|xlsx?|vcf|ics|mp[34]|xml|rss|css|js)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Read:
    """One page that was read: where it was found in the end, and what it holds."""

    url: str
    found: Found
    simulated: bool = False


@dataclass(slots=True)
class Site:
    """What was read of a site. ``problem`` says why there is nothing, ``unread`` why some of it was not read."""

    pages: list[Read] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problem: str | None = None

    @property
    def emails(self) -> dict[str, str]:
        """Every address shown, with the page it was read on."""
        return self._first(lambda found: found.emails)

    @property
    def phones(self) -> dict[str, str]:
        """Every phone number shown, as it is written, with the page it was read on."""
        return self._first(lambda found: found.phones)

    @property
    def profiles(self) -> list[str]:
        """Pages of the company on social networks."""
        return list(dict.fromkeys(profile for page in self.pages for profile in page.found.profiles))

    @property
    def text(self) -> str:
        """What its pages say."""
        return " ".join(page.found.text for page in self.pages)

    @property
    def simulated(self) -> bool:
        """Whether a stand-in answered."""
        return any(page.simulated for page in self.pages)

    def _first(self, of: Callable[[Found], list[str]]) -> dict[str, str]:
        values: dict[str, str] = {}
        for page in self.pages:
            for value in of(page.found):
                values.setdefault(value, page.url)
        return values


Enough = Callable[[Site], bool]
"""Whether what was read so far is all that is looked for."""
Follow = Callable[[str], bool]
"""Whether a page of a site may be about the company."""
Rank = Callable[[str], int | None]
"""How promising a link with these words is, 0 the most; None when it need not be read."""


def has_address(site: Site) -> bool:
    """A contact page with any address on it."""
    return len(site.pages) > 1 and bool(site.emails)


class Crawler:
    """Reads sites one page after the other, each under the rules of its robots.txt.

    What was read stays for the next company on the same host, page by page: two may share a host and nothing else.
    """

    def __init__(
        self, fetcher: Fetcher, *, max_pages: int = MAX_PAGES, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._fetcher = fetcher
        self._max_pages = max_pages
        self._wait = wait
        self._robots = Robots(fetcher)
        self._pages: OrderedDict[str, Read | Unreachable] = OrderedDict()
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def read(
        self, url: str, enough: Enough = has_address, follow: Follow = lambda _: True, rank: Rank = rank
    ) -> Site:
        """The site behind a URL, as far as its owner lets robots read it, until that is ``enough``."""
        host = urlsplit(url).netloc
        with self._guard:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            return self._read(url, enough, follow, rank)

    def _read(self, url: str, enough: Enough, follow: Follow, rank: Rank) -> Site:
        site = Site()
        try:
            first = self._first_page(url)
            pause_s = self._robots.pause_s(first.url)
        except Unreachable as error:
            site.problem = str(error)
            return site
        site.pages.append(first)
        reason = company_domain(first.url).reason
        if reason:
            site.pages, site.problem = [], reason.replace("The listed website is", "The site leads to")
            return site
        self._read_on(site, enough, follow, rank, url, pause_s)
        return site

    def _read_on(
        self, site: Site, enough: Enough, follow: Follow, rank: Rank, url: str, pause_s: float
    ) -> None:
        left, waited_s = self._max_pages - 1, 0.0
        waiting = dict(_promising(site.pages[0], rank, is_first=True))
        # A page that fails was asked for, too.
        asked = {url, site.pages[0].url}
        while left and not enough(site):
            link = next((link for link in _by_rank(waiting) if link not in asked and follow(link)), None)
            if link is None:
                break
            if waited_s + pause_s > LONGEST_PAUSES_S:
                site.unread.append(f"pages behind it, as its owner wants {pause_s:,.0f} s between two pages")
                break
            asked.add(link)
            left -= 1
            if link not in self._pages:
                waited_s += pause_s
                self._wait(pause_s)
            try:
                page = self._page(link)
            except Unreachable as error:
                site.unread.append(f"{urlsplit(link).path or '/'} ({str(error).rstrip('.')})")
                continue
            if page.url not in asked or page.url == link:
                asked.add(page.url)
                site.pages.append(page)
                for further, how in _promising(page, rank, is_first=False):
                    waiting.setdefault(further, how)

    def _first_page(self, url: str) -> Read:
        """The page behind a URL; when nobody answers without encryption, with it: the scheme may be our own guess."""
        try:
            return self._page(url)
        except Unanswered:
            if not url.startswith("http://"):
                raise
            return self._page(f"https://{url.removeprefix('http://')}")

    def _page(self, url: str) -> Read:
        """A page, asked for once while it is among the newest; one that could not be read is not asked for again."""
        kept = self._pages.get(url)
        if kept is None:
            try:
                kept = self._fetched(url)
            except Unreachable as error:
                kept = error
            with self._guard:
                self._pages[url] = kept
                if len(self._pages) > _KEPT_PAGES:
                    self._pages.popitem(last=False)
        if isinstance(kept, Unreachable):
            raise kept
        return kept

    def _fetched(self, url: str) -> Read:
        page = self._fetcher.get(url, self._robots.allow)
        if page.status != 200:
            raise Unreachable(f"The site answered with an error ({page.status}).")
        if "html" not in (page.content_type or "html").casefold() and b"<" not in page.content[:200]:
            raise Unreachable("The site's address is not a web page.")
        found = extract(decoded(page.content, page.content_type), page.url)
        if page.is_cut:
            found.cut = found.cut or "it is larger than 2 MB"
        return Read(page.url, found, page.simulated)


def _promising(page: Read, rank: Rank, *, is_first: bool) -> Iterator[tuple[str, int]]:
    """The pages of the same site worth reading next, each with its rank."""
    own = registered_domain(urlsplit(page.url).hostname or "")
    found = page.found

    def is_own(link: str) -> bool:
        return registered_domain(urlsplit(link).hostname or "") == own

    for link in found.web.moves:
        if is_first or is_own(link):
            yield link, _MOVED
    for link in filter(is_own, found.web.frames):
        yield link, _MOVED
    links = [(link, text) for link, text in found.links if is_own(link) and not _NO_PAGE.search(link)]
    ranked: dict[str, int] = {}
    for link, text in links:
        how = rank(words_of(link, text))
        if how is not None:
            how += _HIDDEN if link in found.web.hidden else 0
            ranked[link] = min(how, ranked.get(link, how))
    yield from ranked.items()
    is_cover = is_first and not ranked and not found.emails and len({link for link, _ in links}) <= _FEW_LINKS
    if is_cover:
        yield from ((link, _HIDDEN - 1) for link, _ in links if link not in found.web.hidden)


def _by_rank(waiting: dict[str, int]) -> list[str]:
    return sorted(waiting, key=lambda link: waiting[link])
