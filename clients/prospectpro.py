"""A client of ProspectPro's interface for programs: one file that needs Python 3.11 and httpx, to be copied anywhere.

    with ProspectPro("https://leads.example.com", "ppk_…") as pro:
        quote = pro.quote({"business_types": ["cafe"], "location": "Helsinki", "budget_usd": "2"})
        campaign = pro.order_quote(quote["id"], "2")
        for event in pro.events(campaign["id"]):
            print(event["progress"], event["message"])
        for lead in pro.leads(campaign["id"], has_email=True):
            print(lead["name"], lead["email"])

Whatever makes something is sent with an idempotency key, so a request whose answer was lost is sent again and carried
out once. What is refused is raised as ``Problem``, with a ``cause`` to go by.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Required, Self, TypedDict

import httpx

PREFIX = "/api/v1"
_AGAIN = (429, 503)
_TRIES, _WAIT_S, _MOST_WAIT_S = 5, 0.5, 60.0
_BUSY = "in_progress"
Status = Literal["pending", "processing", "completed", "partial", "failed", "cancelled"]
Lead = dict[str, Any]
Filter = str | int | float | bool | list[str]


class Order(TypedDict, total=False):
    """What is ordered; amounts are US dollars as text."""

    business_types: Required[list[str]]
    location: Required[str]
    by_name: list[str]
    must_have: list[str]
    nice_to_have: list[str]
    must_not: list[str]
    radius_km: float | None
    max_results: int
    min_confidence: int
    min_reach: int
    independents_only: bool
    chains_only: bool
    with_website: bool
    without_website: bool
    with_hours: bool
    min_rating: float | None
    min_reviews: int | None
    founded_since: int | None
    company_sizes: list[Literal["micro", "small", "medium", "large"]]
    known_companies: Literal["include", "skip", "refresh"]
    skip_customers: bool
    own_list: str | None
    budget_usd: str
    sources: list[str]
    waterfall: list[str]


class Plan(TypedDict):
    """What an order would find, cost and take; ``refusals`` say why it would not be taken."""

    types: list[dict[str, Any]]
    place: dict[str, Any] | None
    matching: int
    leads_low: int
    leads_high: int
    in_book: dict[str, Any] | None
    customers: dict[str, Any] | None
    calls: list[dict[str, Any]]
    cost_low_usd: str
    cost_high_usd: str
    included_usd: dict[str, str] | None
    left_usd: dict[str, str | None]
    duration_low_s: int
    duration_high_s: int
    message: str
    warnings: list[str]
    refusals: list[str]
    summary: str


class Quote(TypedDict):
    """A plan to order by until ``expires_at``."""

    id: str
    url: str
    order: Order
    spec_hash: str
    plan: dict[str, Any]
    cost_low_usd: str
    cost_high_usd: str
    duration_low_s: int
    duration_high_s: int
    created_at: str
    expires_at: str
    is_over: bool


class Campaign(TypedDict):
    """A campaign; the document of the interface explains each figure."""

    id: str
    url: str
    title: str
    status: Status
    stage: str
    progress: int
    is_final: bool
    order: Order
    ordered_by: str | None
    tags: list[str]
    created_at: str
    started_at: str | None
    ended_at: str | None
    elapsed_s: int
    remaining_s: int | None
    place_in_line: int | None
    waiting_for: str | None
    cancel_requested: bool
    can_continue: bool
    lacks_budget: bool
    cause: str | None
    reason: str | None
    notice: str | None
    suspicion: str | None
    summary: str | None
    businesses_found: int
    qualified_leads: int
    leads_enriched: int
    leads: int
    emails_found: int
    emails_verified: int
    in_book: int | None
    customers: int | None
    avg_confidence: float | None
    avg_reach: float | None
    budget_usd: str
    spent_usd: str
    saved_usd: str
    uncertain_usd: str
    simulated: bool


class Bulk(TypedDict):
    """Many campaigns ordered together; ``campaigns`` counts those in each state."""

    id: str
    url: str
    campaigns_url: str
    title: str
    status: Literal["pending", "processing", "paused", "completed", "partial", "failed", "cancelled"]
    is_final: bool
    progress: int
    campaigns: dict[str, int]
    leads: int
    emails_found: int
    emails_verified: int
    cap_usd: str
    used_usd: str
    spent_usd: str
    saved_usd: str
    uncertain_usd: str
    simulated: bool
    ordered_by: str | None
    created_at: str
    started_at: str | None
    ended_at: str | None
    elapsed_s: int
    remaining_s: int | None


class Noted(TypedDict):
    """Something about one of many orders, by its place among them, from 0; ``same_as`` is an earlier one it repeats."""

    index: int
    said: str
    same_as: int | None


class BulkPlan(TypedDict):
    """What many orders would find, cost and take together, without the ``bad`` ones."""

    orders: int
    leads_low: int
    leads_high: int
    cost_low_usd: str
    cost_high_usd: str
    duration_low_s: int
    duration_high_s: int
    bad: list[Noted]
    duplicates: list[Noted]


class OrderedBulk(Bulk):
    """What was ordered, and which of the orders were left out."""

    left_out: list[Noted]


class Repeat(TypedDict, total=False):
    """How an order repeats: ``cron`` by the clock of ``time_zone``, the most each time and all of a month may cost."""

    name: Required[str]
    cron: Required[str]
    time_zone: Required[str]
    budget_usd: Required[str]
    month_usd: str | None
    only_new: bool


class Schedule(TypedDict):
    """A campaign that repeats; ``next_at`` is null while it is paused."""

    id: str
    url: str
    name: str
    title: str
    cron: str
    time_zone: str
    budget_usd: str
    month_usd: str | None
    spent_usd: str
    only_new: bool
    next_at: str | None
    paused_at: str | None
    pause_cause: str | None
    made_by: str | None
    created_at: str
    runs: int


class Run(TypedDict):
    """What came of one time a schedule was due."""

    due_at: str
    begun_at: str
    missed: int
    outcome: Literal["ordered", "still_running", "month_spent", "limit_reached"]
    campaign_id: str | None
    previous_id: str | None
    status: Status | None
    leads: int | None
    emails_verified: int | None
    spent_usd: str | None


Target = Literal["mail", "link", "sftp", "s3", "webhook"]


class Sending(TypedDict, total=False):
    """When a file of leads is sent, as what and where. ``secret`` is told to nobody again, and left out keeps the one
    there is; a ``filter`` or ``sort`` that is left out stays."""

    name: Required[str]
    cron: Required[str]
    time_zone: Required[str]
    target: Required[Target]
    format: str
    columns: list[str]
    spelling: dict[str, Any]
    place: dict[str, str | int]
    secret: str
    filter: dict[str, Any] | None
    sort: str | None


class ScheduledExport(TypedDict):
    """A file that is sent again and again; ``next_at`` is null while it is paused."""

    id: str
    url: str
    name: str
    cron: str
    time_zone: str
    format: str
    columns: list[str]
    spelling: dict[str, Any]
    filter: dict[str, Any]
    sort: str
    target: Target
    place: dict[str, Any]
    next_at: str | None
    paused_at: str | None
    pause_cause: str | None
    made_by: str | None
    created_at: str
    runs: int


class Sent(TypedDict):
    """What came of one time a file was to be sent."""

    id: str
    due_at: str
    begun_at: str
    missed: int
    outcome: Literal["making", "sent", "failed", "let_go", "still_running"]
    rows: int | None
    left_out: int | None
    bytes: int | None
    place: str | None
    said: str
    tries: int
    try_at: str | None
    sent_at: str | None
    has_file: bool
    can_send_again: bool


class Event(TypedDict):
    """One moment of a campaign."""

    number: int
    at: str
    stage: str
    progress: int
    message: str | None
    businesses_found: int
    qualified_leads: int
    leads_enriched: int
    spent_usd: str


class Problem(Exception):
    """A request was not carried out. ``cause`` is for programs, ``detail`` for people, ``errors`` names wrong values,
    and ``request_id`` is what the log of the server knows it by."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told.get("detail") or told.get("error") or "The server did not say why.")
        self.cause = str(told.get("cause", "failed"))
        self.status = int(told.get("status", 0))
        self.detail = str(self)
        self.errors: list[dict[str, Any]] = list(told.get("errors", ()))
        self.request_id = str(told.get("request_id", ""))


