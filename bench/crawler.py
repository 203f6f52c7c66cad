"""How many companies' addresses the website crawler finds, beside reading home pages only, on the same sites."""

from __future__ import annotations

import typer

from pipeline.providers.website.crawl import MAX_PAGES, Crawler
from pipeline.providers.website.guard import Fetcher
from tests.providers_server.world import World
from tests.support.providers import providers

_SITES = 300


def main() -> None:
    """Print both rows."""
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
