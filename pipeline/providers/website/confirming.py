"""What a company's own website confirms of what others say: a value it states itself is first-party."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from pipeline.contact.contacts import phone_e164
from pipeline.lead import Business, Origin
from pipeline.providers.website.belonging import Belonging
from pipeline.providers.website.crawl import Site

KEY = "website"


def origin_of(page: str, today: date) -> Origin:
    """A page as the source of a value."""
    return Origin(source=KEY, ref=urlsplit(page).netloc, observed_on=today, url=page)


def confirmed(business: Business, site: Site, belonging: Belonging, today: date) -> Business:
    """Values the company states itself become first-party, whoever named them first."""
    first = site.pages[0]
    provenance = dict(business.provenance)
    if belonging.is_its_site(first):
        provenance["website"] = provenance["domain"] = origin_of(first.url, today)
    if any(map(belonging.is_named, site.pages)):
        provenance["name"] = origin_of(first.url, today)
    for shown in belonging.phones(site):
        if business.phone and phone_e164(shown.value, business.region).value == business.phone:
            provenance["phone"] = origin_of(shown.page, today)
            break
    return replace(business, provenance=provenance)
