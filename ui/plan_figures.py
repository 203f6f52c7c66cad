"""The figures of a plan as people read them, on the page and in the terminal."""

from __future__ import annotations

from pipeline.money.estimate import Estimate, ExpectedCalls
from pipeline.money.in_book import Saved
from pipeline.money.kept import Kept
from pipeline.money.plan_warnings import Warn
from ui.format import duration, money, number, ranged

_CENT_MICROS = 10_000


def matching(expected: Estimate) -> str:
    """How many matching businesses are known; of a place that is looked up later, nothing is."""
    is_later = any(warning.kind is Warn.PLACE_LOOKED_UP for warning in expected.warnings)
    return "Not known yet" if is_later else number(expected.known)


def cost(expected: Estimate) -> str:
    """``$0.40 – $1.10``, ``up to $1.10`` where nothing may be paid as well."""
    return _money(expected.cost_low_micros, expected.cost_high_micros)


def time(expected: Estimate) -> str:
    """``10 s – 1 min 20 s``; rounded, as a range of single seconds would promise too much."""
    low, high = _rounded(expected.duration_low_s, up=False), _rounded(expected.duration_high_s, up=True)
    return ranged(duration(low), duration(high))


def kept(expected: Estimate) -> str:
    """``Keeps 43 of 120 (duplicates merged)``: by the order as a whole; empty where none is known."""
    of = expected.kept
    return f"Keeps {_share(of, of.together)} (duplicates merged)" if of else ""


def kept_by(expected: Estimate, setting: str, *, is_on: bool = True) -> str:
    """``Keeps 43 of 120`` by one setting, or what it would keep when it is not on; empty where none is known, and for
    one that asks for nothing."""
    of = expected.kept
    if of and setting in of.asked:
        return "Known once its source is asked"
    if of is None or setting not in of.alone:
        return ""
    return f"{'Keeps' if is_on else 'Would keep'} {_share(of, of.alone[setting])}"


def _share(of: Kept, number_kept: int) -> str:
    known = number(of.known) if of.is_whole else f"the {number(of.known)} nearest"
    return f"{'all' if number_kept == of.known else number(number_kept)} of {known}"


def in_book(expected: Estimate) -> str:
    """How many are in the book already, and what leaving them out saves; empty without a book."""
    book = expected.in_book
    if book is None:
        return ""
    asked = " and ".join(book.asked)
    once = f"once {asked} {'is' if len(book.asked) == 1 else 'are'} asked."
    if not book.of:
        return f"How many of them are in your book already is known {once}"
    said = [
        f"In your book already: {_many(book.known, book.of)} of {_known(book.of, is_whole=book.is_whole)}."
    ]
    if book.known and book.saved:
        said.append(_saves(book.saved))
    if asked:
        said.append(f"Whom else it holds is known {once}")
    return " ".join(said)


def customers(expected: Estimate) -> str:
    """How many are customers; empty without a list of customers."""
    told = expected.customers
    if told is None:
        return ""
    asked = " and ".join(told.asked)
    once = f"once {asked} {'is' if len(told.asked) == 1 else 'are'} asked."
    if not told.of:
        return f"How many of them are customers of yours is known {once}"
    said = f"Customers of yours: {_many(told.number, told.of)} of {_known(told.of, is_whole=told.is_whole)}."
    return f"{said} Who else is one is known {once}" if asked else said


def others_of(expected: Estimate, *, is_on: bool) -> str:
    """``Keeps 80 of 85`` when customers are left out, or what that would keep; empty where none is known."""
    told = expected.customers
    if told is None or not told.of:
        return ""
    many = _many(told.others, told.of)
    return f"{'Keeps' if is_on else 'Would keep'} {many} of {_known(told.of, is_whole=told.is_whole)}"


def new_of(expected: Estimate, *, is_on: bool) -> str:
    """``Keeps 62 of 85`` when only new companies are wanted, or what that would keep; empty where none is known."""
    book = expected.in_book
    if book is None or not book.of:
        return ""
    many = _many(book.fresh, book.of)
    return f"{'Keeps' if is_on else 'Would keep'} {many} of {_known(book.of, is_whole=book.is_whole)}"


def included(expected: Estimate) -> str:
    """What an order that refreshes costs more than one that does not; empty of any other."""
    if expected.included_micros is None:
        return ""
    return f"Answers we hold are bought anew. Using them instead, this order costs {_money(*expected.included_micros)}."


def _known(of: int, *, is_whole: bool) -> str:
    return number(of) if is_whole else f"the {number(of)} nearest"


def _many(part: int, of: int) -> str:
    return {0: "none", of: "all"}.get(part, number(part))


def _saves(saved: Saved) -> str:
    (few, many), (least, most) = saved.look_ups, saved.cost_micros
    if not many and not most:
        return "To include them costs nothing."
    parts = [f"{_between(few, many)} look-up{'' if many == 1 else 's'}"] * bool(many)
    parts += [_money(least, most)] * bool(most)
    return f"Leaving them out saves {' and '.join(parts)}."


def call(expected: ExpectedCalls) -> str:
    """One provider's line: ``NeverBounce: 12–20 addresses, $0.10 – $0.16``."""
    one, several = expected.units
    unit = one if expected.high == 1 else several
    asked = _between(expected.low, expected.high)
    return f"{expected.label}: {asked} {unit}, {_money(expected.cost_low_micros, expected.cost_high_micros)}"


def _between(low: int, high: int) -> str:
    return ranged(number(low), number(high), "–") if low or low == high else f"up to {number(high)}"


def _money(low: int, high: int) -> str:
    """In whole cents, outwards: the range shown holds what the range holds."""
    least, most = low // _CENT_MICROS * _CENT_MICROS, -(-high // _CENT_MICROS) * _CENT_MICROS
    if least == most or low == high:
        return money(high) if low == high else money(most)
    return ranged(money(least), money(most)) if least else f"up to {money(most)}"


def _rounded(seconds: int, *, up: bool) -> int:
    step = 1 if seconds < 10 else 5 if seconds < 60 else 10 if seconds < 600 else 60
    return -(-seconds // step) * step if up else seconds // step * step
