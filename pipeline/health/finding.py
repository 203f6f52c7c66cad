"""Something that needs somebody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much somebody is needed."""

    PROBLEM = "problem"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that needs somebody. ``rule`` and ``subject`` tell it from others: the same one is raised once."""

    rule: str
    subject: str = ""
    severity: Severity
    title: str
    why: str
    advice: str
