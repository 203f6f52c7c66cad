"""Places: the open data this installation searches, where from and how old; loading, renewing and removing it."""

from __future__ import annotations

from services import place_loading
from services.permissions import Right
from ui import cards, place_adding, place_holdings, place_loads, question, session


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_PLACES)
    cards.heading(
        "Places",
        "The open data that campaigns search: what there is, how old it is, and how to get more of it.",
    )
    found = place_loading.overview(person)
    place_loads.wishes(found.wishes)
    place_loads.under_way(found.loads)
    place_adding.draw(person, may_fetch=found.may_fetch)
    place_holdings.draw(found.holdings, found.cities)
    place_loads.history(found.loads)
    question.draw()


main()
