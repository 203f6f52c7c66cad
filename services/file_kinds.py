"""Kinds of files that places are imported from: how each is read, and what an order for one says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from pipeline.imports import (
    alltheplaces_file,
    alltheplaces_row,
    companies_house_file,
    companies_house_row,
    foursquare_file,
    foursquare_row,
    osm_file,
    overture_file,
    overture_row,
    places_file,
    prh_file,
    prh_row,
)
from pipeline.imports.parquet_file import File, Layout
from pipeline.imports.record import Record
from pipeline.imports.register_row import Register
from pipeline.imports.remote_file import Remote
from pipeline.words.osm_tags import SOURCE
from services import register_points
from store.place_imports import ImportJob
from store.place_lacks import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file to import. ``name`` says which earlier import it renews; by default the file's own name.

    ``country`` (ISO 3166 alpha-2 or a name) is that of places whose address has none. ``is_complete``: what the file
    lacks is gone, however much it is. ``more`` are further files of the same snapshot, ``published`` those of one on a
    server instead, and of a ``box`` only places in it are read, where the kind of file allows that. ``postcodes`` is a
    file of postcodes with their positions, by which companies of a register are found.
    """

    path: Path = Path()
    more: tuple[Path, ...] = ()
    published: tuple[Remote, ...] = ()
    box: Box | None = None
    name: str | None = None
    country: str | None = None
    observed_on: date | None = None
    is_complete: bool = False
    postcodes: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files on this machine."""
        return self.path, *self.more

    @property
    def files(self) -> tuple[File, ...]:
        """All files, wherever they are."""
        return self.published or self.paths

    @property
    def title(self) -> str:
        """What people know the first of them by."""
        return self.files[0].name


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of file is read, and what it says about itself beside its records. ``prepare`` comes before all else,
    and returns what the same file has to be read again for when it changes."""

    source: str
    read: Callable[[Order, ImportJob], Iterator[Record]]
    count: Callable[[Order], int]
    date_of: Callable[[Order], date | None] = lambda _: None
    box: Callable[[Order], Box | None] = lambda _: None
    prepare: Callable[[Order], str] = lambda _: ""


PLACES = Kind(
    source=SOURCE,
    read=lambda order, job: places_file.read(order.path, job.observed_on),
    count=lambda order: places_file.count(order.path),
)
OSM = Kind(
    source=SOURCE,
    read=lambda order, job: osm_file.read(order.path, job.observed_on),
    count=lambda order: osm_file.count(order.path),
    date_of=lambda order: osm_file.observed_on(order.path),
    box=lambda order: osm_file.box(order.path),
)


def _parquet(source: str, files: Layout) -> Kind:
    return Kind(
        source=source,
        read=lambda order, job: files.read(order.files, job.observed_on, order.box, job.position),
        count=lambda order: files.count_rows(order.files, order.box),
        date_of=lambda order: files.observed_on(order.files),
        # A file that holds a city says nothing of the rest of the world.
        box=lambda order: order.box or files.extent(order.files),
    )


OVERTURE = _parquet(overture_row.SOURCE, overture_file.FILES)
FOURSQUARE = _parquet(foursquare_row.SOURCE, foursquare_file.FILES)
ALLTHEPLACES = Kind(
    source=alltheplaces_row.SOURCE,
    read=lambda order, job: alltheplaces_file.read(order.paths, job.observed_on, job.position),
    count=lambda order: alltheplaces_file.count(order.paths),
    date_of=lambda order: alltheplaces_file.observed_on(order.paths),
)


class _Files(Protocol):
    """The module that reads the files of a register."""

    def read(
        self, paths: Sequence[Path], observed_on: date | None = None, after: int = 0
    ) -> Iterator[Record]: ...

    def count(self, paths: Sequence[Path]) -> int: ...

    def observed_on(self, paths: Sequence[Path]) -> date | None: ...


def _register(register: Register, files: _Files) -> Kind:
    return Kind(
        source=register.key,
        read=lambda order, job: register_points.located(
            files.read(order.paths, job.observed_on, job.position), register.country
        ),
        count=lambda order: files.count(order.paths),
        date_of=lambda order: files.observed_on(order.paths),
        prepare=lambda order: register_points.prepare(register.country, order.postcodes),
    )


PRH = _register(prh_row.REGISTER, prh_file)
COMPANIES_HOUSE = _register(companies_house_row.REGISTER, companies_house_file)
