"""What a file says about itself: the order, the filter, the licence, and what its figures mean."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from pipeline.campaign import CampaignSpec
from pipeline.output.export import SIMULATED, About, Cell
from pipeline.qualification.criteria import Importance
from pipeline.scoring.demands import conditions


def about_lines(about: About, rows: int) -> Iterable[tuple[str, Cell]]:
    """What a file with ``rows`` leads says about itself, as titles and values."""
    if about.spec:
        yield from _ordered(about.spec)
    else:
        yield "Leads of", f"{about.title}: every company once, with its newest values"
    yield "Filter", about.filtered_by
    if about.is_simulated:
        which = "Contacts" if about.spec else f"Contacts of rows marked {SIMULATED}"
        yield "Simulated", f"{which} in this file come from a stand-in. They are not real."
    if about.withheld:
        yield (
            "Left out",
            f"Values only {' and '.join(about.withheld_by)} gave, of {about.withheld:,} leads: the terms there restrict"
            " exporting them.",
        )
    yield "Leads in this file", rows
    yield "Exported at", f"{about.exported_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if about.attribution:
        yield "Attribution", about.attribution
    if about.licence:
        yield "Licence", about.licence
    yield from _explained()


def _ordered(spec: CampaignSpec) -> Iterable[tuple[str, Cell]]:
    """What was ordered."""
    radius = f"{spec.radius_km:g} km" if spec.radius_km else "the whole place"
    yield "Campaign", spec.title
    if spec.own_list:
        yield "Own list", f"{spec.location} ({spec.own_list})"
    yield "Business types", ", ".join(spec.business_types)
    if spec.by_name:
        yield "Searched for by name", ", ".join(spec.by_name)
    if not spec.own_list:
        yield "Location", spec.location
        yield "Radius", radius
    yield "Most leads", spec.max_results
    yield "Minimum confidence", spec.min_confidence
    yield "Minimum reach", spec.min_reach
    if spec.min_score is not None:
        yield "Minimum score", f"{spec.min_score} (the single figure of earlier versions)"
    yield "Only those", "; ".join(each.many for each in conditions(spec)) or "no such condition"
    yield "Companies in the book already", spec.known_companies.said
    yield "Customers", "left out" if spec.skip_customers else "included"
    yield "Budget", f"{spec.budget_usd:f} USD"
    yield "Sources", ", ".join(spec.sources)
    for importance in Importance:
        if criteria := getattr(spec, importance.value):
            yield importance.label, "; ".join(criteria)
    yield "Look-ups", ", ".join(spec.waterfall) or "none"


def _explained() -> Iterable[tuple[str, Cell]]:
    """What the figures and states of a lead mean."""
    yield (
        "E-mail status",
        "unverified: the address is written down in the source; nobody asked its mail server. accepted: its mail"
        " server takes it, which is less than verified.",
    )
    yield (
        "Confidence",
        "0 to 100: how sure it is that the business is real, is what was asked for and is still there. Where Reach is"
        " empty an earlier version rated the lead, and this is its single score.",
    )
    yield (
        "Reach",
        "0 to 100: how well one can call, write to or visit it, by what is there and what was verified.",
    )
    yield (
        "Criteria",
        "What the company's own website says to what was asked, with the sentence and the page it stands on, word by"
        " word. Not said: the pages that were read do not say, or could not be read.",
    )
    yield (
        "Personal data",
        "E-mail addresses and phone numbers can be personal data; the law on it applies to you.",
    )
