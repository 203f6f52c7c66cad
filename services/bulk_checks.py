"""Whether the orders of a bulk order can be placed, each by itself and beside the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.bulk_rows import BulkRow, repeated, search_of
from pipeline.campaign import CampaignSpec
from pipeline.scoring.demands import demanded
from services import campaigns, places, providers, understanding
from services.errors import Invalid, Refused
from services.identity import Person
from store import bulk_children
from store.database import Role, transaction

_NO_LISTS = "A bulk order takes types of business and places, and no list of companies."


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow(BulkRow):
    """A row that was looked at: ``same_as`` is the number of an earlier row for the same types and place, and
    ``is_running`` that a campaign for these runs or waits in the workspace."""

    same_as: int | None = None
    is_running: bool = False

    @property
    def is_good(self) -> bool:
        return self.spec is not None

    @property
    def is_duplicate(self) -> bool:
        return self.same_as is not None or self.is_running


def checked(person: Person, rows: Sequence[BulkRow]) -> tuple[CheckedRow, ...]:
    """The rows with what is wrong with each. Nothing is asked, kept or paid."""
    once = _Once()
    judged = [_judged(row, once) for row in rows]
    good = [row for row in judged if row.spec]
    same = {
        good[later].row: good[first].row for later, first in repeated([row.spec for row in good if row.spec])
    }
    with transaction(Role.WEB, proof=person.proof) as conn:
        running = {search_of(spec) for spec in bulk_children.open_orders(conn, person.workspace_id)}
    return tuple(
        CheckedRow(
            row=row.row,
            written=row.written,
            spec=row.spec,
            problem=row.problem,
            same_as=same.get(row.row),
            is_running=row.spec is not None and search_of(row.spec) in running,
        )
        for row in judged
    )


def refused(specs: Sequence[CampaignSpec]) -> tuple[tuple[CampaignSpec, ...], dict[int, str]]:
    """The orders as they would be placed, and by its index why one cannot be."""
    once = _Once()
    judged = [
        _judged(BulkRow(row=index, written=spec.title, spec=spec), once) for index, spec in enumerate(specs)
    ]
    wrong = {row.row: row.problem for row in judged if row.spec is None}
    return tuple(row.spec for row in judged if row.spec), wrong


@dataclass
class _Once:
    """What was said of the same place and the same ways before: hundreds of orders share them."""

    said: dict[object, Refused | None] = field(default_factory=dict)

    def ask(self, about: object, check: Callable[[], None]) -> None:
        if about not in self.said:
            try:
                check()
                self.said[about] = None
            except Refused as problem:
                self.said[about] = problem
        if found := self.said[about]:
            raise found


def _judged(row: BulkRow, once: _Once) -> BulkRow:
    if row.spec is None:
        return row
    spec = understanding.ordered(row.spec)
    try:
        _check(spec, once)
    except Refused as problem:
        return BulkRow(row=row.row, written=row.written, problem=str(problem))
    return BulkRow(row=row.row, written=row.written, spec=spec)


def _check(spec: CampaignSpec, once: _Once) -> None:
    """As ``campaigns.check`` does. Raises Invalid."""
    if spec.own_list:
        raise Invalid(_NO_LISTS)
    if problem := understanding.refusal(spec):
        raise Invalid(problem)
    demands = tuple(demanded(spec))
    once.ask((spec.sources, spec.waterfall, demands), lambda: providers.check(spec))
    place = (spec.location.casefold(), spec.radius_km, spec.sources)
    once.ask(place, lambda: places.check(providers.order(spec)))
    campaigns.check_budget(spec)
