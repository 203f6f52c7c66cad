"""Are two records one business? Precision and recall on labelled pairs.

``python -m bench.merges FILE`` reads a Parquet file of pairs of Overture Maps places: a column ``label`` (1 for one
business, 0 for two), ``names``, ``addresses``, ``phones`` and ``websites`` as JSON text, and the same behind ``base_``
for the other record. The pairs stand near each other but the file has no positions, so both are put on one point; the
kinds of the two sources are not those of each other, so both get one kind. Every pair is read and merged as a campaign
does it. Without a file nothing is measured: none comes with the project.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.discovery.duplicates import groups
from pipeline.discovery.likeness import has_other_page, says_other_address
from pipeline.discovery.records import Record, read
from pipeline.place import Place

LEAST_PRECISION, LEAST_RECALL = 0.97, 0.85


def main(arguments: list[str]) -> int:
    if not arguments:
        print("Nothing measured: python -m bench.merges FILE takes a Parquet file of labelled pairs.")
        return 0
    if not Path(arguments[0]).is_file():
        print(f"There is no file {arguments[0]}.", file=sys.stderr)
        return 2
    rows = pd.read_parquet(arguments[0]).to_dict("records")
    pairs = [(row["label"] == 1, _record(row, ""), _record(row, "base_")) for row in rows]
    found = [len(groups([a, b])) == 1 for _, a, b in pairs]
    same = sum(label for label, _, _ in pairs)
    right = sum(label and merged for (label, _, _), merged in zip(pairs, found, strict=True))
    precision, recall = right / max(1, sum(found)), right / max(1, same)
    print(f"{len(pairs):,} pairs, {same:,} of them one business")
    print(f"precision  {precision:.4f}  (bar {LEAST_PRECISION})")
    print(f"recall     {recall:.4f}  (bar {LEAST_RECALL})")
    _say_rest(pairs, found)
    missed = [
        name
        for name, value, bar in (("precision", precision, LEAST_PRECISION), ("recall", recall, LEAST_RECALL))
        if value < bar
    ]
    if missed:
        print(f"Missed: {', '.join(missed)}.")
    return 1 if missed else 0


def _say_rest(pairs: list[tuple[bool, Record, Record]], found: list[bool]) -> None:
    """What the wrong ones are."""
    for label, title in ((True, "one business, kept apart"), (False, "two businesses, merged")):
        rest = [
            (a, b)
            for (said, a, b), merged in zip(pairs, found, strict=True)
            if said is label and merged is not label
        ]
        print(f"{title}: {len(rest):,}")
        for why, number in Counter(_why(a, b) for a, b in rest).most_common():
            print(f"  {number:5,}  {why}")


def _why(a: Record, b: Record) -> str:
    if has_other_page(a, b):
        return "each has a page of its own on one site"
    if says_other_address(a, b):
        return "they name different streets or houses"
    phones = a.value("phone"), b.value("phone")
    if all(phones):
        return "the phone is the same" if phones[0] == phones[1] else "the phones differ"
    return "a phone is missing"


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
    sys.exit(main(sys.argv[1:]))
