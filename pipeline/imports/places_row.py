"""One row of a JSON-lines file of places: its columns, and which of its values could not be read.

Only a row without its id, name, kind or position is no place. Any other value that cannot be read is left out by
itself: converters make numbers of phones and postcodes, and put null where there is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.campaign import clean_text
from pipeline.licences import ODBL
from pipeline.place import Place
from pipeline.words.osm_tags import CREDIT, SOURCE

_EXACT = 2**53
"""Whole numbers below it are exact as JSON numbers (RFC 8259, section 6)."""
_MAX_TAGS = 1_000
_REF = re.compile(r"^[\w.:-]{1,50}/[\w.:-]{1,100}$")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAX_TEXT = 2_000
_MAX_NAME = 500
_NEEDED = frozenset({"osm_id", "id", "name", "category", "lat", "lon"})


def _scalar(value: object) -> object:
    """A value as text: converters make numbers of phones and house numbers."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value) if isinstance(value, int | float) else value


def _storable(value: object) -> object:
    """Raises ValueError for text Postgres cannot hold; an empty text is no value."""
    if type(value) is str and value.isprintable():
        # The same by a quicker way: most texts are.
        return None if value == "" or value.isspace() else value
    if isinstance(value, list) and value and all(isinstance(item, str | int | float) for item in value):
        value = "; ".join(str(_scalar(item)) for item in value)
    value = _scalar(value)
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise ValueError("contains characters that cannot be stored")
        return value if value.strip() else None
    return value


_Text = Annotated[Annotated[str, Field(max_length=_MAX_TEXT)] | None, BeforeValidator(_storable)]
_Name = Annotated[
    Annotated[str, Field(max_length=_MAX_NAME)] | None,
    BeforeValidator(clean_text),
    BeforeValidator(_scalar),
]
_Tag = Annotated[str, Field(min_length=1, max_length=_MAX_TEXT), BeforeValidator(_storable)]
_TAG: TypeAdapter[str] = TypeAdapter(_Tag)
_CATEGORY = re.compile(r"^[a-z_]+=[^\x00=]{1,100}$")


class Columns(BaseModel):
    """The columns that every file of places has, whatever it calls them. Beside them a kind of file has a column of
    ids, named ``REF``, that ``ID`` describes, and may have further texts; ``IS_PLACED``: it states positions."""

    model_config = ConfigDict(extra="ignore")
    REF: ClassVar[str] = "id"
    ID: ClassVar[re.Pattern[str]]
    IS_PLACED: ClassVar[bool] = True

    name: _Name
    category: Annotated[str, Field(pattern=_CATEGORY.pattern)]
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    street: _Text = None
    housenumber: _Text = None
    city: _Text = None
    postcode: _Text = None
    country: _Text = None
    phone: _Text = None
    website: _Text = None
    email: _Text = None
    opening_hours: _Text = None
    brand: _Text = None
    tags: dict[str, str] = Field(default_factory=dict)


class Row(Columns):
    """The columns of data/PROVENANCE.md."""

    REF = "osm_id"
    ID = _REF

    osm_id: Annotated[str, Field(pattern=_REF.pattern)]
    wheelchair: _Text = None
    cuisine: _Text = None


def read_row(raw: object, observed_on: date | None) -> tuple[Place, list[str]]:
    """The row as a place of OpenStreetMap, and what was left out of it because it could not be read. Raises
    ValidationError for a row without its id, name, kind or position."""
    columns, odd = checked(Row, raw if isinstance(raw, dict) else Row.model_validate(raw).__dict__)
    extra = {name: value for name in ("wheelchair", "cuisine") if (value := columns.pop(name))}
    columns["tags"] = {**columns["tags"], **extra}
    place = Place(
        source=SOURCE,
        source_ref=columns.pop("osm_id"),
        observed_on=observed_on,
        licence=ODBL,
        attribution=CREDIT,
        **columns,
    )
    return place, odd


