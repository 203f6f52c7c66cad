"""Handing companies to customer systems: what a worker does beside its campaigns (``jobs.side_work``).

Each batch is looked for there, then written, then noted. Whoever dies in between leaves companies that wait: after a
while they are looked for anew, so that what was made without being noted is found and not made again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, TypeVar

import settings
from pipeline import events
from pipeline.crm.adapter import Access, Crm, CrmError, Customer, typed_in
from pipeline.crm.crms import CRMS
from pipeline.imports.company_list import Column
from services import crm_batches
from store import clock, crm_work, provider_setup, sealing
from store.crm import PURPOSE
from store.crm_work import Link, Run
from store.database import Role, transaction
from store.ids import new_id

log = logging.getLogger(__name__)

_MINUTE_S, _HOUR_S = 60, 3600
WAITS_S: Final = (10, _MINUTE_S, 5 * _MINUTE_S, 30 * _MINUTE_S, 2 * _HOUR_S, 5 * _HOUR_S)
"""Seconds until the next try of a batch; our own choice."""
LOST_S: Final = 90
"""What is made there is found by a search some moments later: so long we wait after an answer that was lost."""
# Above what the requests of one batch may take.
_HOLD_S = 600
_ROUND_S = 60.0
_COLUMNS = (
    Column.EXTERNAL_ID,
    Column.NAME,
    Column.WEBSITE,
    Column.PHONE,
    Column.CITY,
    Column.POSTCODE,
    Column.COUNTRY,
)
_T = TypeVar("_T")


def are_due() -> bool:
    """Whether something is to be done."""
    with transaction(Role.SYSTEM) as conn:
        return crm_work.are_due(conn)


def run_due() -> Iterator[str]:
    """Do what is due, for a minute at most; yields a line on each."""
    until_s = time.monotonic() + _ROUND_S
    while time.monotonic() < until_s:
        with transaction(Role.SYSTEM) as conn:
            link = crm_work.link(conn, _HOLD_S)
            run = None if link else crm_work.run(conn, _HOLD_S)
        if link:
            yield _fetched(link) if link.wants_customers else _checked(link)
        elif run:
            yield _gone_on(run)
        else:
            return


def _checked(link: Link) -> str:
    found, problem = _asked(link, lambda system: system.properties())
    missing = sorted(set(link.mapping.values()) - found) if found else []
    if missing:
        problem = f"{CRMS[link.crm].label} has no property {', '.join(missing)} for companies. Choose others."
    with transaction(Role.SYSTEM) as conn:
        crm_work.checked(conn, link, problem, sorted(found) if found else None)
    return f"A customer system was checked: {problem or 'it answers'}."


def _fetched(link: Link) -> str:
    found, problem = _asked(link, lambda system: system.customers())
    with transaction(Role.SYSTEM) as conn:
        crm_work.customers(conn, link, problem, None if found is None else _as_list(link.crm, found))
    return f"Customers of a customer system: {problem or f'{len(found or ()):,} fetched'}."


def _as_list(system: str, found: Sequence[Customer]) -> Mapping[str, object]:
    """Customers as a file like those that are uploaded."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([column.value for column in _COLUMNS])
    writer.writerows(
        [one.id, one.name, one.domain, one.phone, one.city, one.postcode, one.country] for one in found
    )
    data = written.getvalue().encode()
    return {
        "list": new_id(),
        "called": f"{CRMS[system].label} customers",
        "digest": hashlib.sha256(data).digest(),
        "rows": data,
        "places": {column.value: place for place, column in enumerate(_COLUMNS)},
        "count": len(found),
    }


def _gone_on(run: Run) -> str:
    """One batch of a run, or its end."""
    with transaction(Role.SYSTEM) as conn:
        waiting = crm_work.waiting(conn, run, CRMS[run.crm].batch)
    if not waiting:
        with transaction(Role.SYSTEM) as conn:
            crm_work.wait(conn, run, None, None)
        return f"Hand-off {run.id}: through."
    try:
        with closing(_opened(run)) as system:
            outcomes, left = crm_batches.carried_out(system, run, waiting)
    except (CrmError, sealing.Unreadable) as error:
        return _postponed(run, _as_error(error))
    with transaction(Role.SYSTEM) as conn:
        crm_work.done(conn, run, outcomes)
    if left:
        return _postponed(run, CrmError(f"{left} answers did not say what came of a company.", is_lost=True))
    with transaction(Role.SYSTEM) as conn:
        crm_work.wait(conn, run, None, 0)
    return f"Hand-off {run.id}: {len(outcomes)} companies."


def _postponed(run: Run, error: CrmError) -> str:
    wait_s: float | None = None
    if not error.is_final and run.tries < len(WAITS_S):
        wait_s = max(WAITS_S[run.tries], error.wait_s or 0, LOST_S if error.is_lost and run.is_push else 0)
    with transaction(Role.SYSTEM) as conn:
        crm_work.wait(conn, run, str(error), wait_s)
    events.warning(log, "crm_failed", crm=run.crm, reason=str(error))
    return f"Hand-off {run.id}: {error}"


def _asked(link: Link, ask: Callable[[Crm], _T]) -> tuple[_T | None, str | None]:
    """What was asked for, or why there is nothing."""
    try:
        with closing(_opened(link)) as opened:
            return ask(opened), None
    except (CrmError, sealing.Unreadable) as error:
        events.warning(log, "crm_failed", crm=link.crm, reason=str(_as_error(error)))
        return None, str(_as_error(error))


def _opened(one: Link | Run) -> Crm:
    config, kind = settings.get(), CRMS[one.crm]
    with transaction(Role.SYSTEM) as conn:
        now = clock.now(conn)
    return kind.open(
        Access(
            typed=typed_in(kind, sealing.unseal(PURPOSE, one.token)),
            user_agent=provider_setup.user_agent(),
            at=now,
            gateway=config.crm_gateway.rstrip("/"),
            proxy=config.outbound_proxy.get_secret_value(),
        )
    )


def _as_error(error: CrmError | sealing.Unreadable) -> CrmError:
    if isinstance(error, CrmError):
        return error
    return CrmError(
        "What was typed to connect it cannot be read: APP_SECRET changed. Type it again.", is_final=True
    )
