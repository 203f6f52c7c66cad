"""The company's own website, read for contacts."""

from __future__ import annotations

from pipeline.money.expectations import sites
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, ProviderSpec, Setting
from pipeline.providers.website.crawl import Crawler
from pipeline.providers.website.guard import Fetcher
from pipeline.providers.website.step import KEY, WebsiteStep


def _build(context: RunContext) -> WebsiteStep:
    gateway = context.text("WEBSITE_GATEWAY")
    fetcher = Fetcher(context.user_agent, gateway=gateway or None, proxy=context.proxy)
    context.close_later(fetcher.close)
    return WebsiteStep(
        Crawler(fetcher),
        checks=context.checks,
        online=lambda: bool(gateway) or context.is_online(),
        simulated=context.mark_simulated,
        today=context.today,
    )


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label="Company website",
        kind=Kind.WEBSITE,
        help="Reads the few pages of a company's site that say how to reach it.",
        build=_build,
        origin=KEY,
        rank=10,
        aliases=("site",),
        fields=frozenset({"email", "phone"}),
        gateway="WEBSITE_GATEWAY",
        settings=(
            Setting(
                name="WEBSITE_GATEWAY",
                help="Server that gets every request for a company website instead of the website itself.",
            ),
        ),
        expect=sites,
    ),
)