def checked(model: type[Columns], raw: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    """The columns of a row of a kind of file by their names, and what was left out of it; raises as ``read_row``
    does."""
    if plain := quickly(model, raw):
        return plain, []
    return carefully(model, raw)


def quickly(model: type[Columns], raw: Mapping[str, Any]) -> dict[str, Any] | None:
    """What ``carefully`` says of a row of which every value is plainly right, as nearly all are; else None."""
    name, category, tags, ref = raw.get("name"), raw.get("category"), raw.get("tags"), raw.get(model.REF)
    if not (type(ref) is type(name) is type(category) is str and type(tags) is dict):
        return None
    # What letters other scripts have in an id is left to the library.
    if not (ref.isascii() and model.ID.fullmatch(ref) and _is_category(category) and name.isprintable()):
        return None
    columns: dict[str, Any] = {model.REF: ref, "name": clean_text(name), "category": category, "tags": tags}
    said = [*tags, *tags.values()]
    for column in _texts(model):
        text = columns[column] = _together(raw.get(column))
        if text is not None:
            said.append(text)
    if len(columns["name"]) > _MAX_NAME or not _are_plain(said):
        return None
    lat, lon = columns["lat"], columns["lon"] = raw.get("lat"), raw.get("lon")
    is_there = _is_point(lat, lon) if model.IS_PLACED else lat is lon is None
    return columns if len(tags) < _MAX_TAGS and is_there else None


def _together(value: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Several texts as one; what else there is stays as it is."""
    if type(value) is not list:
        return value
    try:
        return "; ".join(value)
    except TypeError:
        return value


def _is_point(lat: object, lon: object) -> bool:
    return type(lat) is float and type(lon) is float and -90 <= lat <= 90 and -180 <= lon <= 180


def _are_plain(texts: Collection[Any]) -> bool:
    """Whether all are texts that stay as they are."""
    try:
        together = "".join(texts)
    except TypeError:
        return False
    is_short = len(together) <= _MAX_TEXT
    return is_short and together.isprintable() and not ("" in texts or any(map(str.isspace, texts)))


def carefully(model: type[Columns], raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The columns of any row, as ``checked`` gives them."""
    tags, odd = _tags(raw.get("tags"))
    given = {**raw, "tags": tags}
    try:
        row = model.model_validate(given)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        if not wrong or wrong & _NEEDED:
            raise
        odd += [f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
        row = model.model_validate({name: value for name, value in given.items() if name not in wrong})
    return {**row.__dict__, "name": row.name or ""}, odd


@lru_cache(maxsize=8)
def _texts(model: type[Columns]) -> tuple[str, ...]:
    """The columns that hold any text or none."""
    return tuple(name for name in model.model_fields if name not in (*_NEEDED, "tags"))


@lru_cache(maxsize=4096)
def _is_category(category: str) -> bool:
    return bool(_CATEGORY.fullmatch(category))


def _tags(raw: object) -> tuple[dict[str, str], list[str]]:
    """The tags that are texts or can be written as one; a missing value is no tag."""
    if not isinstance(raw, dict):
        return {}, [] if raw is None else ["tags: not an object"]
    tags: dict[str, str] = {}
    odd: list[str] = []
    for key, value in raw.items():
        if value is None or value == "":
            continue
        if _is_plain(key) and _is_plain(value):
            # The same by a quicker way: most tags are.
            tags[key] = value
            continue
        try:
            tags[_TAG.validate_python(key)] = _TAG.validate_python(value)
        except ValidationError:
            odd.append(f"tags.{key[:40]!a}: not a text that can be stored")
        if len(tags) == _MAX_TAGS:
            break
    return tags, odd


def _is_plain(text: object) -> bool:
    return type(text) is str and text.isprintable() and not text.isspace() and 0 < len(text) <= _MAX_TEXT


def reason(error: ValidationError) -> str:
    """What is wrong with a row first."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"][:2])[:60]
    return f"{where}: {first['msg']}" if where else "not an object with the columns of a place"


def ref_of(raw: object) -> str | None:
    """The id of a row that is otherwise unusable."""
    ref = raw.get("osm_id") if isinstance(raw, dict) else None
    return ref if isinstance(ref, str) and _REF.fullmatch(ref) else None
