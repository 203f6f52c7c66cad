"""What a plan says in words: one voice for what is known, what is not, and what the budget promises."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.money.amounts import money
from pipeline.money.course import Course
from pipeline.money.orders import Found, Order
from pipeline.money.plan_warnings import Warn, Warning
from pipeline.output.notices import (
    around,
    in_points,
    loosened,
    meaningless_types,
    meeting,
    nothing_found,
    unknown_location,
)
from pipeline.scoring.ceiling import asked_for, most_before_look_ups, out_of_reach
from pipeline.scoring.demands import in_vain, stated_by_none
from pipeline.words.understanding import match_types


def told(order: Order, found: Found, drawn: Course) -> tuple[str, tuple[Warning, ...]]:
    """What the plan says of an order, and what a person should know before starting it."""
    warnings = tuple(_warnings(order, found, drawn))
    return _message(order, found, drawn, warnings), warnings


def _warnings(order: Order, found: Found, drawn: Course) -> Iterator[Warning]:
    spec = order.spec
    if not match_types(spec.business_types, spec.by_name):
        yield Warning(Warn.TYPE_UNKNOWN, meaningless_types(spec))
        return
    yield from _about_the_place(order, found)
    yield from _out_of_reach(order)
    yield from _unstated(order)
    yield from _none_kept(order, found)
    yield from _stopped(order, found)
    yield from _about_money(order, found, drawn)


def _about_the_place(order: Order, found: Found) -> Iterator[Warning]:
    spec = order.spec
    if found.area is None and order.asks_elsewhere:
        yield Warning(
            Warn.PLACE_LOOKED_UP,
            f"“{spec.location}” is not in this installation's catalogue; it is looked up when the campaign starts.",
        )
    elif found.area is None:
        yield Warning(Warn.PLACE_UNKNOWN, unknown_location(spec, found.near))
    elif not found.known and not order.asks_elsewhere:
        yield Warning(Warn.NOTHING_KNOWN, nothing_found(spec, found.area))
    elif too_few := _too_few_left(order, found):
        yield too_few
    elif not (order.asks_elsewhere or spec.own_list) and (found.known or 0) < spec.max_results:
        many = f"Only {found.known:,} are" if found.known != 1 else "Only one is"
        rest = f"so the list cannot reach {spec.max_results:,} leads."
        yield Warning(Warn.FEWER_KNOWN, f"{many} known {around(spec, found.area)}, {rest}")


def _too_few_left(order: Order, found: Found) -> Warning | None:
    """An order that leaves out customers or what the book holds, where hardly anything else is left."""
    spec = order.spec
    customers = found.customers if spec.skip_customers and found.customers else None
    book = found.in_book if spec.skips_known and found.in_book else None
    number, known = customers.number if customers else 0, book.known if book else 0
    told = customers or book
    if told is None or not (number or known) or not told.is_whole or found.area is None:
        return None
    left = told.of - number - known
    if order.asks_elsewhere or left >= spec.max_results or (spec.own_list and left):
        return None
    where = f"known {around(spec, found.area)}"
    if not left:
        said = f"All {told.of:,} businesses {where} are" if told.of > 1 else f"The only business {where} is"
        whose = "customers of yours" if told.of > 1 else "a customer of yours"
        why = " or ".join(["in your book already"] * bool(known) + [whose] * bool(number))
        return Warning(Warn.NONE_NEW, f"{said} {why}. Try another place or type, or include them.")
    what = ["new"] * bool(known) + ["not your customers" if left > 1 else "no customer of yours"] * bool(
        number
    )
    return Warning(
        Warn.FEWER_KNOWN,
        f"Only {left:,} of {told.of:,} businesses {where} {'is' if left == 1 else 'are'} {' and '.join(what)}, so the"
        f" list cannot reach {spec.max_results:,} leads.",
    )


def _out_of_reach(order: Order) -> Iterator[Warning]:
    """Sources whose businesses cannot come to the minimum asked for by what they tell, before any look-up."""
    spec = order.spec
    wanted = in_points(asked_for(spec))
    each = [
        (source.order_label, out_of_reach(spec, most_before_look_ups([source]))) for source in order.sources
    ]
    together = out_of_reach(spec, most_before_look_ups(order.sources))
    if order.sources and together:
        yield Warning(
            Warn.OUT_OF_REACH,
            f"By what {_listed([label for label, _ in each])} tells, a business comes to {in_points(together)} at most"
            f" before its contacts are looked up; {wanted} is asked for. Lower the minimum, or choose another source.",
        )
        return
    for label, short in each:
        if short:
            yield Warning(
                Warn.OUT_OF_REACH,
                f"A business that only {label} knows comes to {in_points(short)} at most before its contacts are"
                f" looked up; {wanted} is asked for.",
            )


def _unstated(order: Order) -> Iterator[Warning]:
    """Paid sources that are not asked: nothing they sell could become a lead. An order that none of its sources could
    fill is refused."""
    for source in order.sources:
        nouns = in_vain(order.spec, source, order.sources) if source.paid else ()
        if nouns and not stated_by_none(order.spec, order.sources):
            yield Warning(
                Warn.UNSTATED,
                f"{source.order_label} is not asked: it states no {' or '.join(nouns)}, which the order demands.",
            )


def _none_kept(order: Order, found: Found) -> Iterator[Warning]:
    """Businesses are known, and what is asked for leaves them all out."""
    kept = found.kept
    if kept is None or kept.together:
        return
    all_known = (
        f"the {kept.known:,} businesses known" if kept.is_whole else f"the {kept.known:,} nearest of them"
    )
    at_hand = order.spec.model_copy(update=dict.fromkeys(kept.asked))
    yield Warning(
        Warn.NONE_KEPT,
        f"None of {all_known} {meeting(at_hand, 1)}. {loosened(at_hand)} to keep some.",
    )


def _stopped(order: Order, found: Found) -> Iterator[Warning]:
    """Providers of the order that nobody may ask now. They count as asked, since they may be again when it starts."""
    off = [each.order_label for each in (*order.sources, *order.steps) if each.key in found.stopped]
    if off:
        is_one = len(off) == 1
        yield Warning(
            Warn.STOPPED,
            f"{_listed(off)} {'is' if is_one else 'are'} not asked at the moment: an administrator stopped"
            f" {'it' if is_one else 'them'}. The plan counts what {'it' if is_one else 'they'} would bring.",
        )


def _about_money(order: Order, found: Found, drawn: Course) -> Iterator[Warning]:
    spec = order.spec
    budget = money(spec.budget_micros)
    if not any(provider.paid for provider in (*order.sources, *order.steps)):
        return
    if spec.budget_micros == 0:
        off = [provider.order_label for provider in (*order.sources, *order.steps) if provider.paid]
        yield Warning(
            Warn.NO_BUDGET,
            f"With a budget of $0 nothing that costs money is asked: {_listed(off)}"
            f" {'is' if len(off) == 1 else 'are'} off.",
        )
        return
    if not order.is_known(found) and drawn.cost_micros[1]:
        yield Warning(
            Warn.COST_UNKNOWN,
            "How many there are is only known once they are looked up; it never costs more than your budget of"
            f" {budget}.",
        )
    if drawn.is_short:
        yield Warning(
            Warn.BUDGET_MAY_END_IT,
            f"The budget of {budget} may end it early; what was found by then is kept.",
        )


def _message(order: Order, found: Found, drawn: Course, warnings: tuple[Warning, ...]) -> str:
    """What is known, in a sentence or two; a warning that says it already is not said twice."""
    spec = order.spec
    said = {warning.kind for warning in warnings}
    if said & {Warn.TYPE_UNKNOWN, Warn.PLACE_UNKNOWN, Warn.NOTHING_KNOWN, Warn.NONE_NEW}:
        return ""
    sentences = []
    if found.area is not None and Warn.FEWER_KNOWN not in said:
        sentences.append(_found_words(order, found))
    if not any(provider.paid for provider in (*order.sources, *order.steps)):
        sentences.append("Nothing it asks costs money." if spec.own_list else "Open data costs nothing.")
    elif spec.budget_micros and drawn.cost_micros[1]:
        held = "answers we hold are bought anew" if spec.refreshes else "never one that is already held"
        sentences.append(f"Only answers are paid for, and {held}.")
    elif spec.budget_micros:
        sentences.append(f"Everything it asks is {'free' if spec.refreshes else 'answered already or free'}.")
    return " ".join(sentences)


def _found_words(order: Order, found: Found) -> str:
    spec, known = order.spec, found.known or 0
    if spec.is_of_book:
        return "Look-ups begin with what sources say of these companies."
    where = around(spec, found.area) if found.area else f"in {spec.location}"
    if known < spec.max_results:
        many = f"Only {known:,} are" if known > 1 else "Only one is" if known else "None is"
        return f"{many} known {where}. The chosen sources are searched for more."
    if all(source.paid for source in order.sources):
        new = " new ones" if spec.skips_known else ""
        return f"{known:,} are known {where}; the chosen source is searched for {spec.max_results:,}{new}."
    asked = meeting(spec, spec.max_results)
    few = _all_that_meet_it(order, found) if asked else None
    if few == 0:
        return f"{known:,} are known {where}."
    if few is not None:
        many = f"The {few:,} that {asked} become leads"
        which = many if few > 1 else f"The one that {meeting(spec, 1)} becomes a lead"
        return f"{known:,} are known {where}. {which}: fewer than {spec.max_results:,}."
    new = " new to your book" if spec.skips_known else ""
    best = f"The best {spec.max_results:,}{new}{f' that {asked}' if asked else ''}"
    return f"{known:,} are known {where}. {best} {'becomes a lead' if spec.max_results == 1 else 'become leads'}."


def _all_that_meet_it(order: Order, found: Found) -> int | None:
    """How many there are in all of what is asked for, where that is known and too few for the order."""
    kept = found.kept
    if kept is None or not kept.is_whole or kept.asked or order.asks_elsewhere:
        return None
    if order.spec.skips_known or (order.spec.skip_customers and found.customers):
        return None
    return kept.together if kept.together < order.spec.max_results else None


def _listed(words: list[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
