"""What files of leads are called: names every file system takes."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from uuid import UUID

from pipeline.campaign import CampaignSpec
from pipeline.output.export import SIMULATED
from pipeline.words.text import folded

_MAX_SLUG = 80


def file_name(spec: CampaignSpec, day: date, extension: str, *, is_simulated: bool = False) -> str:
    """A name every file system takes: ``prospectpro-cafe-helsinki-20261124.csv``."""
    words = folded(spec.location if spec.own_list else f"{' '.join(spec.business_types)} {spec.location}")
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    slug = "-".join(plain.split())[:_MAX_SLUG].strip("-") or "campaign"
    return _named(slug, day, extension, is_simulated=is_simulated)


def book_file_name(day: date, extension: str, *, is_simulated: bool = False) -> str:
    """``prospectpro-leads-20261124.csv``, for leads of the book."""
    return _named("leads", day, extension, is_simulated=is_simulated)


def scheduled_file_name(made: str, due: datetime, run_id: UUID) -> str:
    """``prospectpro-leads-20261124T060000Z-8e8f21.csv`` for a file that was made under the name ``made``: the same
    however often one time of a schedule is tried, and another one for every other time."""
    start, _, end = made.rpartition("-")
    return f"{start}-{due:%Y%m%dT%H%M%SZ}-{run_id.hex[-6:]}.{end.partition('.')[2]}"


def _named(slug: str, day: date, extension: str, *, is_simulated: bool) -> str:
    warning = f"{SIMULATED}-" if is_simulated else ""
    return f"{warning}prospectpro-{slug}-{day:%Y%m%d}.{extension}"
