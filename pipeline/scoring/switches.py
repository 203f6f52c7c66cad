"""What an order may leave out by what a business's sources say of it: one row for each, on or off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What an order asks of businesses: ``label`` is what the form calls it; ``one`` and ``many`` say what businesses
    that are kept are, and ``loosened`` how to keep more. ``keeps`` decides by what the sources say before anything is
    looked up."""

    label: str
    one: str
    many: str
    loosened: str
    keeps: Callable[[Business], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Condition):
    """One that is on or off, with the ``help`` of the form."""

    help: str


_RECORD = "By what the sources say, before anything is looked up: what no source states counts as missing."
SWITCHES: Mapping[str, Switch] = MappingProxyType(
    {
        "independents_only": Switch(
            label="Independents only",
            help="Leaves out businesses that belong to a chain, by their brand or their name.",
            one="is independent",
            many="are independent",
            loosened="let chains in",
            keeps=lambda business: not business.chain,
        ),
        "chains_only": Switch(
            label="Chains only",
            help="Leaves out businesses of which no chain is known, by their brand or their name.",
            one="belongs to a chain",
            many="belong to a chain",
            loosened="let independents in",
            keeps=lambda business: bool(business.chain),
        ),
        "with_website": Switch(
            label="With a website",
            help=f"Leaves out businesses without a website on record. {_RECORD}",
            one="has a website on record",
            many="have a website on record",
            loosened="let those without a website in",
            keeps=lambda business: bool(business.website),
        ),
        "without_website": Switch(
            label="Without a website",
            help=f"Leaves out businesses with a website on record: for who offers to make one. {_RECORD}",
            one="has no website on record",
            many="have no website on record",
            loosened="let those with a website in",
            keeps=lambda business: not business.website,
        ),
        "with_hours": Switch(
            label="With opening hours",
            help=f"Leaves out businesses without opening hours on record. {_RECORD}",
            one="has opening hours on record",
            many="have opening hours on record",
            loosened="let those without opening hours in",
            keeps=lambda business: bool(business.opening_hours),
        ),
    }
)
"""By the name of the field of an order."""


def switched_on(spec: CampaignSpec) -> tuple[Switch, ...]:
    """Those an order has on."""
    return tuple(switch for name, switch in SWITCHES.items() if getattr(spec, name))
