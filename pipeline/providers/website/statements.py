"""What a company states on its own pages: read with those the look-up of contacts reads, and no page twice."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from pipeline.contact.email_checks import FreeChecks
from pipeline.lead import Business
from pipeline.providers.website import contact_words
from pipeline.providers.website.belonging import Belonging
from pipeline.providers.website.confirming import confirmed
from pipeline.providers.website.crawl import Crawler, Site
from pipeline.qualification.pages import Page
from pipeline.qualification.saying import roots_of
from pipeline.words.text import folded

NO_SITE = "It has no website of its own, so there is nothing to read."
OFFLINE = "This machine cannot reach the internet, so its website was not read."
_OTHERS = "The site behind its address is not its own, as far as can be told, so it was not read."
_TELLING = tuple(
    map(
        folded,
        (
            "about", "services", "products", "what we do", "career", "jobs", "menu", "wholesale", "business customers",
            "für unternehmen", "über uns", "leistungen", "produkte", "karriere", "stellen", "yritys", "palvelut",
            "tuotteet", "meistä", "töihin", "rekry", "à propos", "prestations", "produits", "emploi", "servicios",
            "productos", "nosotros", "empleo", "servizi", "prodotti", "chi siamo", "lavora", "om oss", "tjänster",
            "produkter", "jobb", "diensten", "producten", "over ons", "vacature",
        ),
    )
)  # fmt: skip
"""Words of links to pages on which companies say what they do, whatever is asked."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The pages of a company, or why there is nothing to read of it. ``business`` is what they confirm of it."""

    pages: tuple[Page, ...] = ()
    why_not: str = ""
    is_failure: bool = False
    business: Business | None = None


class Statements:
    """Reads the company's own pages that may answer what is asked; at most as many as the look-up of contacts, under
    the same rules, and those that one has read already are not asked for again."""

    def __init__(
        self,
        crawler: Crawler,
        *,
        checks: FreeChecks,
        online: Callable[[], bool],
        simulated: Callable[[], None],
        today: date,
    ) -> None:
        self._crawler = crawler
        self._checks = checks
        self._online = online
        self._simulated = simulated
        self._today = today

    def of(self, business: Business, roots: Collection[str]) -> Stated:
        """What the company states; ``roots`` are those of the words that are asked for."""
        if business.website is None or business.domain is None:
            return Stated(why_not=NO_SITE)
        if not self._online():
            return Stated(why_not=OFFLINE)
        belonging = Belonging(business, self._checks)
        site = self._crawler.read(business.website, _never, belonging.is_about, partial(_rank, roots))
        if site.simulated:
            self._simulated()
        if site.problem:
            return Stated(why_not=f"Its website could not be read: {site.problem}", is_failure=True)
        stated = _stated(site, belonging)
        return replace(stated, business=confirmed(business, site, belonging, self._today))


def _stated(site: Site, belonging: Belonging) -> Stated:
    """The pages of a site that are the company's own."""
    pages = [
        Page(read.url, read.found.statements)
        for read in site.pages
        if belonging.is_about(read.url) and (belonging.is_its_site(read) or belonging.is_named(read))
    ]
    if not pages:
        return Stated(why_not=_OTHERS)
    if not any(page.lines for page in pages):
        return Stated(why_not="Its website shows no text.", is_failure=True)
    return Stated(tuple(pages))


def _rank(roots: Collection[str], words: str) -> int | None:
    """How promising a link is: its words are asked for, or companies say behind such links what they do."""
    if not roots_of(words).isdisjoint(roots):
        return 0
    if any(word in folded(words) for word in _TELLING):
        return 1
    contact = contact_words.rank(words)
    return None if contact is None else 2 + contact


def _never(site: Site) -> bool:
    return False
