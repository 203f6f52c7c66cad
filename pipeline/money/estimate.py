"""What a campaign would find, cost and take, before it is ordered: ranges that hold."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.money.course import Course, included_micros
from pipeline.money.in_book import Customers, InBook
from pipeline.money.kept import Kept
from pipeline.money.orders import Found, Order
from pipeline.money.outlook import Expectation
from pipeline.money.plan_warnings import Warning
from pipeline.money.shares import span
from pipeline.place import Area
from pipeline.providers.declaration import ProviderSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCalls:
    """How often a provider would be asked, and what that costs, in micro-dollars, each from low to high.

    ``units`` is what is counted: one of it and several.
    """

    provider: str
    label: str
    units: tuple[str, str]
    low: int
    high: int
    cost_low_micros: int
    cost_high_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``known`` counts matching records of this installation in the area before duplicates are merged. Costs are
    micro-dollars, times seconds. ``included_micros``, from low to high, is what an order that refreshes would cost if
    it used what is held; None of any other."""

    known: int
    area: Area | None
    leads_low: int
    leads_high: int
    cost_low_micros: int
    cost_high_micros: int
    duration_low_s: int
    duration_high_s: int
    message: str
    warnings: tuple[Warning, ...] = ()
    calls: tuple[ExpectedCalls, ...] = ()
    kept: Kept | None = None
    in_book: InBook | None = None
    customers: Customers | None = None
    included_micros: tuple[int, int] | None = None

    @property
    def area_label(self) -> str | None:
        """The name of the area, None where this installation does not know the place."""
        return self.area.label if self.area else None


def estimate(
    order: Order, found: Found, drawn: Course, message: str, warnings: tuple[Warning, ...]
) -> Estimate:
    """The estimate of an order that was drawn, with what is said about it."""
    low_s, high_s = drawn.duration_s(order, found)
    low, high = drawn.cost_micros
    leads_low, leads_high = span(drawn.end.leads.sum(axis=1))
    return Estimate(
        kept=found.kept,
        in_book=found.in_book,
        customers=found.customers,
        included_micros=included_micros(order, found) if order.spec.refreshes else None,
        known=found.known or 0,
        area=found.area,
        leads_low=leads_low,
        leads_high=leads_high,
        cost_low_micros=low,
        cost_high_micros=high,
        duration_low_s=low_s,
        duration_high_s=high_s,
        message=message,
        warnings=warnings,
        calls=tuple(
            _calls(provider, exp) for provider, exp in drawn.expected if provider.paid and exp.questions.any()
        ),
    )


def _calls(provider: ProviderSpec, expected: Expectation) -> ExpectedCalls:
    low, high = span(expected.questions)
    cost_low, cost_high = span(expected.cost_micros)
    return ExpectedCalls(
        provider=provider.key,
        label=provider.label,
        units=provider.paid[0].counts,
        low=low,
        high=high,
        cost_low_micros=cost_low,
        cost_high_micros=cost_high,
    )
