"""Makes the list of chains from a folder that holds the name-suggestion-index.

    python -m data.build_chains FOLDER

``FOLDER`` is the unpacked package (it has ``dist/json/nsi.min.json``). The same package makes the same file, byte for
byte (with the same zlib). What the file holds, and under which licence: ``pipeline/chains/PROVENANCE.md``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.chains.brands import FILE
from pipeline.words.text import folded

_NAMES = re.compile(r"(brand|name|short_name|alt_name|official_name|brand:short)(:[a-z]{2,3}(-[A-Za-z]+)?)?")
_COUNTRY = re.compile(r"([a-z]{2})(-.*)?")
_WORLD = "*"
# Parts of the world that the index names otherwise than by a country's code. What is left, such as continents and
# circles around a point, counts as the whole world: a name and a kind of business have to fit as well.
_OTHERWISE = {
    "fx": "fr",
    "conus": "us",
    "mainland china": "cn",
    "northern cyprus": "cy",
    "crimea": "ua",
    "ic": "es",
}

# What one record calls a supermarket is a convenience store in another; the index keeps the two apart.
_ALSO_ALIKE = {"grocery": ("shop/convenience", "shop/grocery", "shop/supermarket")}


def build(folder: Path) -> bytes:
    """The file as it is shipped: gzip of one line a group of kinds that are easily taken for each other, then one a
    brand."""
    index = json.loads((folder / "dist/json/nsi.min.json").read_text())["nsi"]
    groups = json.loads((folder / "dist/json/matchGroups.min.json").read_text())["matchGroups"]
    groups = {**groups, **_ALSO_ALIKE}
    alike = [f"@{name}\t{';'.join(_kind(kind) for kind in kinds)}" for name, kinds in sorted(groups.items())]
    lines = [*alike, *sorted(set(_lines(index, groups)))]
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def _lines(index: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Countries, label, Wikidata item, kind of business with the groups it is in, and the names it goes by, parted by
    tabs."""
    for path, category in index.items():
        tree, _, kind = path.partition("/")
        if tree != "brands":
            continue
        kinds = [_kind(kind), *sorted(f"@{name}" for name, group in groups.items() if kind in group)]
        for item in category["items"]:
            tags = item["tags"]
            label = tags.get("brand") or item["displayName"]
            yield "\t".join(
                (
                    ";".join(_countries(item["locationSet"])),
                    " ".join(label.split()),
                    tags.get("brand:wikidata", ""),
                    ";".join(kinds),
                    ";".join(_names(item)),
                )
            )


def _kind(path: str) -> str:
    """A kind of business as a tag."""
    return path.replace("/", "=", 1)


def _names(item: Mapping[str, Any]) -> list[str]:
    said = [value for key, value in item["tags"].items() if _NAMES.fullmatch(key)]
    return sorted({name for text in (*said, *item.get("matchNames", ())) if (name := folded(text))})


def _countries(where: Mapping[str, Sequence[object]]) -> list[str]:
    """Codes of the countries it is in, ``*`` for the whole world, and with a minus those it is not in."""
    included = {_country(place) for place in where.get("include", ("001",))}
    # A part of a country that is left out says nothing of the rest of it.
    left_out = {str(place) for place in where.get("exclude", ()) if re.fullmatch("[a-z]{2}", str(place))}
    return sorted({_WORLD} if _WORLD in included else included) + sorted(f"-{code}" for code in left_out)


def _country(place: object) -> str:
    code = _OTHERWISE.get(str(place), str(place)).removesuffix(".geojson")
    match = _COUNTRY.fullmatch(code)
    return match[1] if match else _WORLD


if __name__ == "__main__":
    FILE.write_bytes(build(Path(sys.argv[1])))
