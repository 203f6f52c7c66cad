"""What registers of companies say of a company, as tags of a place."""

from __future__ import annotations

from collections.abc import Mapping

FOUNDED = "company:founded"
"""The day it was registered, an ISO date."""
SIZE = "company:size"
"""One of ``SIZES``, where the register says one."""
NUMBER = "company:number"
"""Its number in the register."""
REGISTER = "company:register"
"""One of ``REGISTERS``."""
STATUS = "company:status"
"""How it stands there, in words."""

SIZES = ("micro", "small", "medium", "large")
REGISTERS: Mapping[str, str] = {
    "prh": "PRH, the Finnish register",
    "companies_house": "UK Companies House",
}
"""What people call each register; the keys are those of the sources, too."""
