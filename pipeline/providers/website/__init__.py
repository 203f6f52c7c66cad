"""The company's own website, read for contacts."""

from __future__ import annotations

from pipeline.money.expectations import sites
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, ProviderSpec, Setting
from pipeline.providers.website.crawl import Crawler
from pipeline.providers.website.guard import Fetcher
from pipeline.providers.website.statements import Statements
from pipeline.providers.website.step import KEY, WebsiteStep


def _build(context: RunContext) -> WebsiteStep:
    return WebsiteStep(
        context.once(KEY, lambda: _crawler(context)),
        checks=context.checks,
        online=lambda: _is_online(context),
        simulated=context.mark_simulated,
        today=context.today,
    )


def statements(context: RunContext) -> Statements:
    """What companies state on their websites, by the same reading as the look-up of this run."""
    return Statements(
        context.once(KEY, lambda: _crawler(context)),
        checks=context.checks,
        online=lambda: _is_online(context),
        simulated=context.mark_simulated,
        today=context.today,
    )


def _crawler(context: RunContext) -> Crawler:
    gateway = context.text("WEBSITE_GATEWAY")
    fetcher = Fetcher(context.user_agent, gateway=gateway or None, proxy=context.proxy)
    context.close_later(fetcher.close)
    return Crawler(fetcher)


def _is_online(context: RunContext) -> bool:
    return bool(context.text("WEBSITE_GATEWAY")) or context.is_online()


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
