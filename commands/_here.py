"""The installation on this machine, asked in the words of the client for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from api.v1 import bulk_orders, campaigns, scheduled_exports, schedules
from api.v1.bulk_model import BulkOrder, Further, Orders
from api.v1.campaigns import Which
from api.v1.paging import Part
from api.v1.sending_model import NewSending, Sending, Server
from commands._patience import through_pauses
from pipeline.output.order_errors import sentences
from services import scheduled_exports as sent_files
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

    def change_schedule(self, schedule_id: str, repeat: Mapping[str, Any]) -> Told:
        repeating.change(self._person, UUID(schedule_id), _recurrence(repeat))
        return self.schedule(schedule_id)

    def steer_schedule(self, schedule_id: str, how: Literal["pause", "resume", "run"]) -> Told:
        act = {"pause": schedules.pause, "resume": schedules.resume, "run": schedules.run}[how]
        return _told(act(self._person, UUID(schedule_id)))

    def remove_schedule(self, schedule_id: str) -> None:
        schedules.remove(self._person, UUID(schedule_id))

    def add_scheduled_export(self, sending: Mapping[str, Any]) -> Told:
        new = _sending(NewSending, sending)
        made = sent_files.add(self._person, new.filter, new.sort, new.delivery())
        return self.scheduled_export(str(made))

    def scheduled_exports(self) -> list[Told]:
        return [_told(row) for row in scheduled_exports.listing(self._person).items]

    def scheduled_export(self, schedule_id: str) -> Told:
        return _told(scheduled_exports.read(self._person, UUID(schedule_id)))

    def scheduled_export_runs(self, schedule_id: str) -> list[Told]:
        return [_told(run) for run in scheduled_exports.runs(self._person, UUID(schedule_id)).items]

    def change_scheduled_export(self, schedule_id: str, sending: Mapping[str, Any]) -> Told:
        changed = _sending(Sending, sending)
        return _told(scheduled_exports.change(self._person, UUID(schedule_id), changed))

    def try_scheduled_export(self, schedule_id: str) -> None:
        scheduled_exports.try_out(self._person, UUID(schedule_id))

    def steer_scheduled_export(self, schedule_id: str, how: Literal["pause", "resume", "run"]) -> Told:
        steps = scheduled_exports
        act = {"pause": steps.pause, "resume": steps.resume, "run": steps.run}[how]
        return _told(act(self._person, UUID(schedule_id)))

    def send_export_again(self, schedule_id: str, run_id: str) -> list[Told]:
        found = scheduled_exports.send_again(self._person, UUID(schedule_id), UUID(run_id))
        return [_told(run) for run in found.items]

    def remove_scheduled_export(self, schedule_id: str) -> None:
        scheduled_exports.remove(self._person, UUID(schedule_id))

    def host_key(self, host: str, user: str, *, port: int = 22) -> str:
        server = _sending(Server, {"host": host, "user": user, "port": port})
        return scheduled_exports.host_key(self._person, server).host_key


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


def _sending(model: type[Model], said: Mapping[str, Any]) -> Model:
    """Raises Invalid with the place of each wrong value, and never with the value, which may be a secret."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        raise Invalid(" ".join(map(_wrong, wrong))) from None


def _wrong(problem: Mapping[str, Any]) -> str:
    """As the interface for programs says it."""
    where = "/".join(map(str, problem["loc"]))
    return f"#/{where}: {problem['msg'].removeprefix('Value error, ').rstrip('.')}."


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
