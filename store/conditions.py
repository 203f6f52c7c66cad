"""Conditions that lists share, as expressions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def contains(haystack: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """``text`` stands in ``haystack``, literally and whatever the letter case."""
    return sa.func.strpos(sa.func.lower(haystack), sa.func.lower(text)) > 0


def is_given(column: sa.ColumnElement[Any], wanted: bool) -> sa.ColumnElement[bool]:
    """There is a value, or with ``wanted`` False there is none."""
    return column.is_not(None) if wanted else column.is_(None)
