"""What the catalogue holds, and having more loaded, renewed or removed: for administrators; and asking them to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import settings
from pipeline.campaign import clean_text
from pipeline.geo.countries import country_code
from pipeline.providers import overpass
from pipeline.words.text import one_line
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import clock, place_holdings, place_loads, provider_status
from store.database import Connection, Role, transaction
from store.ids import new_id
from store.place_holdings import Holding as Holding
from store.place_loads import LoadKind as LoadKind
from store.place_loads import LoadRow as LoadRow
from store.place_loads import LoadState as LoadState
from store.place_loads import NewLoad
from store.place_loads import Wish as Wish
from store.provider_status import ProviderState, Status

MOST_SHOWN = 20
LONGEST_NAME, LONGEST_PLACE = 100, 200
_UNDER_WAY = "“{name}” is being loaded or removed already. Wait until that is through, or stop it."
ENDINGS: Mapping[LoadKind, tuple[str, ...]] = {
    LoadKind.OSM: (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"),
    LoadKind.PLACES: (".jsonl", ".jsonl.gz"),
    LoadKind.OVERTURE: (".parquet",),
    LoadKind.FOURSQUARE: (".parquet",),
    LoadKind.ALLTHEPLACES: (".zip", ".geojson"),
    LoadKind.PRH: (".zip", ".json"),
    LoadKind.COMPANIES_HOUSE: (".zip", ".csv"),
}
"""What the names of files of each kind end with."""
COMMANDS: Mapping[LoadKind, str] = {
    LoadKind.OSM: "import-osm",
    LoadKind.PLACES: "import-places",
    LoadKind.OVERTURE: "import-overture",
    LoadKind.FOURSQUARE: "import-foursquare",
    LoadKind.ALLTHEPLACES: "import-alltheplaces",
    LoadKind.PRH: "import-prh",
    LoadKind.COMPANIES_HOUSE: "import-companies-house",
}
"""The command that reads files of each kind, however large."""
REGISTERS = frozenset({LoadKind.PRH, LoadKind.COMPANIES_HOUSE})
"""Those that state addresses and no positions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What there is, what is being done about it, and what people miss. ``cities`` are the imports that can be fetched
    anew, with their places; ``may_fetch`` is False when the server of the live map did not answer lately."""

    holdings: tuple[Holding, ...]
    loads: tuple[LoadRow, ...]
    wishes: tuple[Wish, ...]
    cities: Mapping[str, str]
    may_fetch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLoad:
    """What somebody says of a file of places: which kind, the import it makes or renews (by default the file's own
    name), the country of places that name none (a code or a name, or empty), the day of the snapshot, and whether what
    it lacks is gone, however much it is."""

    kind: LoadKind
    file_name: str
    name: str = ""
    country: str = ""
    observed_on: date | None = None
    is_complete: bool = False


def most_mb() -> int:
    """The largest file that can be uploaded, in MiB."""
    return settings.get().upload_mb


def overview(person: Person) -> Overview:
    """All of it. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_PLACES)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return Overview(
            holdings=place_holdings.listing(conn),
            loads=place_loads.newest(conn, MOST_SHOWN),
            wishes=place_loads.wishes(conn, MOST_SHOWN),
            cities=place_loads.cities(conn),
            may_fetch=_may_fetch(provider_status.everything(conn)),
        )


def load_city(person: Person, place: str, name: str = "") -> None:
    """Have the businesses of a city fetched from OpenStreetMap, as the import ``name`` or one of the place's name; a
    wish for it is settled. Raises NotAllowed, Invalid, and Conflict while one of the name is under way."""
    require(person, Right.LOAD_PLACES)
    typed = _place(place)
    new = NewLoad(id=new_id(), kind=LoadKind.CITY, name=_name(name or typed), place=typed)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        _ask(conn, new)
        place_loads.settle(conn, typed)


def endings(kind: LoadKind) -> str:
    """How files of a kind end, for people."""
    *others, last = ENDINGS.get(kind) or ("nothing we read",)
    return f"{', '.join(others)} or {last}" if others else last


