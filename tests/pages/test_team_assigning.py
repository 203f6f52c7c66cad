"""Whom new companies are given to, as an admin says it on the page of the team."""

from __future__ import annotations

from services import assigning
from services.identity import Person
from tests.pages.conftest import Open, calm, words

PAGE = "pages/team.py"


def test_places_and_turns_are_said_and_taken_back(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token)
    app.text_input(key="assign_place").set_value("  ")
    calm(app.button(key="FormSubmitter:assign_place_form-Add place").click().run())
    assert "Type a place of 1 to 100 characters" in words(app)
    app.text_input(key="assign_place").set_value("Turku")
    calm(app.button(key="FormSubmitter:assign_place_form-Add place").click().run())
    assert f"City: Turku → {person.email}" in words(app)
    app.multiselect(key="assign_turns").set_value([person.id])
    calm(app.button(key="FormSubmitter:assign_turns_form-Save turns").click().run())
    found = assigning.assignment(person)
    assert (found.places[0].place, found.turns) == ("Turku", (person.id,))
    calm(app.button(key=f"unassign-{found.places[0].id.hex}").click().run())
    assert assigning.assignment(person).places == ()
    assert "Turku is given to nobody in particular any more." in words(app)
