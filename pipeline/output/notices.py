"""What a campaign tells a person when it finds less than was asked for: what happened, and what to try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business
from pipeline.output.unstated_words import unstated_sentence
from pipeline.place import Area, TypeMatch
from pipeline.scoring.ceiling import asked_for
from pipeline.scoring.demands import conditions
from pipeline.scoring.figures import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """How many businesses an order left out: as customers, and of the others as in the book already."""

    in_book: int = 0
    customers: int = 0

    @property
    def number(self) -> int:
        """All of them."""
        return self.in_book + self.customers


NONE_SKIPPED = Skipped()

_POINTS = {
    Figure.CONFIDENCE: "a confidence of {}",
    Figure.REACH: "a reach of {}",
    Figure.SCORE: "a score of {} (the single figure of earlier versions)",
}


def meaningless_types(spec: CampaignSpec) -> str:
    """No business type holds a word."""
    return f"{_typed(spec)} names no type of business. Type a word such as cafe or dentist."


def unknown_location(spec: CampaignSpec, near: Sequence[str] = ()) -> str:
    """No source knows the place; ``near`` are those that come near what was typed."""
    if spec.own_list:
        return (
            f"The list {spec.location} is not kept any more. Upload the file again on Lists, or choose the companies on"
            " Leads again, and order anew."
        )
    meant = f"Did you mean {_either(near)}? Otherwise check" if near else "Check"
    return (
        f"No place called “{spec.location}” is known here. {meant} the spelling, choose one of the suggested "
        "places, or type coordinates such as 60.17, 24.94."
    )


def several_places(location: str, offers: Sequence[str]) -> str:
    """Several places bear the name."""
    return f"“{location}” may mean {_either(offers)}. Choose one of them."


def nothing_found(spec: CampaignSpec, area: Area) -> str:
    """The place is known, but no business of these types in it."""
    if spec.own_list:
        return f"No row of the list {spec.location} names a company."
    where = "a wider radius" if spec.radius_km else "another place"
    return f"No business of type {_typed(spec)} is known {around(spec, area)}. Try {where} or a broader type."


def nobody_left(spec: CampaignSpec, skipped: Skipped, silenced: int) -> str:
    """Businesses were found, and every one of them was left out: as skipped, or for the suppression list."""
    number = skipped.number + silenced
    said = "The only business found is" if number == 1 else f"All {number:,} businesses found are"
    places = (
        *(["in your book already"] * bool(skipped.in_book)),
        *(["a customer of yours" if number == 1 else "customers of yours"] * bool(skipped.customers)),
        *(["on your suppression list"] * bool(silenced)),
    )
    lead = "new lead" if skipped.in_book else "lead"
    named = ["companies of your book"] * bool(skipped.in_book) + ["customers"] * bool(skipped.customers)
    others = f", or include {' and '.join(named)}" if named else ""
    advice = f"Try another {'list' if spec.own_list else 'place or type'}{others}."
    return f"{said} {' or '.join(places)}, so there is no {lead}. {advice}"


def customers_line(spec: CampaignSpec, customers: int, found: int) -> str:
    """What of the businesses found was a customer: ``12 businesses left out: customers of yours.``, or that they are
    among the ``found``; empty when none was."""
    if not customers:
        return ""
    if spec.skip_customers:
        whose = "a customer" if customers == 1 else "customers"
        return f"{counted(customers, 'business', 'businesses')} left out: {whose} of yours."
    verb = "was a customer" if customers == 1 else "were customers"
    return f"{customers:,} of {counted(found, 'business', 'businesses')} found {verb} of yours."


def in_book_line(spec: CampaignSpec, in_book: int, found: int) -> str:
    """What of the businesses found was in the book already: ``12 businesses left out: in your book already.``, or that
    they are among the ``found``; empty when none was."""
    if not in_book:
        return ""
    if spec.skips_known:
        return f"{counted(in_book, 'business', 'businesses')} left out: in your book already."
    verb = "was" if in_book == 1 else "were"
    anew = " and looked up anew" if spec.refreshes else ""
    return (
        f"{in_book:,} of {counted(found, 'business', 'businesses')} found {verb} in your book already{anew}."
    )


def nothing_stored(spec: CampaignSpec, skipped: Skipped) -> str:
    """An interrupted campaign goes on, and its finished search had left nothing but what it ``skipped``."""
    if skipped.number:
        return nobody_left(spec, skipped, 0)
    if spec.own_list:
        return f"No row of the list {spec.location} names a company."
    return f"No business of type {_typed(spec)} was found in “{spec.location}”. Try another place or type."


def shortfall(spec: CampaignSpec, found: Sequence[Business], leads: int, skipped: Skipped) -> str | None:
    """Why there are fewer leads than asked for, or None when there are enough; so many more were ``skipped``."""
    if leads >= spec.max_results or not found or (spec.own_list and leads == len(found)):
        return None
    more = "widen the radius" if spec.radius_km else "search a larger place"
    more = "choose more companies" if spec.is_of_book else "upload more rows" if spec.own_list else more
    if leads == len(found):
        new = "new " if skipped.in_book else "other " if skipped.customers else ""
        known = (
            f"The only {new}business found is" if leads == 1 else f"All {leads:,} {new}businesses found are"
        )
        return f"{known} in the list; you asked for {spec.max_results:,}. For more, {more} or add a type."
    advice = f"{unstated_sentence(spec, found)}{loosened(spec)} or {more}."
    if leads:
        return f"Only {leads:,} of {len(found):,} businesses found {meeting(spec, leads)}. {advice}"
    said = f"Found {counted(len(found), 'business', 'businesses')}, none"
    what = f" that {meeting(spec, 1)}" if conditions(spec) else ""
    points = "" if what else in_points(asked_for(spec))
    return f"{said}{what}{f' with {points}' if points else ''}{_best(spec, found)}. {advice}"


def met_line(spec: CampaignSpec, met: int, found: int) -> str:
    """How many businesses the order leaves in, as a line of the event log."""
    said = meeting(spec, met)
    if not said and spec.skips_known:
        return f"{counted(found, 'new business', 'new businesses')} rated."
    if not said:
        return f"{counted(found, 'business', 'businesses')} rated; the order leaves nobody out."
    return f"{met:,} of {found:,} {said}."


def meeting(spec: CampaignSpec, number: int) -> str:
    """What an order asks of so many businesses: ``are independent and come to a confidence of 60``; empty when it takes
    all."""
    points = in_points(asked_for(spec))
    parts = (
        *(each.one if number == 1 else each.many for each in conditions(spec)),
        f"{'comes' if number == 1 else 'come'} to {points}" if points else "",
    )
    return " and ".join(part for part in parts if part)


def in_points(figures: Mapping[Figure, int]) -> str:
    """Figures in words: ``a confidence of 60 and a reach of 20``; nothing for none."""
    return " and ".join(_POINTS[figure].format(points) for figure, points in figures.items())


def loosened(spec: CampaignSpec) -> str:
    """What to change so that an order takes more: ``Lower the minimum``."""
    ways = [each.loosened for each in conditions(spec)] + ["lower the minimum"] * bool(asked_for(spec))
    return ", ".join(ways).capitalize()


def _best(spec: CampaignSpec, found: Sequence[Business]) -> str:
    """What the best one has, where only one figure is asked for."""
    values = {
        Figure.CONFIDENCE: [business.confidence for business in found],
        Figure.REACH: [business.reach or 0 for business in found],
    }
    wanted = [] if conditions(spec) else list(asked_for(spec))
    return f"; the best has {max(values[wanted[0]])}" if len(wanted) == 1 and wanted[0] in values else ""


def found_lines(
    spec: CampaignSpec, types: Sequence[TypeMatch], area: Area, read: int, most: int
) -> Iterator[str]:
    """What the free sources found, as lines of the event log: records ``read``, of which they give ``most``."""
    for match in types:
        if not match.tags:
            yield f"“{match.typed}” is no category known here; names and descriptions were searched for it."
    if read >= most:
        yield (
            f"The search stopped at the {read:,} nearest records. Narrow the radius or the type to see what lies"
            " farther out."
        )
    yield f"Found {counted(read, 'record')} {around(spec, area)}."


def loss_lines(unusable: int, duplicates: int) -> Iterator[str]:
    """Where the records went that are no business of their own."""
    if unusable:
        yield f"Left out {counted(unusable, 'record')}: unnamed, closed, of another place or listed twice."
    if duplicates > 0:
        yield f"Merged {counted(duplicates, 'duplicate')}."


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 record``, ``1,204 records``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ranged(low: str, high: str, between: str = " – ") -> str:
    """A range as people read it, ``$0.40 – $1.10``, and one value where both ends read the same."""
    return high if low == high else f"{low}{between}{high}"


def averages(confidence: Decimal | None, reach: Decimal | None) -> str:
    """``average confidence 71 · average reach 64``; of leads an earlier version rated ``average score 71``; empty while
    nothing is known."""
    if confidence is None:
        return ""
    if reach is None:
        return f"average score {confidence:.0f}"
    return f"average confidence {confidence:.0f} · average reach {reach:.0f}"


def around(spec: CampaignSpec, area: Area) -> str:
    """The area in words: ``in Helsinki`` or ``within 1.5 km of Helsinki``."""
    if spec.is_of_book:
        return "in your book"
    if spec.own_list:
        return f"on the list {area.label}"
    return f"within {spec.radius_km:g} km of {area.label}" if spec.radius_km else f"in {area.label}"


def _either(offers: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A; B or C``: names of places hold commas."""
    *first, last = offers
    return f"{'; '.join(first)} or {last}" if first else last


def _typed(spec: CampaignSpec) -> str:
    return " or ".join(f"“{typed}”" for typed in spec.business_types)
