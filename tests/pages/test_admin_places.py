"""The page of places, and what the form of a campaign offers when a place is unknown."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from services import place_load_work, place_loading
from services.identity import Person
from services.place_loading import LoadState
from tests.pages.conftest import Open, calm, words
from tests.support.catalogue import row

PAGE = "pages/admin_places.py"
LINES = "".join(json.dumps(row(number)) + "\n" for number in range(1, 4)).encode()


def work() -> None:
    """What a worker does about loads."""
    for _ in place_load_work.run_due(lambda _: None):
        pass


def submit(app: AppTest) -> None:
    """Press the button below the file."""
    (load,) = [button for button in app.button if button.label == "Load this file"]
    calm(load.click().run())


def test_a_file_is_loaded_shown_and_removed(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token)
    assert "The catalogue is empty" in words(app)
    calm(app.selectbox(key="place_kind").set_value("JSON lines").run())
    assert "manage.py import-places FILE" in words(app)
    assert "Registers state an address" not in words(app)
    calm(app.selectbox(key="place_kind").set_value("UK Companies House").run())
    assert "manage.py import-companies-house FILE" in words(app)
    assert "Registers state an address and no position" in words(app)
    calm(app.selectbox(key="place_kind").set_value("JSON lines").run())
    app.text_input(key="place_name-0").set_value("Cafés *2026*")
    app.file_uploader(key="place_file-0").upload("town.osm", LINES)
    submit(app)
    assert "Files of this kind end in .jsonl or .jsonl.gz." in words(app)
    assert app.text_input(key="place_name-0").value == "Cafés *2026*"
    app.file_uploader(key="place_file-0").upload("town.jsonl", LINES)
    submit(app)
    assert "Starts as soon as a worker comes to it" in words(app)
    work()
    app = open_page(PAGE, token)
    assert "3 places in the catalogue" in words(app)
    assert "3 new, 0 changed, 0 closed, 0 gone" in words(app)
    (shown,) = app.dataframe[0].value.to_dict("records")
    assert (shown["Import"], shown["Source"], shown["Places"]) == ("Cafés *2026*", "OpenStreetMap", 3)
    calm(app.button(key="holding_remove").click().run())
    assert "What campaigns hold already stays." in words(app)
    calm(app.button(key="question_yes").click().run())
    work()
    assert "The catalogue is empty" in words(open_page(PAGE, token))


def test_a_load_is_stopped_and_goes_on(open_page: Open, token: str, person: Person) -> None:
    place_loading.load_city(person, "Tampere, Finland")
    (load,) = place_loading.loads(person)
    app = open_page(PAGE, token)
    calm(app.button(key=f"load-stop-{load.id.hex}").click().run())
    assert "It is stopped." in words(app)
    calm(app.button(key=f"load-again-{load.id.hex}").click().run())
    assert place_loading.loads(person)[0].state is LoadState.WAITING


def test_an_unknown_place_is_loaded_by_administrators_and_asked_for_by_others(
    open_page: Open, token: str, colleague: str, person: Person
) -> None:
    app = open_page("pages/new_campaign.py", colleague, where="Tampere, Finland", type=["Café"])
    offer = app.button(key="place-load")
    assert offer.label.replace("\\", "") == "Ask an administrator to load “Tampere, Finland”"
    calm(offer.click().run())
    assert "The administrators are told that you miss it." in words(app)
    app = open_page(PAGE, token)
    assert "Tampere, Finland · 1 person" in words(app)
    calm(app.button(key="wish-drop-0").click().run())
    assert "People asked for" not in words(app)
    app = open_page("pages/new_campaign.py", token, where="Tampere, Finland", type=["Café"])
    calm(app.button(key="place-load").click().run())
    assert [load.place for load in place_loading.loads(person)] == ["Tampere, Finland"]


def test_others_see_nothing_of_it(open_page: Open, colleague: str) -> None:
    assert "This page is for administrators." in words(open_page(PAGE, colleague))
