"""The installation on this machine, asked in the words of the client for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from api.v1 import bulk_orders, campaigns, schedules
from api.v1.bulk_model import BulkOrder, Further, Orders
from api.v1.campaigns import Which
from api.v1.paging import Part
from commands._patience import through_pauses
from pipeline.output.order_errors import sentences
from services import schedules as repeating
from services.errors import Invalid
from services.identity import Person
from services.schedules import Recurrence
from store.ids import new_id

Told = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)
_LOST = "What was begun goes on as soon as it is back."


class Here:
    """What ``clients.prospectpro.ProspectPro`` does, without a key. Each raises Refused."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def campaign(self, campaign_id: str) -> Told:
        return _told(campaigns.read(self._person, UUID(campaign_id)))

    def plan_bulk(self, orders: Sequence[Any]) -> Told:
        return _told(bulk_orders.planned(self._person, _valid(Orders, {"orders": orders})))

    def order_bulk(
        self,
        orders: Sequence[Any],
        cap_usd: str | None = None,
        *,
        skip_bad: bool = False,
        skip_duplicates: bool = False,
    ) -> Told:
        said = {
            "orders": orders,
            "skip_bad": skip_bad,
            "skip_duplicates": skip_duplicates,
            "cap_usd": cap_usd,
        }
        order = _valid(BulkOrder, said)
        return _told(bulk_orders.ordered(self._person, order, new_id()))

    def bulk_orders(self) -> Iterator[Told]:
        yield from _all(lambda cursor: bulk_orders.part(self._person, Part(cursor=cursor)))

    def bulk_campaigns(self, bulk_id: str) -> Iterator[Told]:
        which = {"bulk_order": UUID(bulk_id)}
        yield from _all(lambda cursor: campaigns.part(self._person, Which(cursor=cursor, **which)))

    def bulk_order(self, bulk_id: str) -> Told:
        return _told(through_pauses(lambda: bulk_orders.read(self._person, UUID(bulk_id)), _LOST))

    def steer_bulk(self, bulk_id: str, how: Literal["pause", "resume", "cancel"]) -> Told:
        act = {"pause": bulk_orders.pause, "resume": bulk_orders.resume, "cancel": bulk_orders.cancel}[how]
        return _told(act(self._person, UUID(bulk_id)))

    def go_on_with_bulk(self, bulk_id: str, *, add_cap_usd: str = "0") -> Told:
        further = _valid(Further, {"add_cap_usd": add_cap_usd})
        return _told(bulk_orders.continued(self._person, UUID(bulk_id), further, f"terminal-{new_id()}"))

    def delete_bulk(self, bulk_id: str) -> None:
        bulk_orders.delete(self._person, UUID(bulk_id))

    def add_schedule(self, campaign_id: str, repeat: Mapping[str, Any]) -> Told:
        made = repeating.add(self._person, UUID(campaign_id), _recurrence(repeat))
        return self.schedule(str(made))

    def schedules(self) -> list[Told]:
        return [_told(row) for row in schedules.listing(self._person).items]

    def schedule(self, schedule_id: str) -> Told:
        return _told(schedules.read(self._person, UUID(schedule_id)))

    def schedule_runs(self, schedule_id: str) -> list[Told]:
        return [_told(run) for run in schedules.runs(self._person, UUID(schedule_id)).items]

    def steer_schedule(self, schedule_id: str, how: Literal["pause", "resume", "run"]) -> Told:
        act = {"pause": schedules.pause, "resume": schedules.resume, "run": schedules.run}[how]
        return _told(act(self._person, UUID(schedule_id)))

    def remove_schedule(self, schedule_id: str) -> None:
        schedules.remove(self._person, UUID(schedule_id))


def _told(model: BaseModel) -> Told:
    return model.model_dump(mode="json")


def _all(part: Callable[[str | None], Any]) -> Iterator[Told]:
    cursor = None
    while True:
        found = part(cursor)
        yield from map(_told, found.items)
        cursor = found.next_cursor
        if cursor is None:
            return


def _valid(model: type[Model], said: Mapping[str, Any]) -> Model:
    """Raises Invalid with a sentence for each wrong field."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise Invalid(sentences(error)) from None


def _recurrence(repeat: Mapping[str, Any]) -> Recurrence:
    month = repeat.get("month_usd")
    return Recurrence(
        name=repeat["name"],
        cron=repeat["cron"],
        time_zone=repeat["time_zone"],
        budget_usd=Decimal(repeat["budget_usd"]),
        month_usd=None if month is None else Decimal(month),
        only_new=repeat["only_new"],
    )
