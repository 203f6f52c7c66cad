"""An order in words: what was asked for, so that two campaigns with one title can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from pipeline.campaign import CampaignSpec
from pipeline.providers.registry import registry
from pipeline.qualification.criteria import Importance
from pipeline.scoring.demands import DEMANDS, conditions
from pipeline.scoring.switches import SWITCHES
from services.campaigns import CampaignView
from ui.format import counted, money

Row = tuple[str, str]


def parts(campaign: CampaignView) -> tuple[str, ...]:
    """What a campaign was ordered to do, in the order of the form; the budget is the one it has by now. Of customers
    only where it met any."""
    spec = campaign.spec
    words = registry().order_label
    where = "whole place" if spec.radius_km is None else f"{spec.radius_km:g} km around"
    look_ups = ", ".join(words(key) for key in spec.waterfall)
    return (
        *((spec.title,) if campaign.title != spec.title[: len(campaign.title)] else ()),
        *((f"names searched for {', '.join(spec.by_name)}",) if spec.by_name else ()),
        *(() if spec.own_list else (where,)),
        f"at most {counted(spec.max_results, 'lead')}",
        *((f"score at least {spec.min_score}",) if spec.min_score else ()),
        *((f"confidence at least {spec.min_confidence}",) if spec.min_confidence else ()),
        *((f"reach at least {spec.min_reach}",) if spec.min_reach else ()),
        *(each.label[:1].lower() + each.label[1:] for each in conditions(spec)),
        *(("new companies only",) if spec.skips_known else ()),
        *(("companies of the book looked up anew",) if spec.refreshes else ()),
        *((_whether_customers(spec),) if campaign.customers else ()),
        *(f"{each.importance.label.lower()} “{each.text}”" for each in spec.criteria),
        f"budget {money(campaign.budget_micros)}",
        f"from {', '.join(words(key) for key in spec.sources)}",
        f"look-ups: {look_ups}" if look_ups else "no look-ups",
    )


def in_a_line(campaign: CampaignView) -> str:
    """All of it on one line."""
    line = " · ".join(parts(campaign))
    return line[:1].upper() + line[1:]


def in_full(campaign: CampaignView) -> tuple[Row, ...]:
    """Every parameter of the order with what it was, also what was left as it usually is."""
    rows = ((label, say(campaign)) for label, say in _LINES.values())
    return tuple((label, said) for label, said in rows if said)


def different(earlier: CampaignView, later: CampaignView) -> tuple[tuple[str, str, str], ...]:
    """The parameters that two orders differ in: what each is called, and what it was in either."""
    before, after = dict(in_full(earlier)), dict(in_full(later))
    return tuple(
        (label, before.get(label, "–"), after.get(label, "–"))
        for label in dict.fromkeys([*before, *after])
        if before.get(label) != after.get(label)
    )


def _whether_customers(spec: CampaignSpec) -> str:
    return "without customers" if spec.skip_customers else "customers included"


def _budget(campaign: CampaignView) -> str:
    now, ordered = money(campaign.budget_micros), money(campaign.spec.budget_micros)
    return now if now == ordered else f"{now} by now, {ordered} when it was ordered"


def _named(keys: tuple[str, ...], between: str) -> str:
    return between.join(registry().order_label(key) for key in keys)


def _searched(campaign: CampaignView, said: str) -> str:
    """What was looked for; nothing of an own list, where nobody was."""
    return "" if campaign.spec.own_list else said


def _criteria(field: str, campaign: CampaignView) -> str:
    return ", ".join(f"“{text}”" for text in getattr(campaign.spec, field)) or "nothing"


def _switched(name: str, campaign: CampaignView) -> str:
    return "yes" if getattr(campaign.spec, name) else "no"


def _demanded(name: str, campaign: CampaignView) -> str:
    wanted = getattr(campaign.spec, name)
    return ", ".join(wanted) if isinstance(wanted, tuple) and wanted else f"{wanted:g}" if wanted else "any"


def _least(value: int) -> str:
    return str(value) if value else "none"


# By the name of the parameter; a test holds that none is left out.
_LINES: Mapping[str, tuple[str, Callable[[CampaignView], str]]] = {
    "own_list": ("Own list", lambda it: it.spec.location if it.spec.own_list else ""),
    "business_types": ("Business types", lambda it: _searched(it, ", ".join(it.spec.business_types))),
    "location": ("Place", lambda it: _searched(it, it.spec.location)),
    "by_name": ("Searched for by name", lambda it: ", ".join(it.spec.by_name) or "none"),
    "radius_km": (
        "Area",
        lambda it: _searched(
            it, "the whole place" if it.spec.radius_km is None else f"{it.spec.radius_km:g} km around it"
        ),
    ),
    "max_results": ("Most leads", lambda it: f"{it.spec.max_results:,}"),
    "min_confidence": ("Minimum confidence", lambda it: _least(it.spec.min_confidence)),
    "min_reach": ("Minimum reach", lambda it: _least(it.spec.min_reach)),
    # Of orders placed when there was one figure.
    "min_score": ("Minimum score", lambda it: _least(it.spec.min_score) if it.spec.min_score else ""),
    "known_companies": (
        "Companies in the book",
        lambda it: it.spec.known_companies.said,
    ),
    "skip_customers": ("Customers", lambda it: "left out" if it.spec.skip_customers else "included"),
    **{name: (switch.label, partial(_switched, name)) for name, switch in SWITCHES.items()},
    **{name: (demand.label, partial(_demanded, name)) for name, demand in DEMANDS.items()},
    **{
        importance.value: (importance.label, partial(_criteria, importance.value))
        for importance in Importance
    },
    "budget_usd": ("Budget", _budget),
    "sources": ("Sources", lambda it: _named(it.spec.sources, ", ")),
    "waterfall": ("Look-ups", lambda it: _named(it.spec.waterfall, ", then ") or "none"),
}
