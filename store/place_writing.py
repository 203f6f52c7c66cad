"""How the open-data catalogue is filled: a batch of places in one statement, and those that are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from pipeline.geo.location import cell_of
from pipeline.place import Place
from pipeline.words.closure import ends_on
from pipeline.words.osm_tags import kinds_of
from pipeline.words.text import folded
from store import tables
from store.bulk import IS_NEW, columns_of, insertion, taken_over
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
    """Places as ``upsert`` stores them, each once, and what they are besides their categories."""

    places: int
    values: Mapping[str, str]
    kinds: Mapping[str, Any]


def batch(import_id: UUID, places: Sequence[Place]) -> Batch:
    """The places of an import for ``upsert``, whose own work is left to the database; of a place that is there twice
    the last counts."""
    each_once = {(place.source, place.source_ref): place for place in places}.values()
    columns = _columns(import_id, each_once)
    kinds = columns_of(tables.places, _kinds(each_once, columns["cell"])) | {"import_id": import_id}
    return Batch(len(each_once), columns_of(tables.places, columns), kinds)


def upsert(conn: Connection, new: Batch) -> Stored:
    """Store places; one already known is updated unless another import stored it and observed it later.

    A file that does not say when it was observed counts as newer than what is stored.
    """
    if not new.places:
        return Stored()
    written = conn.execute(_merging(), new.values).one()
    if written.known:
        conn.execute(
            sa.text("delete from place_kinds where place_id = any(cast(:ids as bigint[]))"),
            {"ids": written.known},
        )
    _write_kinds(conn, new)
    return Stored(added=written.added, updated=len(written.known), changed=written.changed)


def _write_kinds(conn: Connection, new: Batch) -> None:
    """What the places that were written are besides their category."""
    conn.execute(
        sa.text("""
            insert into place_kinds (kind, cell, place_id)
            select given.category, given.cell, p.id
            from unnest(
                    cast(:given_source as text[]), cast(:given_source_ref as text[]),
                    cast(:given_category as text[]), cast(:given_cell as int[])
                ) as given (source, source_ref, category, cell)
            -- "limit" keeps the planner from reading the whole table.
            cross join lateral (
                select id, import_id
                from places
                where source = given.source and source_ref = given.source_ref
                limit 1
            ) as p
            where p.import_id = :import_id
            on conflict do nothing
        """),
        new.kinds,
    )


@lru_cache(maxsize=1)
def _merging() -> sa.Select[int, int, Sequence[int]]:
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
    is_changed = sa.case((written.c.is_new, False), else_=changed.scalar_subquery()).label("is_changed")
    told = sa.select(written.c.id, written.c.is_new, is_changed).subquery("told")
    known = sa.func.array_agg(told.c.id).filter(sa.not_(told.c.is_new))
    return sa.select(
        sa.func.count().filter(told.c.is_new).label("added"),
        sa.func.count().filter(told.c.is_changed).label("changed"),
        sa.func.coalesce(known, sa.cast(sa.literal("{}"), ARRAY(sa.BigInteger))).label("known"),
    )


def _columns(import_id: UUID, places: Collection[Place]) -> dict[str, list[Any]]:
    return {
        **{name: [getattr(place, name) for place in places] for name in PLAIN},
        "import_id": [str(import_id)] * len(places),
        "cell": [cell_of(*place.point) for place in places],
        "ends_on": [ends_on(place.tags) for place in places],
        "tags": [dict(place.tags) for place in places],
        "words": [" ".join((folded(place.name), *map(_folded, _told(place)))) for place in places],
    }


def _kinds(places: Iterable[Place], cells: Iterable[int]) -> dict[str, list[Any]]:
    """What places are besides their category, in the order of the index that it goes into."""
    found = sorted(
        (kind, cell, place.source, place.source_ref)
        for place, cell in zip(places, cells, strict=True)
        for kind in kinds_of(place.category, place.tags)[1:]
    )
    names = ("category", "cell", "source", "source_ref")
    return {name: [row[number] for row in found] for number, name in enumerate(names)}


# Beside its name a place says what many others say.
_folded = lru_cache(maxsize=8192)(folded)


def _told(place: Place) -> Iterator[str]:
    """What of a place words are looked for in beside its name."""
    yield place.category.partition("=")[2].replace("_", " ")
    yield place.brand or ""
    for tag, value in place.tags.items():
        if tag in _TOLD_BY_VALUE or tag.startswith("name:"):
            yield value
        elif tag.startswith(_TOLD_BY_YES) and value in ("yes", "only"):
            yield tag.rpartition(":")[2]


def keep(conn: Connection, import_id: UUID, source: str, refs: Sequence[str]) -> None:
    """Count places as held by an import that has them but cannot be read about them: they stay as they are."""
    if not refs:
        return
    conn.execute(
        sa.text("""
            update places
            set import_id = :import_id
            where source = :source and source_ref = any(:refs)
        """),
        {"import_id": import_id, "source": source, "refs": list(refs)},
    )
