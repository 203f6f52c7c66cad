"""How the open-data catalogue is filled: a batch of places in one statement, and those that are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.geo.location import cell_of
from pipeline.place import Place
from pipeline.words.closure import ends_on
from pipeline.words.osm_tags import kinds_of
from pipeline.words.text import folded
from store import tables
from store.bulk import IS_NEW, columns_of, insert_rows, insertion, taken_over
from store.place_search import PLAIN

# Tags whose text or yes tells what a place offers; their words can be searched for.
_TOLD_BY_VALUE = frozenset(
    {
        "alt_name",
        "operator",
        "cuisine",
        "sport",
        "description",
        "healthcare:speciality",
        "short_name",
        "owner",
        "overture:category",
        "foursquare:category",
        "company:activity",
    }
)
_TOLD_BY_YES = ("diet:", "organic", "fair_trade", "vegan", "vegetarian", "service:", "drink:")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch changed: places new to the catalogue, and places updated, of which ``changed`` say something else
    than before or were hidden."""

    added: int = 0
    updated: int = 0
    changed: int = 0


_P = tables.places.c
_POINT = ("lat", "lon")
_SAYING = (*(name for name in PLAIN if name not in ("observed_on", *_POINT)), "tags")
"""What a place says, whenever that was observed, beside where it is: the middle of a postcode is nothing it says."""
_WRITTEN = ("import_id", *PLAIN, "cell", "ends_on", "tags", "words")


@dataclass(frozen=True, slots=True)
class Batch:
    """Places as ``upsert`` stores them, each once."""

    places: Collection[Place]
    values: Mapping[str, str]


def batch(import_id: UUID, places: Sequence[Place]) -> Batch:
    """The places of an import for ``upsert``, whose own work is left to the database; of a place that is there twice
    the last counts."""
    each_once = {(place.source, place.source_ref): place for place in places}.values()
    return Batch(each_once, columns_of(tables.places, _columns(import_id, each_once)))


def upsert(conn: Connection, new: Batch) -> Stored:
    """Store places; one already known is updated unless another import stored it and observed it later.

    A file that does not say when it was observed counts as newer than what is stored.
    """
    if not new.places:
        return Stored()
    written = conn.execute(_merging(), new.values).all()
    _forget_kinds(conn, [row.id for row in written if not row.is_new])
    _write_kinds(conn, {(row.source, row.source_ref): row.id for row in written}, new.places)
    added = sum(row.is_new for row in written)
    changed = sum(row.is_changed for row in written)
    return Stored(added=added, updated=len(written) - added, changed=changed)


def _forget_kinds(conn: Connection, ids: Sequence[int]) -> None:
    """What places were besides their category."""
    if ids:
        conn.execute(
            sa.text("delete from place_kinds where place_id = any(cast(:ids as bigint[]))"),
            {"ids": list(ids)},
        )


def _write_kinds(conn: Connection, ids: Mapping[tuple[str, str], int], places: Iterable[Place]) -> None:
    """What the places that were written are besides their category."""
    rows = [
        {"kind": kind, "cell": cell_of(*place.point), "place_id": ids[place.source, place.source_ref]}
        for place in places
        if (place.source, place.source_ref) in ids
        for kind in kinds_of(place.category, place.tags)[1:]
    ]
    insert_rows(conn, tables.place_kinds, ("kind", "cell", "place_id"), rows)


@lru_cache(maxsize=1)
def _merging() -> sa.Select[Any]:
    new = insertion(tables.places, _WRITTEN)
    is_newer = sa.or_(
        _P.observed_on.is_(None),
        new.excluded.observed_on.is_(None),
        new.excluded.observed_on >= _P.observed_on,
        _P.import_id == new.excluded.import_id,
    )
    merged = new.on_conflict_do_update(
        index_elements=["source", "source_ref"],
        set_={**taken_over(new, _WRITTEN), "gone_at": None, "is_closed": sa.false()},
        where=is_newer,
    )
    written = merged.returning(IS_NEW, _P.id, *(_P[name] for name in (*_SAYING, *_POINT))).cte("written")
    # A statement sees its tables as they were before it.
    was = tables.places.alias("was")
    differs = (was.c[name].is_distinct_from(written.c[name]) for name in _SAYING)
    moved = (was.c[name].is_distinct_from(written.c[name]) for name in _POINT)
    is_moved = sa.and_(sa.not_(written.c.is_by_postcode), sa.or_(*moved))
    changed = sa.select(sa.or_(was.c.gone_at.is_not(None), *differs, is_moved)).where(
        was.c.id == written.c.id
    )
    is_changed = sa.case((written.c.is_new, False), else_=changed.scalar_subquery())
    told = [written.c[name] for name in ("is_new", "id", "source", "source_ref")]
    return sa.select(*told, is_changed.label("is_changed"))


def _columns(import_id: UUID, places: Collection[Place]) -> dict[str, list[Any]]:
    return {
        **{name: [getattr(place, name) for place in places] for name in PLAIN},
        "import_id": [import_id] * len(places),
        "cell": [cell_of(*place.point) for place in places],
        "ends_on": [ends_on(place.tags) for place in places],
        "tags": [dict(place.tags) for place in places],
        "words": [folded(" ".join(_told(place))) for place in places],
    }


def _told(place: Place) -> Iterator[str]:
    """Everything of a place that words are looked for in."""
    yield place.name
    yield place.category.partition("=")[2].replace("_", " ")
    yield place.brand or ""
    for tag, value in place.tags.items():
        if tag in _TOLD_BY_VALUE or tag.startswith("name:"):
            yield value
        elif tag.startswith(_TOLD_BY_YES) and value in ("yes", "only"):
            yield tag.rpartition(":")[2]


def keep(conn: Connection, import_id: UUID, source: str, refs: Sequence[str]) -> None:
    """Count places as held by an import that has them but cannot be read about them: they stay as they are."""
    conn.execute(
        sa.text("""
            update places
            set import_id = :import_id
            where source = :source and source_ref = any(:refs)
        """),
        {"import_id": import_id, "source": source, "refs": list(refs)},
    )
