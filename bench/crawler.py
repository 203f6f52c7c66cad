"""How many companies' addresses the website crawler finds: on the forms in which sites show them, and beside reading
home pages only."""

from __future__ import annotations

import sys
import time

import typer

from pipeline.providers.website.addresses import exact
from pipeline.providers.website.crawl import MAX_PAGES, Crawler
from pipeline.providers.website.extract import extract
from pipeline.providers.website.guard import Fetcher
from tests.providers_server.world import World
from tests.support.hostile_pages import hostile_pages
from tests.support.page_forms import Form, forms
from tests.support.providers import providers
from tests.support.sites import Visit, Web, web

_SITES = 300
_YIELD_BAR = 0.95
_CPU_BAR_S = 0.3


def main() -> None:
    """Print both tables; exit code 1 when a bar is missed."""
    missed = _forms() + _hostile()
    _stand_in()
    sys.exit(bool(missed))


def _forms() -> int:
    """The yield on the corpus of page forms, and what was not written there."""
    began = time.process_time()
    with web() as it:
        read = [(form, _visited(it, form)) for form in forms()]
    took_ms = (time.process_time() - began) / len(read) * 1000
    right = [visit.lead.business.email == form.expected for form, visit in read]
    shown = [fine for (form, _), fine in zip(read, right, strict=True) if form.expected]
    invented = [
        f"{form.name}: {email}" for form, visit in read for email in visit.emails if email not in form.written
    ]
    share = sum(shown) / len(shown)
    print(
        f"{len(shown)} forms with an address, {len(read) - len(shown)} without; {took_ms:.1f} ms of CPU each"
    )
    for (form, visit), fine in zip(read, right, strict=True):
        if not fine:
            print(f"  missed: {form.name}: {visit.emails}, {visit.says}")
    print(f"e-mail yield {share:.3f} (bar {_YIELD_BAR}); addresses not written there {len(invented)} (bar 0)")
    print("".join(f"  not written: {line}\n" for line in invented), end="")
    return int(share < _YIELD_BAR or bool(invented))


def _hostile() -> int:
    """What pages cost that are made to keep their reader busy: the best of three, as others use the machine, too."""
    worst_s, name = max(
        (min(_cost_s(page) for _ in range(3)), name) for name, page in hostile_pages().items()
    )
    print(f"{len(hostile_pages())} hostile pages: at most {worst_s:.2f} s of CPU ({name}; bar {_CPU_BAR_S})")
    return int(worst_s > _CPU_BAR_S)


def _cost_s(page: str) -> float:
    exact.cache_clear()
    began = time.process_time()
    found = extract(page, "https://anchor.test/")
    took_s = time.process_time() - began
    if "info@anchor.test" not in found.emails:
        raise AssertionError("the beginning of a hostile page was not read")
    return took_s


def _visited(it: Web, form: Form) -> Visit:
    it.hosts = {"anchor.test": {"/": form.home, **form.pages}}
    return it.visits()[0]


def _stand_in() -> None:
    domains = list(World(synthetic=_SITES * 2).by_domain)[-_SITES:]
    with providers("--synthetic", str(_SITES * 2), "--no-limited") as stand_in:
        fetcher = Fetcher("ProspectPro-bench", gateway=stand_in.url)
        figures: dict[str, tuple[int, int]] = {}
        for name, pages in (("home page only", 1), ("crawler", MAX_PAGES)):
            crawler = Crawler(fetcher, max_pages=pages)
            sites = [crawler.read(f"https://{domain}/") for domain in domains]
            figures[name] = (sum(bool(site.emails) for site in sites), sum(len(site.pages) for site in sites))
        fetcher.close()
    print(f"{_SITES} sites{'with address':>22}{'pages read':>12}")
    for name, (found, pages) in figures.items():
        print(f"{name:<16}{found:>14}{pages:>12}")
    print("Addresses stand on the home page, the contact page or, written out, in the imprint, a third each.")


if __name__ == "__main__":
    typer.run(main)
