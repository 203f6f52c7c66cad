"""What an installation does regularly beside its campaigns, in one table; a duty that fails stops no other.

Workers have what is due done by a process of their own (``jobs/side_work.py``), each duty by one of them at a time.
What is done whenever something waits stands here as well, so that an administrator sees that it is.
"""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jobs import alerts, credit, housekeeping, measuring, reachability, schedules
from pipeline import events
from store import duties
from store.database import DatabaseAway, DatabaseError, Role, in_a_row, in_short, transaction

log = logging.getLogger(__name__)

_NOTED_EVERY_S = 30
_ERROR_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """``label`` is what it does, for people; ``every_s`` 0: whenever something waits, by ``run`` of somebody else.
    ``limit_s`` after its begin it is ended and counts as one that failed."""

    name: str
    label: str
    every_s: int = 0
    limit_s: int = 300
    run: Callable[[], str] | None = None


class DutiesFailed(Exception):
    """Some of what was to be done failed; the rest was done."""


def _watch() -> str:
    return alerts.watch(LABELS)


_FIVE_MIN, _QUARTER, _HOUR = 300, 900, 3600
DUTIES = (
    Duty(name="reconcile", label="Wake or end campaigns that nobody runs"),
    Duty(name="mail", label="Send mails"),
    Duty(name="lists", label="Check and store uploaded lists"),
    Duty(name="files", label="Write large files of leads"),
    Duty(name="sends", label="Send files of schedules"),
    Duty(name="webhooks", label="Tell other systems"),
    Duty(name="crm", label="Hand companies to customer systems"),
    Duty(name="places", label="Load and remove places"),
    Duty(name="billing", label="Ask Stripe what is paid for"),
    Duty(
        name="measures",
        label="Measure how the installation does",
        every_s=60,
        run=measuring.take,
    ),
    Duty(name="schedules", label="Place the orders of schedules", every_s=60, run=schedules.place_due),
    Duty(name="alerts", label="Raise and resolve alerts", every_s=60, run=_watch),
    Duty(
        name="values",
        label="Remove values that may be kept for some days only",
        every_s=_FIVE_MIN,
        run=housekeeping.forget_values,
    ),
    Duty(
        name="mails_let_go",
        label="Let go of mails nobody can send",
        every_s=_FIVE_MIN,
        run=housekeeping.let_mails_go,
    ),
    Duty(
        name="old_rows",
        label="Remove what long ended campaigns need no more",
        every_s=_FIVE_MIN,
        run=housekeeping.forget_old,
    ),
    Duty(
        name="old_leads",
        label="Remove leads that are too old",
        every_s=_FIVE_MIN,
        run=housekeeping.forget_leads,
    ),
    Duty(name="audit", label="Remove old audit notes", every_s=_FIVE_MIN, run=housekeeping.forget_audit),
    Duty(name="guests", label="Remove guests who left", every_s=_FIVE_MIN, run=housekeeping.forget_guests),
    Duty(
        name="programs",
        label="Remove what programs need no more",
        every_s=_FIVE_MIN,
        run=housekeeping.forget_for_programs,
    ),
    Duty(name="old_lists", label="Remove lists taken away", every_s=_FIVE_MIN, run=housekeeping.forget_lists),
    Duty(
        name="old_files",
        label="Remove files whose time is over",
        every_s=_FIVE_MIN,
        run=housekeeping.forget_files,
    ),
    Duty(
        name="old_loads",
        label="Remove files of places and old notes of loads",
        every_s=_HOUR,
        run=housekeeping.forget_place_loads,
    ),
    Duty(name="spend_sums", label="Sum up spending", every_s=_FIVE_MIN, run=housekeeping.sum_up),
    Duty(name="sums", label="Compare sums with calls", every_s=_FIVE_MIN, run=housekeeping.check_sums),
    Duty(name="credit", label="Ask providers what credit is left", every_s=_QUARTER, run=credit.ask),
    Duty(name="endings", label="See what ends soon", every_s=_HOUR, run=credit.look_for_endings),
    # Last: names that nobody resolves keep a caller waiting.
    Duty(
        name="reachability", label="Ask open services how they are", every_s=_FIVE_MIN, run=reachability.check
    ),
)
LABELS = {duty.name: duty.label for duty in DUTIES}
_SCHEDULED = tuple(duty for duty in DUTIES if duty.every_s)


def are_due() -> bool:
    """Whether something is to be done."""
    with transaction(Role.SYSTEM) as conn:
        return duties.are_due(conn, [duty.name for duty in _SCHEDULED])


def run_due() -> Sequence[str]:
    """Do what is due; returns a line on each for people. For a process of its own: what takes too long ends it."""
    with in_a_row():
        return [said for duty in _SCHEDULED if (said := _in_time(duty))]


def _in_time(duty: Duty) -> str | None:
    signal.alarm(duty.limit_s)
    said, _ = _done(duty, only_due=True)
    signal.alarm(0)
    return said


def do(name: str) -> None:
    """Do one duty when it is due and nobody else is at it, here and now."""
    _done(next(duty for duty in _SCHEDULED if duty.name == name), only_due=True)


def run_all() -> Iterator[str]:
    """Do all of it, due or not; yields a line on each for people. Raises DutiesFailed in the end when some failed."""
    failed = []
    for duty in _SCHEDULED:
        said, error = _done(duty, only_due=False)
        yield said or f"{duty.label}: somebody else is at it."
        if error:
            failed.append(duty.label)
    if failed:
        raise DutiesFailed(f"This failed, and the rest was done: {'; '.join(failed)}.")


def noted(name: str, work: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Do what is done whenever something waits, and note when, how long it took and whether it failed."""
    began_s, problem = time.monotonic(), None
    try:
        yield from work()
    except Exception as error:
        problem = _in_words(error)
        raise
    finally:
        _note(name, began_s, problem)


def _note(name: str, began_s: float, problem: str | None) -> None:
    took_ms = int((time.monotonic() - began_s) * 1000)
    try:
        with transaction(Role.SYSTEM) as conn:
            duties.note(conn, name, socket.gethostname(), took_ms, problem, at_most_every_s=_NOTED_EVERY_S)
    except DatabaseError:
        # It is about a note: what was done is done.
        events.warning(log, "duty_not_noted", duty=name)


def _done(duty: Duty, *, only_due: bool) -> tuple[str, str | None]:
    """What came of a duty in words, nothing when it is not this process's turn, and the error it ended with."""
    if duty.run is None:
        return "", None
    with transaction(Role.SYSTEM) as conn:
        if not duties.claim(
            conn,
            duty.name,
            socket.gethostname(),
            every_s=duty.every_s,
            hold_s=duty.limit_s,
            only_due=only_due,
        ):
            return "", None
    said, problem = "", None
    try:
        said = duty.run()
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001 - it is told with its traceback
        problem = _in_words(error)
        events.error(log, "duty_failed", error, duty=duty.name)
    with transaction(Role.SYSTEM) as conn:
        duties.ended(conn, duty.name, said, problem)
    return said or f"{duty.label}: {problem}", problem


def _in_words(error: Exception) -> str:
    """What went wrong, on one line of bounded length."""
    told = in_short(error) if isinstance(error, DatabaseError) else (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {told}"[:_ERROR_LENGTH]
