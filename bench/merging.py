"""Are two records one business? Precision and recall of our rules, beside the plain one of the same name within 50 m.

``python -m bench.merging PAIRS.parquet HELSINKI.jsonl.gz`` reads files of two kinds; none is needed.

A Parquet file holds labelled pairs of places of two sources of Overture Maps: a column ``label`` (1 for one business,
0 for two), ``names``, ``addresses``, ``phones`` and ``websites`` as JSON text, and the same behind ``base_`` for the
other record. The pairs stand near each other but the file has no positions, so both are put on one point; the kinds of
the two sources are not those of each other, so both get one kind. Every pair is read and merged as a campaign does it.

A file of places (data/PROVENANCE.md) is merged with a second hand's copy of itself, which is made up: moved by up to 40
metres, names in capitals or with the city behind, house numbers and phones written otherwise, a third of phones, sites
and addresses missing. Of every merge it is known whether it is right; how people really write is not in it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from pipeline.discovery.distances import distance_m
from pipeline.discovery.duplicates import groups
from pipeline.discovery.likeness import has_other_page, says_other_address
from pipeline.discovery.records import Record, read
from pipeline.imports import places_file
from pipeline.place import Place
from pipeline.words.text import folded

LEAST_PRECISION, LEAST_RECALL = 0.97, 0.85
_BASELINE_M = 50
_MOVED_DEGREES = 0.00025
_SECOND = "second hand"
Files = Annotated[
    list[Path] | None, typer.Argument(help="Labelled pairs (.parquet), files of places (.jsonl.gz).")
]


@dataclass(frozen=True, slots=True)
class Measured:
    """How many were merged, of them rightly, and how many are one business."""

    merged: int
    right: int
    same: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.merged)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.same)


def main(files: Files = None) -> None:
    """Measure on each of the files; ends with code 1 when our rules miss the bar on labelled pairs."""
    missed = []
    for path in files or ():
        if not path.is_file():
            raise typer.BadParameter(f"There is no file {path}.")
        ours = _of_pairs(path) if path.suffix == ".parquet" else _of_places(path)
        if path.suffix == ".parquet" and (ours.precision < LEAST_PRECISION or ours.recall < LEAST_RECALL):
            missed.append(path.name)
    if not files:
        print("Nothing measured: name a Parquet file of labelled pairs, or a file of places.")
    if missed:
        print(f"Missed (precision {LEAST_PRECISION}, recall {LEAST_RECALL}): {', '.join(missed)}.")
        sys.exit(1)


def _of_pairs(path: Path) -> Measured:
    rows = pd.read_parquet(path).to_dict("records")
    pairs = [(row["label"] == 1, _record(row, ""), _record(row, "base_")) for row in rows]
    found = [len(groups([a, b])) == 1 for _, a, b in pairs]
    plain = [_same_name(a, b) for _, a, b in pairs]
    same = sum(label for label, _, _ in pairs)
    print(f"{path.name}: {len(pairs):,} pairs, {same:,} of them one business")
    _say("same name", _measured([label for label, _, _ in pairs], plain))
    ours = _say("our rules", _measured([label for label, _, _ in pairs], found))
    _say_rest(pairs, found)
    return ours


def _of_places(path: Path) -> Measured:
    first = [record.place for record in places_file.read(path) if record.place]
    second = [_second_hand(place) for place in first]
    records = [read(place, "FI") for place in (*first, *second)]
    print(f"{path.name}: {len(first):,} places and as many of a made-up second hand")
    _say("same name within 50 m", _across(records, _plainly))
    return _say("our rules", _across(records, groups))


def _across(records: Sequence[Record], merge: Callable[[Sequence[Record]], list[list[Record]]]) -> Measured:
    """Pairs of the two hands that were brought together."""
    pairs = [
        (a, b)
        for group in merge(records)
        for a, b in combinations(group, 2)
        if a.origin.source != b.origin.source
    ]
    right = sum(a.origin.ref == b.origin.ref for a, b in pairs)
    return Measured(len(pairs), right, len(records) // 2)


def _plainly(records: Sequence[Record]) -> list[list[Record]]:
    """Pairs of the same name within 50 metres."""
    named: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        named[folded(record.name)].append(record)
    alike = (pair for of_name in named.values() for pair in combinations(of_name, 2))
    return [[a, b] for a, b in alike if distance_m(a, b) <= _BASELINE_M]


def _measured(labels: Sequence[bool], merged: Sequence[bool]) -> Measured:
    right = sum(label and found for label, found in zip(labels, merged, strict=True))
    return Measured(sum(merged), right, sum(labels))


def _say(rule: str, found: Measured) -> Measured:
    print(f"  {rule:22} precision {found.precision:.4f}  recall {found.recall:.4f}")
    return found


def _same_name(a: Record, b: Record) -> bool:
    return folded(a.name) == folded(b.name)


def _say_rest(pairs: Sequence[tuple[bool, Record, Record]], found: Sequence[bool]) -> None:
    """What the wrong ones are."""
    for label, title in ((True, "one business, kept apart"), (False, "two businesses, merged")):
        rest = [
            (a, b)
            for (said, a, b), merged in zip(pairs, found, strict=True)
            if said is label and merged is not label
        ]
        print(f"  {title}: {len(rest):,}")
        for why, number in Counter(_why(a, b) for a, b in rest).most_common():
            print(f"    {number:5,}  {why}")


def _why(a: Record, b: Record) -> str:
    if has_other_page(a, b):
        return "each has a page of its own on one site"
    if says_other_address(a, b):
        return "they name different streets or houses"
    phones = a.value("phone"), b.value("phone")
    if all(phones):
        return "the phone is the same" if phones[0] == phones[1] else "the phones differ"
    return "a phone is missing"


def _second_hand(place: Place) -> Place:
    """The same business as somebody else may have written it down, the same way every time."""
    dice = blake2b(place.source_ref.encode(), digest_size=8).digest()
    lat, lon = place.point
    city = place.city or "Helsinki"
    names = (place.name, place.name.upper(), f"{place.name} {city}", folded(place.name).title())
    house = f"{place.housenumber} A" if place.housenumber and dice[1] % 4 == 0 else place.housenumber
    phone = (place.phone or "").replace("+358", "0").replace(" ", "-") or None
    has_address = dice[4] % 3 > 0
    return replace(
        place,
        source=_SECOND,
        name=names[dice[0] % len(names)],
        lat=lat + _MOVED_DEGREES * (dice[2] / 127.5 - 1),
        lon=lon + 2 * _MOVED_DEGREES * (dice[3] / 127.5 - 1),
        city=city,
        street=place.street if has_address else None,
        housenumber=house if has_address else None,
        phone=phone if dice[5] % 3 else None,
        website=place.website if dice[6] % 3 else None,
    )


def _record(row: Mapping[Any, Any], side: str) -> Record:
    """One side of a pair."""
    names = _json(row[f"{side}names"]) or {}
    address = next(iter(_json(row[f"{side}addresses"]) or [{}]))
    place = Place(
        source=side or "other",
        source_ref=str(row["base_id" if side else "id"]),
        name=names.get("primary") or "",
        category="shop=yes",
        lat=0.0,
        lon=0.0,
        street=address.get("freeform"),
        city=address.get("locality"),
        postcode=address.get("postcode"),
        country=address.get("country"),
        phone="; ".join(filter(None, _json(row[f"{side}phones"]) or [])),
        website=" ".join(filter(None, _json(row[f"{side}websites"]) or [])),
    )
    return read(place, None)


def _json(text: object) -> Any:  # noqa: ANN401 - whatever the column holds
    return json.loads(text) if isinstance(text, str) else None


if __name__ == "__main__":
    typer.run(main)
