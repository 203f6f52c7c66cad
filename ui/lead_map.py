"""Leads on a map of our own drawing (``ui/map``): clusters, colours, an area to filter by, and streets beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from pipeline.geo import box as boxes
from pipeline.geo.box import Box
from services import mapping
from services.identity import Person
from services.mapping import Cluster, ColourBy, Extent, Found, Searched, View
from services.results import LeadFilter
from ui import address, drawn_area
from ui.format import counted
from ui.words import TEAM_STATUS

_KEY, _COLOUR = "map", "colour"
_PACKAGE, _PART = "prospectpro", "map"
_FILES = Path(__file__).resolve().parent
_TILES = "/tiles/{tile}"
_COPYRIGHT = "https://www.openstreetmap.org/copyright"
_BY = {"Reach": ColourBy.REACH, "Confidence": ColourBy.CONFIDENCE, "Status": ColourBy.STATUS}
_FIGURES = {"below 40": "#D97706", "40 to 69": "#8FA89F", "70 and more": "#0F766E", "not rated": "#9CA3AF"}
_STATUSES = dict(
    zip(TEAM_STATUS.values(), ("#64748B", "#2563EB", "#D97706", "#15803D", "#B91C1C"), strict=True)
)
_AREAS_SHOWN = "searched"
_AREAS_HELP = (
    "Rectangles a source was asked about. A full one has more than it shows, and was cut into parts."
)
_AREAS = {
    Found.SOME: ("searched", "#0F766E"),
    Found.CAPPED: ("full, more than shown", "#D97706"),
    Found.NOTHING: ("nothing found", "#64748B"),
    Found.FAILED: ("not read to the end", "#B91C1C"),
}
# Until the browser has said how large its map is.
_USUAL_ZOOM = 12
_HTML = """
<div class="map" role="group" tabindex="0">
  <div class="layer streets"></div>
  <div class="layer dots"></div>
  <div class="layer shapes"></div>
  <div class="layer leads"></div>
  <div class="shape chosen rubber" hidden style="position: absolute"></div>
  <div class="said" role="status" hidden></div>
  <div class="tools">
    <button type="button" class="in" aria-label="Look closer">+</button>
    <button type="button" class="out" aria-label="Look from further away">−</button>
    <button type="button" class="draw" aria-pressed="false">Draw an area</button>
    <button type="button" class="here">Only this view</button>
  </div>
  <div class="note" role="status" hidden></div>
  <div class="credit"></div>
</div>
<ul class="legend" aria-label="Leads in view by colour"></ul>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a map shows: whose leads (a campaign's, or with None all companies of the book) through which filter, where
    they lie, other places around, and which rectangles were searched. ``today`` is the viewer's."""

    campaign_id: UUID | None
    filter: LeadFilter
    today: date
    extent: Extent
    backdrop: tuple[tuple[float, float], ...] = ()
    searched: tuple[Searched, ...] = ()


def register() -> None:
    """Have Streamlit's server know the files of the map, before any page of any process draws it."""
    manager = get_bidi_component_manager()
    if manager.get_component_path(f"{_PACKAGE}.{_PART}") is None:
        part = ComponentConfig(name=_PART, asset_dir=_PART)
        manager.register_from_manifest(ComponentManifest(_PACKAGE, "1", [part]), _FILES)


def draw(person: Person, shown: Shown) -> UUID | None:
    """Draw the leads that are in view; returns the one that was clicked. An area that is drawn becomes a filter."""
    whole = shown.filter.box or shown.extent.box
    if whole is None:
        return None
    colour, has_areas = _choices(shown)
    token = f"{hash((shown.campaign_id, shown.filter, shown.extent)):x}"
    view = _view(token) or View(box=whole, zoom=_USUAL_ZOOM)
    found = mapping.clusters(person, shown.campaign_id, shown.filter, shown.today, view, colour)
    said = _mounted(
        {
            "label": f"Map of {counted(shown.extent.drawn, 'lead')}",
            "token": token,
            "fit": whole,
            "zoom": view.zoom,
            "covered": mapping.around(view.box),
            "clusters": [_cluster(each) for each in found],
            "colours": list(_kinds(colour).values()),
            "legend": [*_legend(found, colour), *(_areas_legend(shown) if has_areas else ())],
            "box": shown.filter.box,
            "areas": [(each.box, _AREAS[each.found][1]) for each in shown.searched] if has_areas else [],
            "backdrop": shown.backdrop,
            **_streets(),
        }
    )
    if area := _box(said.get("box")):
        drawn_area.choose_box(area)
        st.rerun()
    return _id(said.get("open"))


def _streets() -> dict[str, Any]:
    streets = mapping.streets()
    return {
        "streets": _TILES if streets.are_there else "",
        "mostZoom": streets.most_zoom,
        "credit": streets.attribution if streets.are_there else "",
        "creditLink": _COPYRIGHT if "OpenStreetMap" in streets.attribution else "",
    }


def _mounted(data: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever a browser says
    register()
    part = st.components.v2.component(f"{_PACKAGE}.{_PART}", html=_HTML, css="map.css", js="map.js")
    # Streamlit passes on only what has a callback.
    return part(key=_KEY, data=data, on_view_change=_note, on_open_change=_note, on_box_change=_note)


def _note() -> None:
    """A callback: what happened is read where the map is drawn."""


def _choices(shown: Shown) -> tuple[ColourBy, bool]:
    """What colours mean, and whether the rectangles are drawn that were searched."""
    usual = next(iter(_BY))
    if _COLOUR not in st.session_state:
        st.session_state[_COLOUR] = address.choice(list(_BY))(st.query_params.get_all(_COLOUR)) or usual
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Colour by", width="content")
        chosen = st.segmented_control(
            "Colour by", list(_BY), key=_COLOUR, required=True, label_visibility="collapsed"
        )
        has_areas = bool(shown.searched) and st.toggle(
            "What was searched", key=_AREAS_SHOWN, help=_AREAS_HELP
        )
    address.write({_COLOUR: [] if chosen in (None, usual) else [chosen]})
    return _BY[chosen or usual], has_areas


def _areas_legend(shown: Shown) -> list[tuple[str, str, int]]:
    counts = Counter(each.found for each in shown.searched)
    return [
        (f"Area: {said}", shade, counts[found]) for found, (said, shade) in _AREAS.items() if counts[found]
    ]


def _kinds(colour: ColourBy) -> dict[str, str]:
    """What a kind is called and how it is coloured, in the order of their numbers."""
    return _STATUSES if colour is ColourBy.STATUS else _FIGURES


def _legend(found: Sequence[Cluster], colour: ColourBy) -> list[tuple[str, str, int]]:
    counts = [sum(each.kinds[kind] for each in found) for kind in range(len(_kinds(colour)))]
    return [
        (name, shade, count)
        for (name, shade), count in zip(_kinds(colour).items(), counts, strict=True)
        if count
    ]


def _cluster(each: Cluster) -> list[object]:
    lead = each.lead_id.hex if each.lead_id else ""
    return [each.lat, each.lon, each.box, each.kinds, lead, each.name]


def _view(token: str) -> View | None:
    """What the browser said that it looks at, unless that was another map."""
    said = st.session_state.get(_KEY, {}).get("view")
    if not isinstance(said, dict) or said.get("token") != token or not isinstance(said.get("zoom"), int):
        return None
    box = _box(said.get("box"))
    return View(box=box, zoom=said["zoom"]) if box else None


def _box(said: object) -> Box | None:
    try:
        return boxes.checked(said) if isinstance(said, list) else None
    except (ValueError, TypeError):
        return None


def _id(said: object) -> UUID | None:
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None
