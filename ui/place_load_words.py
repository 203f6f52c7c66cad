"""What pages call kinds, states and results of loads of places."""

from __future__ import annotations

from collections.abc import Mapping

from services.place_loading import LoadKind, LoadRow, LoadState
from ui.format import counted, number
from ui.words import Colour

KIND: Mapping[LoadKind, str] = {
    LoadKind.CITY: "City from OpenStreetMap",
    LoadKind.OSM: "OpenStreetMap extract",
    LoadKind.PLACES: "JSON lines",
    LoadKind.OVERTURE: "Overture Maps",
    LoadKind.FOURSQUARE: "Foursquare",
    LoadKind.ALLTHEPLACES: "All the Places",
    LoadKind.PRH: "PRH, the Finnish register",
    LoadKind.COMPANIES_HOUSE: "UK Companies House",
    LoadKind.REMOVE: "Removal",
}
STATE: Mapping[LoadState, tuple[str, Colour]] = {
    LoadState.WAITING: ("Waiting", "gray"),
    LoadState.RUNNING: ("Running", "blue"),
    LoadState.DONE: ("Done", "green"),
    LoadState.FAILED: ("Failed", "red"),
    LoadState.STOPPED: ("Stopped", "orange"),
}
_RESULTS: Mapping[str, tuple[str, str]] = {
    "added": ("new", "new"),
    "changed": ("changed", "changed"),
    "closed": ("closed", "closed"),
    "hidden": ("gone", "gone"),
    "left_out": ("left out as closed or without a name",) * 2,
    "apart": ("left out as it is no business", "left out as they are no businesses"),
    "unplaced": (
        "left out because it has no postcode that a loaded place states",
        "left out because they have no postcode that a loaded place states",
    ),
    "bad_records": ("unreadable", "unreadable"),
    "kept": ("kept although the file lacks it", "kept although the file lacks them"),
    "removed": ("removed", "removed"),
}
"""What is said of one, and of many."""
_ALWAYS = ("added", "changed", "closed", "hidden", "removed")


def progress(load: LoadRow) -> tuple[float, str]:
    """How far a load is, from 0 to 1, and in words."""
    share = min(1.0, load.done / load.total) if load.total else 0.0
    if load.state is LoadState.WAITING or not load.stage:
        return 0.0, "Starts as soon as a worker comes to it; one load runs at a time."
    if load.stage == "fetching":
        return share, f"Fetching from OpenStreetMap: {share:.0%} of the area."
    if load.stage == "removing":
        return share, f"Removing: {number(load.done)} of {counted(load.total, 'place')}."
    if load.total and load.done >= load.total:
        return 1.0, "All is read. What there is of places and towns is worked out anew."
    return share, f"Storing: {number(load.done)} of {counted(load.total, 'record')}."


def result(load: LoadRow) -> str:
    """What a load came to, as ``1,204 new, 3 changed, 0 closed, 2 gone``."""
    said = [
        counted(load.counts[name], one, many)
        for name, (one, many) in _RESULTS.items()
        if name in load.counts and (load.counts[name] or name in _ALWAYS)
    ]
    return ", ".join(said)
