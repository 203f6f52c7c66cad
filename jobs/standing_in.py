"""What web servers do in the place of workers while none lives: raise the alert that says so, and tell of it.

Alerts are a duty of workers, so that without one nobody would hear of the worst there is. Each web server looks, and
Postgres decides which of them raises it and who sends which mail.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from jobs import alerts, duties, webhooks
from pipeline import events
from settings import SettingsError
from store import in_force, workers
from store.database import DatabaseError, DatabaseNotConfigured, Role, engine, transaction

log = logging.getLogger(__name__)

_LOOK_S = 15.0
# Workers that are started again are away for some seconds, which is nothing to wake anybody for.
_CALM_S = 60.0
# Above what one mail may take, so that no other web server sends it meanwhile.
_HOLD_S, _ROUND_S = 120, 60.0


@dataclass(slots=True, kw_only=True)
class StandIn:
    """One web server's look at the workers; ``calm_s``: how long none may live before somebody is told."""

    calm_s: float = _CALM_S
    _alone_since_s: float | None = field(default=None, init=False)

    def look(self, now_s: float) -> None:
        """See whether a worker lives, and do what is due when none has for a while; ``now_s`` by a monotonic clock."""
        with transaction(Role.SYSTEM) as conn:
            lives = workers.one_lives(conn)
        if lives:
            self._alone_since_s = None
            return
        if self._alone_since_s is None:
            self._alone_since_s = now_s
        if now_s - self._alone_since_s < self.calm_s:
            return
        duties.do("alerts")
        if in_force.mail().smtp_host:
            for said in alerts.send_due(_HOLD_S, time.monotonic() + _ROUND_S):
                events.info(log, "stood_in", said=said)
        if webhooks.are_due():
            for said in webhooks.send_due():
                events.info(log, "stood_in", said=said)


@contextmanager
def watching(look_s: float = _LOOK_S, calm_s: float = _CALM_S) -> Iterator[None]:
    """Look every few seconds, on a thread of its own: a mail server may keep a caller waiting."""
    stop, looks = threading.Event(), StandIn(calm_s=calm_s)
    if not _may_look():
        yield
        return

    def watch() -> None:
        while not stop.wait(look_s):
            try:
                looks.look(time.monotonic())
            except (DatabaseError, OSError) as error:
                events.warning(log, "stand_in_postponed", reason=type(error).__name__)

    # A process that ends does not wait for it: a mail it had claimed is sent by the next one.
    threading.Thread(target=watch, name="stand-in", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def _may_look() -> bool:
    """Whether this host was given the address of the role that sees workers."""
    try:
        engine(Role.SYSTEM)
    except (DatabaseNotConfigured, SettingsError):
        return False
    return True
