"""Making a link for a client beside its leads, and closing it on its page."""

from __future__ import annotations

from services import client_links, saved_views, shared_leads
from services.identity import Person
from services.saved_views import Listing
from services.shared_leads import Door
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import finished, lead


def test_a_link_is_made_listed_and_closed(open_page: Open, token: str, person: Person) -> None:
    campaign = finished(person, [lead(1, email="info@cafe.test"), lead(2, city="Espoo")])
    app = open_page("pages/results.py", token, campaign=str(campaign))
    app.text_input(key="client_link_password").set_value("short")
    calm(app.button(key="FormSubmitter:client_link-Make the link").click().run())
    assert "Say whom the link is for" in words(app)
    app.text_input(key="client_link_name").set_value("Client Ltd")
    calm(app.button(key="FormSubmitter:client_link-Make the link").click().run())
    assert "at least 8 characters" in words(app)
    assert app.text_input(key="client_link_name").value == "Client Ltd", "what was typed stays"
    app.text_input(key="client_link_password").set_value("")
    calm(app.button(key="FormSubmitter:client_link-Make the link").click().run())
    app.text_input(key="client_link_name").set_value("Client Ltd")
    calm(app.button(key="FormSubmitter:client_link-Make the link").click().run())
    (link,) = app.code
    assert len(client_links.listing(person)) == 1, "of two fast clicks, the second one makes nothing"
    door = Door(link.value.rpartition("/")[2])
    assert len(shared_leads.page(door, None).rows) == 2
    view = saved_views.save(person, Listing.BOOK, "In Espoo", {"place": ["Espoo"]})
    book = open_page("pages/leads.py", token, saved=view.hex)
    assert book.text_input(key="client_link_title").value == "In Espoo"
    book.text_input(key="client_link_name").set_value("Another client")
    calm(book.button(key="FormSubmitter:client_link-Make the link").click().run())
    listed = open_page("pages/client_links.py", token)
    assert "opened 1 time" in words(listed)
    assert "asks for a password" not in words(listed)
    newest, first = client_links.listing(person)
    assert (newest.shows, newest.views, first.name) == ("In Espoo", 0, "Client Ltd")
    assert [one.value for one in listed.code] == [client_links.address(row.id) for row in (newest, first)]
    calm(listed.button(key=f"close-{first.id.hex}").click().run())
    calm(listed.button(key="question_yes").click().run())
    assert "closed" in words(listed)
    assert len(listed.code) == 1
