"""What a newer file of places lacks of those its name had before: counted, and hidden when the file is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import tables
from store.place_imports import ImportJob

Box = tuple[float, float, float, float]
"""South, west, north and east, WGS 84 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What an import lacks of the earlier files of its name: shown ``places``, beside how many it ``held`` itself, and
    how many of its records are ``lost_records``."""

    places: int
    held: int
    lost_records: int


# Shown places of earlier files of the name that this one lacks, as far as it reaches and was not observed before them.
_LACKING = (
    sa.text("""
        select p.id
        from places p
        join place_imports i on i.id = p.import_id
        where i.name = :import_name
            and i.id <> :this_import
            and p.gone_at is null
            and (cast(:seen_on as date) is null or p.observed_on is null or p.observed_on <= :seen_on)
            and (
                cast(:south as float8) is null
                or (p.lat between :south and :north and p.lon between :west and :east)
            )
    """)
    .columns(sa.column("id", sa.BigInteger))
    .subquery("lacking")
)


def lacking(conn: Connection, job: ImportJob, box: Box | None) -> Lacking:
    """How many shown places of earlier files of the name the file lacks within ``box``, and what else says whether
    it is whole."""
    values = _values(job, box)
    number = conn.execute(sa.select(sa.func.count()).select_from(_LACKING), values).scalar_one()
    row = conn.execute(
        sa.text("""
            select lost_records,
                (select count(*) from places where import_id = :this_import and gone_at is null) as held
            from place_imports
            where id = :this_import
        """),
        values,
    ).one()
    return Lacking(places=int(number), held=int(row.held), lost_records=int(row.lost_records))


def hide_lacking(conn: Connection, job: ImportJob, box: Box | None) -> int:
    """Hide the places ``lacking`` counts; returns how many."""
    hiding = (
        sa.update(tables.places)
        .where(tables.places.c.id.in_(sa.select(_LACKING.c.id)))
        .values(gone_at=sa.func.now())
    )
    return int(conn.execute(hiding, _values(job, box)).rowcount)


def _values(job: ImportJob, box: Box | None) -> dict[str, Any]:
    edges = dict(zip(("south", "west", "north", "east"), box or (None,) * 4, strict=True))
    return {"this_import": job.id, "import_name": job.name, "seen_on": job.observed_on, **edges}
