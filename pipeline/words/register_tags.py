"""What registers of companies state, as tags of a place."""

from __future__ import annotations

FOUNDED = "company:founded"
SIZE = "company:size"
NUMBER = "company:number"
REGISTER = "company:register"
STATUS = "company:status"
SIZES = ("micro", "small", "medium", "large")
REGISTERS = {"prh": "PRH, the Finnish register", "companies_house": "UK Companies House"}
