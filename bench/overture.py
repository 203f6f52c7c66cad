"""How much of the world's places by Overture our kinds of business take in, weighted by how many places there are.

Takes Overture's counts by category, a CSV file with ``_col0`` (places), ``primary``, ``hierarchy`` and
``basic_category`` from its documentation: https://github.com/OvertureMaps/docs/tree/main/docs/guides/places/csv. Ends
with code 1 when less of the businesses than the bar has a kind, or a kind is not found by its own name.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pipeline.words.categories import known_label, label_for
from pipeline.words.kinds import NO_BUSINESS
from pipeline.words.overture import kind_of
from pipeline.words.text import folded
from pipeline.words.understanding import understand

_BAR = 0.95
_WIDE = ("office=company", "shop=yes", "tourism=lodging", "healthcare=yes")
"""Kinds that say little more than that it is a business."""
_NO_CATEGORY = "none"


@dataclass(frozen=True, slots=True)
class _Count:
    category: str
    group: str
    places: int
    kind: str | None
    how: str


def main(
    counts: Annotated[Path | None, typer.Argument(help="Overture's places by category, as CSV.")] = None,
    listed: Annotated[int, typer.Option(help="How many categories of each list are named.")] = 25,
) -> None:
    """Print the shares and what is left out; exit with 1 when a bar is missed."""
    if counts is None:
        print("Nothing measured: python -m bench.overture COUNTS.csv takes Overture's counts by category.")
        return
    found = list(_counts(counts))
    apart = [each for each in found if each.kind == NO_BUSINESS]
    businesses = [each for each in found if each.kind != NO_BUSINESS]
    mapped = [each for each in businesses if each.kind]
    _by_group(businesses)
    share = _sum(mapped) / _sum(businesses)
    wide = _sum(each for each in mapped if each.kind in _WIDE) / _sum(businesses)
    how = Counter({how: _sum(each for each in mapped if each.how == how) for how in {e.how for e in mapped}})
    told = ", ".join(f"{number / _sum(businesses):.1%} by {name}" for name, number in how.most_common())
    print(f"\n{_sum(found):,} places; {_sum(apart):,} are no businesses and are not counted:")
    print(_named(apart, listed))
    print(f"\nof {_sum(businesses):,} businesses {share:.2%} have a kind, bar {_BAR:.0%}: {told}")
    print(f"{wide:.1%} of them no more than a wide one: {', '.join(map(label_for, _WIDE))}")
    print(f"without a kind: {_named([each for each in businesses if not each.kind], listed) or 'none'}")
    lost = sorted({kind for each in mapped if (kind := each.kind) and not is_findable(kind)})
    print(f"kinds that their own name does not find: {', '.join(lost) or 'none'}")
    raise typer.Exit(share < _BAR or bool(lost))


def _counts(path: Path) -> Iterator[_Count]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            category = row["primary"] or row["primary_category"]
            above = json.loads(row["hierarchy"] or "[]")
            told = kind_of(category, above, row["basic_category"])
            group = above[0] if above else category or _NO_CATEGORY
            kind, how = (told[0], told[1].value) if told else (None, "")
            yield _Count(category, group, int(row["_col0"]), kind, how)


def _by_group(businesses: Iterable[_Count]) -> None:
    everything, mapped = Counter[str](), Counter[str]()
    for each in businesses:
        everything[each.group] += each.places
        mapped[each.group] += each.places if each.kind else 0
    print(f"{'group':<28}{'businesses':>12}{'with a kind':>13}")
    for group, number in everything.most_common():
        print(f"{group:<28}{number:>12,}{mapped[group] / number:>13.1%}")


def is_findable(kind: str) -> bool:
    """Whether what people call a kind finds it: a name of its own, or its words, as ``peruvian restaurant``."""
    main, *finer = kind.split("+")
    words = [tag.partition("=")[2].replace("_", " ") for tag in finer]
    found = understand(known_label(kind) or " ".join([*words, label_for(main)]))
    narrowed = folded(" ".join(words)).split()
    return kind in found.tags or (main in found.tags and set(found.words) == {*narrowed})


def _named(counts: Iterable[_Count], most: int) -> str:
    by_size = Counter({each.category: 0 for each in counts})
    for each in counts:
        by_size[each.category] += each.places
    named = [f"{name} {number:,}" for name, number in by_size.most_common(most)]
    more = len(by_size) - len(named)
    return ", ".join(named) + (f" and {more} more kinds" if more > 0 else "")


def _sum(counts: Iterable[_Count]) -> int:
    return sum(each.places for each in counts)


if __name__ == "__main__":
    typer.run(main)
