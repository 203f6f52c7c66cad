"""What the triggers of plans refuse (``migrations/sql/0080_plans.sql``), as an exception."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy.exc import DBAPIError

_REFUSED = "PPPLN"


class What(StrEnum):
    """What a plan bounds."""

    LEADS = "leads"
    MEMBERS = "members"
    SCHEDULES = "schedules"
    API = "api"


class Beyond(Exception):
    """What was to be written is beyond the plan, so nothing was. ``left`` is what an order may still ask for."""

    def __init__(self, what: What, plan: str, left: int) -> None:
        super().__init__(f"the plan allows no more {what}")
        self.what = what
        self.plan = plan
        self.left = left


@contextmanager
def kept() -> Iterator[None]:
    """Around a transaction that orders, invites, repeats or makes a key. Raises Beyond."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != _REFUSED:
            raise
        said = json.loads(error.orig.diag.message_detail)  # type: ignore[union-attr]
        raise Beyond(What(said["what"]), said["plan"], said["left"]) from None
