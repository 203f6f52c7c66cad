"""The plans a workspace may have, where they are sold: what each allows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``members``: people of a workspace, open invitations included; ``leads``: found in a calendar month of UTC;
    ``schedules``: those that are not paused; ``api``: whether keys for programs are made, and answered."""

    key: str
    label: str
    members: int
    leads: int
    schedules: int
    api: bool


FREE: Final = Plan(key="free", label="Free", members=2, leads=250, schedules=1, api=False)
TEAM: Final = Plan(key="team", label="Team", members=10, leads=5_000, schedules=20, api=True)
BUSINESS: Final = Plan(key="business", label="Business", members=50, leads=50_000, schedules=50, api=True)
PLANS: Final[Mapping[str, Plan]] = MappingProxyType({plan.key: plan for plan in (FREE, TEAM, BUSINESS)})
"""From the least to the most; the first costs nothing."""
PAID: Final = (TEAM, BUSINESS)


def plan_of(key: str) -> Plan:
    """The plan of this name; a name that is not known any more stands for the one that costs nothing."""
    return PLANS.get(key, FREE)


def rank(key: str) -> int:
    """0 for the least plan."""
    return list(PLANS).index(plan_of(key).key)


def as_the_database_keeps_them() -> str:
    """All of them as JSON, for the triggers that hold campaigns, people, schedules and keys to them."""
    figures = {
        key: {"members": plan.members, "leads": plan.leads, "schedules": plan.schedules, "api": plan.api}
        for key, plan in PLANS.items()
    }
    return json.dumps(figures)
