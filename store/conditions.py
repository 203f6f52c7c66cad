"""Conditions that lists share, as expressions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from pipeline.campaign import CampaignStatus
from pipeline.geo.box import Box
from store.tables import discovery_jobs


def contains(haystack: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """``text`` stands in ``haystack``, literally and whatever the letter case."""
    return sa.func.strpos(sa.func.lower(haystack), sa.func.lower(text)) > 0


def is_given(column: sa.ColumnElement[Any], wanted: bool) -> sa.ColumnElement[bool]:
    """There is a value, or with ``wanted`` False there is none."""
    return column.is_not(None) if wanted else column.is_(None)


def within(lat: sa.ColumnElement[Any], lon: sa.ColumnElement[Any], box: Box) -> sa.ColumnElement[bool]:
    """A point lies in ``box``, or on its edge."""
    sides = (lon >= box.west, lon <= box.east)
    across = sa.and_(*sides) if box.west <= box.east else sa.or_(*sides)
    return sa.and_(lat >= box.south, lat <= box.north, across)


def is_stuck() -> sa.ColumnElement[bool]:
    """Of a job: its lease ran out and nobody took it over yet."""
    is_over = sa.func.coalesce(discovery_jobs.c.lease_until < sa.func.now(), True)
    return sa.and_(discovery_jobs.c.status == CampaignStatus.PROCESSING, is_over)
