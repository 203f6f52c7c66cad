"""What the catalogue holds, by import and country, and renewing or removing an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pipeline.geo.countries import country_name
from pipeline.providers.registry import registry
from services import place_loading
from services.permissions import Right
from services.place_loading import Holding
from ui import cards, question, said, session
from ui.format import counted, day, number, ranged
from ui.question import Question
from ui.viewer_time import local


def draw(found: Sequence[Holding], cities: Mapping[str, str]) -> None:
    """Draw what there is; ``cities`` are the imports that can be fetched anew, with their places."""
    if not found:
        cards.empty(
            "The catalogue is empty",
            "Add a city or a file above, and campaigns find its businesses.",
            "search",
        )
        return
    st.header(f"{counted(sum(holding.places for holding in found), 'place')} in the catalogue", anchor=False)
    counts = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        [_row(holding) for holding in found],
        hide_index=True,
        key="place_holdings",
        width="stretch",
        column_config={"Places": counts, "Closed or gone": counts},
    )
    names = list(dict.fromkeys(holding.name for holding in found))
    with st.container(border=True, key="pp-card-holding"):
        name = st.selectbox("Renew or remove", names, key="holding_chosen")
        if name:
            _steer(name, [holding for holding in found if holding.name == name], cities.get(name))


def _row(holding: Holding) -> dict[str, str | int]:
    country = country_name(holding.country) if holding.country else None
    changes = (
        f"{number(holding.added)} new, {number(holding.changed)} changed, {number(holding.closed)} closed"
    )
    return {
        "Import": holding.name,
        "Source": registry().origin_label(holding.source),
        "Country": country or holding.country or "not recorded",
        "Places": holding.places,
        "Closed or gone": holding.hidden,
        "Observed": _span(holding),
        "Imported": day(local(holding.imported_at)) if holding.imported_at else "not finished",
        "Last changes": f"{changes}, {number(holding.gone)} gone" if holding.imported_at else "",
    }


def _span(holding: Holding) -> str:
    if holding.oldest is None or holding.newest is None:
        return "not recorded"
    return ranged(day(holding.oldest), day(holding.newest))


def _steer(name: str, parts: Sequence[Holding], city: str | None) -> None:
    if city:
        st.caption(
            "It came from the Overpass server, and can be fetched again: what changed, closed or is gone is counted."
        )
    else:
        st.caption("To renew it, load a newer file under the same name, above or with the command.")
    with st.container(horizontal=True):
        if city:
            st.button("Fetch it again", key="holding_renew", on_click=_renew, args=(name, city))
        st.button(
            "Remove",
            key="holding_remove",
            type="tertiary",
            on_click=question.ask,
            args=(_asked(name, parts),),
        )


def _renew(name: str, city: str) -> None:
    """A callback."""
    person = session.require_right(Right.LOAD_PLACES)
    done = f"“{name}” is fetched again as soon as a worker comes to it."
    said.after(lambda: place_loading.load_city(person, city, name), done)


def _asked(name: str, parts: Sequence[Holding]) -> Question:
    places = counted(sum(part.places + part.hidden for part in parts), "place")
    return Question(
        title="Remove from the catalogue?",
        body=(
            f"“{name}” goes out of the catalogue, {places} with it, and campaigns do not find them any more. What"
            " campaigns hold already stays. Places that another import has as well come back when that is loaded again."
            " Your name stands in the audit."
        ),
        yes="Remove them",
        act=lambda person: place_loading.remove(person, name),
        done=f"“{name}” is removed as soon as a worker comes to it.",
    )