class ProspectPro:
    """An installation, at its address and by a key."""

    def __init__(self, url: str, key: str, *, timeout_s: float = 30.0) -> None:
        # A header cannot hold it, and what the library says of that holds the key.
        if not (key.isascii() and key.isprintable()):
            raise Problem(
                {"cause": "invalid_key", "detail": "The key has signs that no key has. Copy it again."}
            )
        self._http = httpx.Client(
            base_url=url.rstrip("/") + PREFIX,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=timeout_s,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def me(self) -> dict[str, str]:
        """Whom the key acts for: ``email``, ``workspace``, ``role``."""
        found: dict[str, str] = self._json("GET", "/me")
        return found

    def plan(self, order: Order) -> Plan:
        """What an order would find, cost and take. Nothing is started or paid."""
        found: Plan = self._json("POST", "/plans", body=order)
        return found

    def quote(self, order: Order) -> Quote:
        """The same, kept for an hour to order by."""
        found: Quote = self._made("/quotes", order)
        return found

    def order_quote(self, quote_id: str, budget_usd: str, *, idempotency_key: str = "") -> Campaign:
        """Order what was quoted, for at most so much."""
        found: Campaign = self._made(
            f"/quotes/{quote_id}/campaign", {"budget_usd": budget_usd}, idempotency_key
        )
        return found

    def order(self, order: Order, *, idempotency_key: str = "") -> Campaign:
        """Order a campaign."""
        found: Campaign = self._made("/campaigns", order, idempotency_key)
        return found

    def campaigns(self, *, status: Status | None = None, text: str = "") -> Iterator[Campaign]:
        """Campaigns of the workspace, newest first."""
        asked = {"status": status, "text": text or None}
        yield from self._all("/campaigns", {name: value for name, value in asked.items() if value})

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign."""
        found: Campaign = self._json("GET", f"/campaigns/{campaign_id}")
        return found

    def change(
        self, campaign_id: str, *, title: str | None = None, tags: list[str] | None = None
    ) -> Campaign:
        """Give a campaign another title, other tags, or both."""
        body = {name: value for name, value in (("title", title), ("tags", tags)) if value is not None}
        found: Campaign = self._json("PATCH", f"/campaigns/{campaign_id}", body=body)
        return found

    def cancel(self, campaign_id: str) -> Campaign:
        """Stop a campaign; what it found stays."""
        found: Campaign = self._json("POST", f"/campaigns/{campaign_id}/cancel")
        return found

    def go_on(self, campaign_id: str, *, add_budget_usd: str | None = None) -> Campaign:
        """Let an ended campaign do what it left undone, with more money or within what is left."""
        body = {"add_budget_usd": add_budget_usd} if add_budget_usd else {}
        found: Campaign = self._made(f"/campaigns/{campaign_id}/continue", body)
        return found

    def retry(self, campaign_id: str) -> Campaign:
        """Have look-ups that came to no certain answer asked again."""
        found: Campaign = self._json("POST", f"/campaigns/{campaign_id}/retry")
        return found

    def delete(self, campaign_id: str) -> None:
        """Remove an ended campaign with its leads."""
        self._asked("DELETE", f"/campaigns/{campaign_id}")

    def events(self, campaign_id: str, after: int = 0) -> Iterator[Event]:
        """What happens in a campaign, as it happens, until it has ended; a stream that is lost is taken up again."""
        while True:
            headers = {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
            path = f"/campaigns/{campaign_id}/events"
            try:
                with self._http.stream("GET", path, headers=headers) as stream:
                    if stream.is_error:
                        stream.read()
                        raise Problem(_told(stream))
                    for kind, data in _blocks(stream.iter_lines()):
                        if kind == "progress":
                            event: Event = json.loads(data)
                            after = event["number"]
                            yield event
                        elif kind == "end":
                            return
            except httpx.TransportError:
                time.sleep(_WAIT_S)

    def plan_bulk(self, orders: Sequence[Order]) -> BulkPlan:
        """What many orders would find, cost and take together. Nothing is started or paid."""
        found: BulkPlan = self._json("POST", "/bulk-orders/plan", body={"orders": [*orders]})
        return found

    def order_bulk(
        self,
        orders: Sequence[Order],
        cap_usd: str | None = None,
        *,
        skip_bad: bool = False,
        skip_duplicates: bool = False,
        idempotency_key: str = "",
    ) -> OrderedBulk:
        """Order many campaigns, which together never cost more than the cap, by itself the sum of their budgets."""
        body = {"orders": [*orders], "skip_bad": skip_bad, "skip_duplicates": skip_duplicates}
        body |= {} if cap_usd is None else {"cap_usd": cap_usd}
        found: OrderedBulk = self._made("/bulk-orders", body, idempotency_key)
        return found

    def bulk_orders(self) -> Iterator[Bulk]:
        """Bulk orders of the workspace, newest first."""
        yield from self._all("/bulk-orders", {})

    def bulk_order(self, bulk_id: str) -> Bulk:
        """One bulk order."""
        found: Bulk = self._json("GET", f"/bulk-orders/{bulk_id}")
        return found

    def bulk_campaigns(self, bulk_id: str) -> Iterator[Campaign]:
        """The campaigns of a bulk order."""
        yield from self._all("/campaigns", {"bulk_order": bulk_id})

    def steer_bulk(self, bulk_id: str, how: Literal["pause", "resume", "cancel"]) -> Bulk:
        """Let no further campaign of it begin, let them begin again, or stop all of them."""
        found: Bulk = self._json("POST", f"/bulk-orders/{bulk_id}/{how}")
        return found

    def go_on_with_bulk(self, bulk_id: str, *, add_cap_usd: str = "0", idempotency_key: str = "") -> Bulk:
        """Let its campaigns that failed, were cut short or stopped do what they left undone."""
        found: Bulk = self._made(
            f"/bulk-orders/{bulk_id}/continue", {"add_cap_usd": add_cap_usd}, idempotency_key
        )
        return found

    def delete_bulk(self, bulk_id: str) -> None:
        """Remove an ended bulk order with its campaigns and their leads."""
        self._asked("DELETE", f"/bulk-orders/{bulk_id}")

    def add_schedule(self, campaign_id: str, repeat: Repeat, *, idempotency_key: str = "") -> Schedule:
        """Have the order of a campaign placed again and again."""
        found: Schedule = self._made("/schedules", {**repeat, "campaign_id": campaign_id}, idempotency_key)
        return found

    def schedules(self) -> list[Schedule]:
        """The campaigns of the workspace that repeat, those first that are due next."""
        found: list[Schedule] = self._json("GET", "/schedules")["items"]
        return found

    def schedule(self, schedule_id: str) -> Schedule:
        """One of them."""
        found: Schedule = self._json("GET", f"/schedules/{schedule_id}")
        return found

    def schedule_runs(self, schedule_id: str) -> list[Run]:
        """What came of each time it was due, newest first."""
        found: list[Run] = self._json("GET", f"/schedules/{schedule_id}/runs")["items"]
        return found

    def change_schedule(self, schedule_id: str, repeat: Repeat) -> Schedule:
        """Repeat it otherwise from now on."""
        found: Schedule = self._json("PUT", f"/schedules/{schedule_id}", body=repeat)
        return found

    def steer_schedule(self, schedule_id: str, how: Literal["pause", "resume", "run"]) -> Schedule:
        """Order nothing more, order again from the next time on, or order within a minute."""
        found: Schedule = self._json("POST", f"/schedules/{schedule_id}/{how}")
        return found

    def remove_schedule(self, schedule_id: str) -> None:
        """Forget it with its history; its campaigns stay."""
        self._asked("DELETE", f"/schedules/{schedule_id}")

    def add_scheduled_export(self, sending: Sending, *, idempotency_key: str = "") -> ScheduledExport:
        """Have a file of leads sent again and again."""
        found: ScheduledExport = self._made("/scheduled-exports", sending, idempotency_key)
        return found

    def scheduled_exports(self) -> list[ScheduledExport]:
        """The files of the workspace that are sent again and again, those first that are due next."""
        found: list[ScheduledExport] = self._json("GET", "/scheduled-exports")["items"]
        return found

    def scheduled_export(self, schedule_id: str) -> ScheduledExport:
        """One of them."""
        found: ScheduledExport = self._json("GET", f"/scheduled-exports/{schedule_id}")
        return found

    def scheduled_export_runs(self, schedule_id: str) -> list[Sent]:
        """What came of each time it was due, newest first."""
        found: list[Sent] = self._json("GET", f"/scheduled-exports/{schedule_id}/runs")["items"]
        return found

    def change_scheduled_export(self, schedule_id: str, sending: Sending) -> ScheduledExport:
        """Send otherwise from now on."""
        found: ScheduledExport = self._json("PUT", f"/scheduled-exports/{schedule_id}", body=sending)
        return found

    def try_scheduled_export(self, schedule_id: str) -> None:
        """Write a few bytes where its files go and remove them, or send a message that says it is a test."""
        self._asked("POST", f"/scheduled-exports/{schedule_id}/try")

    def steer_scheduled_export(
        self, schedule_id: str, how: Literal["pause", "resume", "run"]
    ) -> ScheduledExport:
        """Send nothing more, send again from the next time on, or have a file made within a minute."""
        found: ScheduledExport = self._json("POST", f"/scheduled-exports/{schedule_id}/{how}")
        return found

    def send_export_again(self, schedule_id: str, run_id: str) -> list[Sent]:
        """Send a file that was not sent once more; returns what came of each time."""
        path = f"/scheduled-exports/{schedule_id}/runs/{run_id}/send-again"
        found: list[Sent] = self._json("POST", path)["items"]
        return found

    def scheduled_export_file(self, schedule_id: str, run_id: str) -> bytes:
        """The file of one time, while it ``has_file``."""
        return self._asked("GET", f"/scheduled-exports/{schedule_id}/runs/{run_id}/file").content

    def remove_scheduled_export(self, schedule_id: str) -> None:
        """Forget it with its history and files that wait; what was sent stays where it is."""
        self._asked("DELETE", f"/scheduled-exports/{schedule_id}")

    def host_key(self, host: str, user: str, *, port: int = 22) -> str:
        """The key that a server of SFTP shows now, to be compared with what its owner says."""
        body = {"host": host, "user": user, "port": port}
        found: str = self._json("POST", "/scheduled-exports/host-key", body=body)["host_key"]
        return found

    def leads(self, campaign_id: str, **filters: Filter) -> Iterator[Lead]:
        """Leads of a campaign that the filters let through, such as ``has_email=True``, in the order of ``sort``."""
        yield from self._all(f"/campaigns/{campaign_id}/leads", filters)

    def file(self, campaign_id: str, format: str = "csv") -> bytes:
        """All leads of a campaign in a format or preset of exports."""
        return self._asked("GET", f"/campaigns/{campaign_id}/file", params={"format": format}).content

    def companies(self, **filters: Filter) -> Iterator[dict[str, Any]]:
        """Companies of the lead book that the filters let through."""
        yield from self._all("/companies", filters)

    def spend(self, by: Literal["day", "campaign", "provider"] = "provider", **asked: str) -> dict[str, Any]:
        """What was spent, summed; ``since`` and ``until`` are days."""
        found: dict[str, Any] = self._json("GET", "/spend", params={"by": by, **asked})
        return found

    def calls(self, **asked: str) -> Iterator[dict[str, Any]]:
        """Every question that was asked of providers, newest first; of one ``campaign`` or ``provider``."""
        yield from self._all("/calls", asked)

    def installation(self) -> dict[str, Any]:
        """How the installation does; for an administrator's key with the scope ``admin``."""
        found: dict[str, Any] = self._json("GET", "/installation")
        return found

    def suppress(self, whom: list[str], reason: str = "") -> dict[str, int]:
        """Put addresses, domains and phone numbers on the suppression list; how many are ``new`` and ``known``."""
        body = {"entries": [{"who": who} for who in whom], "reason": reason}
        found: dict[str, int] = self._json("POST", "/suppressions", body=body)
        return found

    def is_suppressed(self, who: str) -> bool:
        """Whether somebody is on the list."""
        return self._json("POST", "/suppression-check", body={"who": who})["entry"] is not None

    def _all(self, path: str, params: Mapping[str, Any]) -> Iterator[Any]:
        asked = dict(params)
        while True:
            page = self._json("GET", path, params=asked)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            asked["cursor"] = page["next_cursor"]

    def _made(self, path: str, body: Mapping[str, Any], idempotency_key: str = "") -> Any:  # noqa: ANN401 - any JSON
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        return self._asked("POST", path, body=body, headers=headers).json()

    def _json(self, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401 - any JSON
        return self._asked(method, path, **sent).json()

    def _asked(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer. Sent again after a pause: what was refused for now, and what was lost on the way where sending it
        twice does no harm."""
        request = self._http.build_request(method, path, params=params, json=body, headers=headers)
        is_safe = method in ("GET", "DELETE") or bool(headers)
        for left in reversed(range(_TRIES)):
            came = self._sent(request, is_safe=is_safe)
            if isinstance(came, httpx.Response):
                return came
            if not left or came.pause_s is None:
                raise came.error
            time.sleep(came.pause_s)
        raise AssertionError("the last try returns or raises")

    def _sent(self, request: httpx.Request, *, is_safe: bool) -> httpx.Response | _Failure:
        try:
            answer = self._http.send(request)
        except httpx.TransportError as error:
            may_repeat = is_safe or isinstance(error, httpx.ConnectError)
            return _Failure(error, _WAIT_S if may_repeat else None)
        if not answer.is_error:
            return answer
        problem = Problem(_told(answer))
        wait_s = min(_MOST_WAIT_S, float(answer.headers.get("retry-after", _WAIT_S)))
        may_repeat = answer.status_code in _AGAIN or problem.cause == _BUSY
        return _Failure(problem, wait_s if may_repeat else None)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no answer, and after how long to ask again; None where that makes no sense."""

    error: Exception
    pause_s: float | None


def _told(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        return {"status": answer.status_code, **told}
    return {"status": answer.status_code, "detail": f"The server answered {answer.status_code}."}


def _blocks(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Kind and data of each server-sent event."""
    kind, data = "", ""
    for line in lines:
        if not line and kind:
            yield kind, data
        if not line:
            kind, data = "", ""
        elif line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