def load_file(person: Person, given: FileLoad, data: bytes) -> None:
    """Have an uploaded file read. Raises NotAllowed, Invalid for what cannot be, and Conflict as ``load_city``."""
    require(person, Right.LOAD_PLACES)
    file_name = _plain_name(given.file_name)
    if not file_name.casefold().endswith(ENDINGS.get(given.kind, ())):
        raise Invalid({"file": f"Files of this kind end in {endings(given.kind)}."})
    if not data:
        raise Invalid({"file": "The file is empty."})
    region = country_code(given.country) if given.country.strip() else None
    if given.country.strip() and region is None:
        raise Invalid({"country": "That is no country. Type its name or its two letters, such as FI."})
    new = NewLoad(
        id=new_id(),
        kind=given.kind,
        name=_name(given.name or file_name.split(".")[0]),
        file_name=file_name,
        country=region,
        observed_on=given.observed_on,
        is_complete=given.is_complete,
        data=data,
    )
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if given.observed_on and given.observed_on > clock.today(conn):
            raise Invalid({"observed_on": "The day of the snapshot lies in the future."})
        _ask(conn, new)


def remove(person: Person, name: str) -> None:
    """Have what an import brought taken out of the catalogue; what campaigns hold stays. Raises NotAllowed, NotFound,
    and Conflict as ``load_city``."""
    require(person, Right.LOAD_PLACES)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if name not in {holding.name for holding in place_holdings.listing(conn)}:
            raise NotFound("The catalogue holds nothing of that name any more.")
        _ask(conn, NewLoad(id=new_id(), kind=LoadKind.REMOVE, name=name))


def stop(person: Person, load_id: UUID) -> None:
    """Stop a load; what is stored stays. Raises NotAllowed, and NotFound when it has ended."""
    require(person, Right.LOAD_PLACES)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if not place_loads.stop(conn, load_id):
            raise NotFound("It has ended meanwhile.")


def go_on(person: Person, load_id: UUID) -> None:
    """Have a load that failed or was stopped go on where it stands. Raises NotAllowed, and NotFound when it cannot."""
    require(person, Right.LOAD_PLACES)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if not place_loads.go_on(conn, load_id):
            raise NotFound(
                "It cannot go on: its file is not kept any more, or another load of its name is under way."
            )


def wish(person: Person, place: str) -> None:
    """Tell the administrators that a place is missed. Raises NotAllowed, Invalid, and Conflict when too many wait."""
    require(person, Right.RUN_CAMPAIGNS)
    typed = _place(place)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not place_loads.wish(conn, typed):
            raise Conflict("Many places are asked for already. Wait until some of them are loaded.")


def turn_down(person: Person, place: str) -> None:
    """Forget that people asked for a place. Raises NotAllowed."""
    require(person, Right.LOAD_PLACES)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        place_loads.settle(conn, place)


def loads(person: Person) -> tuple[LoadRow, ...]:
    """The newest loads. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_PLACES)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return place_loads.newest(conn, MOST_SHOWN)


def _may_fetch(states: Mapping[str, Status]) -> bool:
    last = states.get(overpass.KEY)
    return last is None or last.state is ProviderState.OK


def _plain_name(text: str) -> str:
    """The name of a file without what leads elsewhere, as long as a name may be; how it ends says how it is read."""
    base = text.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[^\w.-]+", "_", base)[-LONGEST_NAME:].lstrip(".")


def _ask(conn: Connection, new: NewLoad) -> None:
    if not place_loads.ask(conn, new):
        raise Conflict(_UNDER_WAY.format(name=new.name))


def _place(text: str) -> str:
    try:
        typed = str(clean_text(text))
    except ValueError as problem:
        raise Invalid({"place": f"The place {problem}."}) from None
    if not 2 <= len(typed) <= LONGEST_PLACE:
        raise Invalid({"place": "Type a city with its country, such as Tampere, Finland."})
    return typed


def _name(text: str) -> str:
    name = one_line(text.replace("\x00", ""))
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid({"name": f"Give the import a name of 1 to {LONGEST_NAME} characters."})
    return name
