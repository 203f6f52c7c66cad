"""The label of a locality: the shortest text that means it and no other, typed again or clicked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pipeline.geo.localities import Locality
from pipeline.geo.place_words import place_key


def labelled(localities: Sequence[Locality]) -> list[Locality]:
    """Each with its label: its name where no other has it, else what it lies in, its kind and its point too."""
    bearers: dict[str, int] = defaultdict(int)
    for item in localities:
        for key in set(item.keys):
            bearers[key] += 1
    named = [replace(item, label=item.name if bearers[_key(item)] < 2 else item.where) for item in localities]
    with_kind = _apart(named, lambda item: f"{item.where}, {item.kind}")
    return _apart(with_kind, lambda item: f"{item.where} ({item.lat:.4f}, {item.lon:.4f})")


def _key(item: Locality) -> str:
    key = place_key(item.name)
    return key if key in item.keys else item.keys[0]


def _apart(localities: Iterable[Locality], longer: Callable[[Locality], str]) -> list[Locality]:
    """With longer labels for those that share one."""
    found = list(localities)
    shared: dict[str, int] = defaultdict(int)
    for item in found:
        shared[place_key(item.label)] += 1
    return [
        replace(item, label=longer(item)) if shared[place_key(item.label)] > 1 else item for item in found
    ]
