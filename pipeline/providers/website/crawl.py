"""Reads the few pages of a site that say how to reach its company: home, then contact, imprint, about, team."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from pipeline.contact.contacts import registered_domain
from pipeline.providers.website.extract import Found, extract
from pipeline.providers.website.guard import Fetcher, Page, Unreachable, checked
from pipeline.words.text import folded

MAX_PAGES = 5
ROBOT = "ProspectPro"
_LONGEST_DELAY_S = 5.0
"""Of a site whose owner wants longer pauses between pages than these seconds, only the first page is read."""

# Words in a link or its text, in the languages of the shipped and the most common data; the best first.
_HINTS = (
    (
        "contact",
        "kontakt",
        "yhteystied",
        "contacto",
        "contato",
        "contatti",
        "contactez",
        "ota yhteytta",
        "kapcsolat",
    ),
    ("imprint", "impressum", "mentions legales", "aviso legal", "legal notice", "tietoa meista"),
    (
        "about",
        "uber uns",
        "ueber",
        "om oss",
        "qui sommes",
        "sobre",
        "chi siamo",
        "meista",
        "yritys",
        "company",
    ),
    ("team", "staff", "people", "henkilo", "personal", "equipe", "equipo", "mitarbeiter"),
)


@dataclass(slots=True)
class Site:
    """What the pages of a site said: each value with the page it was read on. ``problem`` says why there is none."""

    emails: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    profiles: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    text: str = ""
    problem: str | None = None
    simulated: bool = False


class _Rules:
    """What the robots.txt of each host of a site says; each is read once."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: dict[str, Protego] = {}

    def allow(self, url: str) -> bool:
        """Whether the owner of the URL's host lets us read it; raises Unreachable."""
        return bool(self.of(url).can_fetch(url, ROBOT))

    def of(self, url: str) -> Protego:
        """RFC 9309: no file allows everything, a server that fails forbids everything."""
        scheme, host, _ = checked(url)
        origin = f"{scheme}://{host}"
        if origin not in self._known:
            self._known[origin] = self._read(origin)
        return self._known[origin]

    def _read(self, origin: str) -> Protego:
        page = self._fetcher.get(f"{origin}/robots.txt")
        if page.status >= 500 or page.status == 429:
            raise Unreachable("The site cannot say at the moment whether robots may read it.")
        allowed = page.status < 400 and "html" not in page.content_type
        return Protego.parse(page.content[:500_000].decode("utf-8", errors="replace") if allowed else "")


class Crawler:
    """Reads sites one page after the other, each under the rules of its robots.txt."""

    def __init__(
        self, fetcher: Fetcher, *, max_pages: int = MAX_PAGES, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._fetcher = fetcher
        self._max_pages = max_pages
        self._wait = wait

    def read(self, url: str) -> Site:
        """The site behind a URL, as far as its owner lets robots read it. Stops at a contact page with an address."""
        site, rules = Site(), _Rules(self._fetcher)
        try:
            waiting = self._take(self._page(url, rules), site)
            delay_s = rules.of(url).crawl_delay(ROBOT) or 0.0
        except Unreachable as error:
            site.problem = str(error)
            return site
        left = self._max_pages - 1 if delay_s <= _LONGEST_DELAY_S else 0
        asked = {url}
        # A page that fails was asked for, too.
        while left and not (site.emails and len(site.pages) > 1):
            link = next((link for link in waiting if link not in asked and link not in site.pages), None)
            if link is None:
                break
            asked.add(link)
            left -= 1
            self._wait(delay_s)
            try:
                waiting += self._take(self._page(link, rules), site)
            except Unreachable:
                continue
        return site

    def _page(self, url: str, rules: _Rules) -> Page:
        page = self._fetcher.get(url, rules.allow)
        if page.status != 200:
            raise Unreachable(f"The site answered with an error ({page.status}).")
        if "html" not in (page.content_type or "html").casefold() and b"<" not in page.content[:200]:
            raise Unreachable("The site's address is not a web page.")
        return page

    def _take(self, page: Page, site: Site) -> list[str]:
        """Note what a page says; returns the pages worth reading next, the best first."""
        found = extract(_decoded(page), page.url)
        site.pages.append(page.url)
        site.simulated = site.simulated or page.simulated
        site.text = f"{site.text} {found.text}"[:200_000]
        for email in found.emails:
            site.emails.setdefault(email, page.url)
        for phone in found.phones:
            site.phones.setdefault(phone, page.url)
        site.profiles += [profile for profile in found.profiles if profile not in site.profiles]
        return _promising(found, page.url)


def _promising(found: Found, url: str) -> list[str]:
    own = registered_domain(urlsplit(url).hostname or "")
    ranked: dict[str, int] = {}
    for link, text in found.links:
        host = urlsplit(link).hostname or ""
        words = folded(f"{urlsplit(link).path} {text}")
        rank = next((rank for rank, hints in enumerate(_HINTS) if any(hint in words for hint in hints)), None)
        if rank is not None and registered_domain(host) == own:
            ranked[link] = min(rank, ranked.get(link, rank))
    return sorted(ranked, key=lambda link: ranked[link])


def _decoded(page: Page) -> str:
    """By the header's charset, the page's own, or UTF-8."""
    head = page.content[:2000].decode("ascii", errors="ignore")
    match = re.search(r"charset=[\"']?([\w\-]+)", page.content_type) or re.search(
        r"charset=[\"']?([\w\-]+)", head
    )
    try:
        return page.content.decode(match[1] if match else "utf-8", errors="replace")
    except LookupError:
        return page.content.decode("utf-8", errors="replace")
