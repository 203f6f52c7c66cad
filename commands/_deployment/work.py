"""A tiny campaign of open data, from order to download."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from threading import Thread

from clients.prospectpro import Campaign, Event, Order, Problem, ProspectPro
from commands._checks.finding import Finding, ok, skipped, warning, wrong
from commands._deployment import others
from commands._deployment.asked import FAILURES, Asked
from pipeline.campaign import Stage
from pipeline.output.export import SIMULATED
from store.interruptible import pause

MILESTONES = (0, *(stage.until for stage in Stage))
"""Percent that a campaign passes, as the stages have it: 0, 10, 30, 50, 90, 100."""
_LEADS = 5
_LOOK_S, _LATE_S, _BUFFERED_S = 0.5, 10.0, 2.0
# A run that a provider keeps waiting ends three seconds after it was stopped.
_STOPPED_S = 10.0
# A campaign that was stopped in line has no beginning.
_NEVER = "1970-01-01T00:00:00Z"
_NO_LEADS = (
    "Load open data (`manage.py prepare`, `import-places`), or name with --type and --location what is there."
)


def findings(asked: Asked) -> Iterator[Finding]:
    """Order, follow, read, download, sum up, look at it as others, delete it again."""
    with asked.program(asked.key) as program:
        order: Order = {
            "business_types": [asked.kind],
            "location": asked.location,
            "max_results": _LEADS,
            "min_confidence": 0,
            "budget_usd": "0",
            "waterfall": [],
        }
        made = program.order(order)
        try:
            yield from _followed(asked, program, made)
        finally:
            # Also where a request failed midway: nothing of the look is left behind.
            yield _cleaned(program, made["id"])


def _cleaned(program: ProspectPro, campaign_id: str) -> Finding:
    """The campaign is stopped unless it has ended, and deleted."""
    try:
        left = program.campaign(campaign_id)
        left = left if left["is_final"] else program.cancel(campaign_id)
        began = time.monotonic()
        while not left["is_final"] and time.monotonic() - began < _STOPPED_S:
            pause(_LOOK_S)
            left = program.campaign(campaign_id)
        if left["is_final"]:
            program.delete(campaign_id)
            return ok("cleaned up", "The campaign was deleted again.")
    except FAILURES as error:
        return warning("cleaned up", f"The campaign may still be there: {error}", "Look under Campaigns.")
    return warning("cleaned up", "The campaign was stopped and has not ended yet.", "Delete it later.")


def _followed(asked: Asked, program: ProspectPro, made: Campaign) -> Iterator[Finding]:
    campaign, seen = _watched(asked, program, made)
    yield _ending(asked, campaign)
    if not campaign["is_final"]:
        return
    passed = [made["progress"], *(event["progress"] for event, _ in seen)]
    missing = [str(percent) for percent in MILESTONES if percent not in passed]
    if missing or passed != sorted(passed):
        said = (
            f"Told {'-'.join(map(str, passed))}; missing: {', '.join(missing) or 'none, but out of order'}."
        )
        yield wrong("progress", said, "See the campaign's page and the worker's log.")
    else:
        yield ok("progress", f"{'-'.join(map(str, MILESTONES))}, in {campaign['elapsed_s']} s.")
    yield _liveliness(campaign, [at for _, at in seen])
    yield from _results(program, campaign)
    yield from others.isolation(asked, campaign)


def _watched(
    asked: Asked, program: ProspectPro, made: Campaign
) -> tuple[Campaign, list[tuple[Event, float]]]:
    """The campaign at its end or when it has had its time, and each event with the seconds after which it came."""
    began = time.monotonic()
    seen: list[tuple[Event, float]] = []

    def listen() -> None:
        with asked.program(asked.key) as listener, suppress(Problem):
            for event in listener.events(made["id"]):
                seen.append((event, time.monotonic() - began))

    listening = Thread(target=listen, daemon=True)
    listening.start()
    while True:
        campaign = program.campaign(made["id"])
        if campaign["is_final"]:
            listening.join(_LATE_S)
            return campaign, seen
        if time.monotonic() - began > asked.within_s:
            return campaign, seen
        pause(_LOOK_S)


def _ending(asked: Asked, campaign: Campaign) -> Finding:
    if not campaign["is_final"]:
        said = f"Not over after {asked.within_s:g} s: {campaign['waiting_for'] or campaign['stage']}."
        return wrong("campaign", said, "See whether a worker runs: Health, or `manage.py doctor`.")
    said = f"{campaign['status'].capitalize()}, {campaign['leads']} leads of {campaign['businesses_found']} businesses."
    if campaign["status"] != "completed":
        return wrong(
            "campaign", f"{said} {campaign['reason'] or ''}".strip(), "See its page and the worker's log."
        )
    if not campaign["leads"]:
        return wrong("campaign", said, _NO_LEADS)
    return ok("campaign", said)


def _liveliness(campaign: Campaign, came_s: list[float]) -> Finding:
    began, ended = (datetime.fromisoformat(campaign[name] or _NEVER) for name in ("started_at", "ended_at"))
    if (ended - began).total_seconds() <= _BUFFERED_S:
        return skipped("live progress", "The campaign was over too soon to tell.")
    if came_s and came_s[-1] - came_s[0] < _BUFFERED_S / 2:
        said = "All that happened was told at once, at the end."
        return wrong(
            "live progress", said, "A proxy holds answers back: switch buffering off (deploy/nginx.conf)."
        )
    return ok("live progress", f"{len(came_s)} events came as they happened.")


def _results(program: ProspectPro, campaign: Campaign) -> Iterator[Finding]:
    """The campaign's row in the database, its leads page by page, and its file say the same."""
    listed = [lead["name"] for lead in program.leads(campaign["id"], limit=2)]
    if len(listed) != campaign["leads"]:
        said = f"The campaign counts {campaign['leads']} leads, and {len(listed)} are listed."
        yield wrong("leads", said, "`manage.py doctor`; see the campaign's page.")
    else:
        yield ok("leads", f"All {len(listed)} are listed, as the campaign counts them.")
    rows = list(csv.DictReader(io.StringIO(program.file(campaign["id"]).decode("utf-8-sig"))))
    # Leads of stand-in providers say so in front of their names.
    told = (value.removeprefix(f"{SIMULATED} ") for row in rows for value in row.values() if value)
    names = Counter(name for name in told if name in set(listed))
    if len(rows) == len(listed) and all(names[name] >= number for name, number in Counter(listed).items()):
        yield ok("download", f"The CSV file has the same {len(rows)} leads.")
    else:
        yield wrong("download", f"The CSV file has {len(rows)} leads.", "See the log of the web server.")
    yield _cost(program, campaign)


def _cost(program: ProspectPro, campaign: Campaign) -> Finding:
    calls = sum(Decimal(call["cost_usd"]) for call in program.calls(campaign=campaign["id"]))
    summed = Decimal(program.spend(campaign=campaign["id"])["total"]["cost_usd"])
    spent, budget = Decimal(campaign["spent_usd"]), Decimal(campaign["budget_usd"])
    if calls == summed == spent <= budget:
        return ok("cost", f"${spent} of ${budget}: the calls, their sum and the campaign agree.")
    said = f"Calls ${calls}, sum ${summed}, campaign ${spent}, budget ${budget}."
    return wrong("cost", said, "`manage.py reconcile`; see Spend.")
