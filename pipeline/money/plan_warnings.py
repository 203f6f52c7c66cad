"""What a person should know before an order starts, as values, and the one sentence each is told in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Warn(StrEnum):
    """Why a campaign may bring or cost something else than one may think."""

    TYPE_UNKNOWN = "type_unknown"
    PLACE_UNKNOWN = "place_unknown"
    PLACE_LOOKED_UP = "place_looked_up"
    NOTHING_KNOWN = "nothing_known"
    FEWER_KNOWN = "fewer_known"
    NONE_NEW = "none_new"
    OUT_OF_REACH = "out_of_reach"
    UNSTATED = "unstated"
    NONE_KEPT = "none_kept"
    STOPPED = "stopped"
    COST_UNKNOWN = "cost_unknown"
    BUDGET_MAY_END_IT = "budget_may_end_it"
    NO_BUDGET = "no_budget"


@dataclass(frozen=True, slots=True)
class Warning:
    """One of them in words."""

    kind: Warn
    message: str
