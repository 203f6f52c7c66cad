"""What a plan says in words: one voice for what is known, what is not, and what the budget promises."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.money.amounts import money
from pipeline.money.course import Course
from pipeline.money.orders import Found, Order
from pipeline.money.plan_warnings import Warn, Warning
from pipeline.output.notices import around, meaningless_types, nothing_found, unknown_location
from pipeline.scoring import reach
from pipeline.words.categories import match_types


def told(order: Order, found: Found, drawn: Course) -> tuple[str, tuple[Warning, ...]]:
    """What the plan says of an order, and what a person should know before starting it."""
    warnings = tuple(_warnings(order, found, drawn))
    return _message(order, found, drawn, warnings), warnings


def _warnings(order: Order, found: Found, drawn: Course) -> Iterator[Warning]:
    spec = order.spec
    if not match_types(spec.business_types):
        yield Warning(Warn.TYPE_UNKNOWN, meaningless_types(spec))
        return
    asks_elsewhere = any(source.endpoint for source in order.sources)
    yield from _about_the_place(order, found, asks_elsewhere)
    yield from _out_of_reach(order)
    yield from _about_money(order, found, drawn)


def _about_the_place(order: Order, found: Found, asks_elsewhere: bool) -> Iterator[Warning]:
    spec = order.spec
    if found.area is None and asks_elsewhere:
        yield Warning(
            Warn.PLACE_LOOKED_UP,
            f"“{spec.location}” is not in this installation's catalogue; it is looked up when the campaign starts.",
        )
    elif found.area is None:
        yield Warning(Warn.PLACE_UNKNOWN, unknown_location(spec))
    elif not found.known and not asks_elsewhere:
        yield Warning(Warn.NOTHING_KNOWN, nothing_found(spec, found.area))
    elif not asks_elsewhere and (found.known or 0) < spec.max_results:
        many = f"Only {found.known:,} are" if found.known != 1 else "Only one is"
        rest = f"so the list cannot reach {spec.max_results:,} leads."
        yield Warning(Warn.FEWER_KNOWN, f"{many} known {around(spec, found.area)}, {rest}")


def _out_of_reach(order: Order) -> Iterator[Warning]:
    """Sources whose businesses cannot reach the confidence asked for by what they tell."""
    wanted = order.spec.min_confidence
    short = [(source.order_label, reach.most_before_look_ups([source])) for source in order.sources]
    if short and all(best < wanted for _, best in short):
        best = max(best for _, best in short)
        yield Warning(
            Warn.OUT_OF_REACH,
            f"By what {_listed([label for label, _ in short])} tells, a business reaches a confidence of {best} at"
            f" most, and {wanted} is asked for. Lower the minimum, or choose another source.",
        )
        return
    for label, best in short:
        if best < wanted:
            yield Warning(
                Warn.OUT_OF_REACH,
                f"A business that only {label} knows reaches a confidence of {best} at most; {wanted} is asked for.",
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
    if said & {Warn.TYPE_UNKNOWN, Warn.PLACE_UNKNOWN, Warn.NOTHING_KNOWN}:
        return ""
    sentences = []
    if found.area is not None and Warn.FEWER_KNOWN not in said:
        sentences.append(_found_words(order, found))
    if not any(provider.paid for provider in (*order.sources, *order.steps)):
        sentences.append("Open data costs nothing.")
    elif spec.budget_micros and drawn.cost_micros[1]:
        sentences.append("Only answers are paid for, and never one that is already held.")
    elif spec.budget_micros:
        sentences.append("Everything it asks is answered already or free.")
    return " ".join(sentences)


def _found_words(order: Order, found: Found) -> str:
    spec, known = order.spec, found.known or 0
    where = around(spec, found.area) if found.area else f"in {spec.location}"
    if known < spec.max_results:
        many = f"Only {known:,} are" if known > 1 else "Only one is" if known else "None is"
        return f"{many} known {where}. The chosen sources are searched for more."
    if all(source.paid for source in order.sources):
        return f"{known:,} are known {where}; the chosen source is searched for {spec.max_results:,}."
    return (
        f"{known:,} are known {where}. The best {spec.max_results:,} that reach a confidence of"
        f" {spec.min_confidence} become leads."
    )


def _listed(words: list[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
