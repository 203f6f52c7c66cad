"""The page of the suppression list."""

from __future__ import annotations

from jobs.campaign_ports import StoredMemory
from pipeline.suppression import Listed, SuppressedBy, SuppressedKind, subject_of
from services import suppression_list
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import DONE, SPEC, finish
from tests.support.campaigns import TODAY, claimed, lead, store_leads, submitted

PAGE = "pages/suppressions.py"


def test_somebody_is_put_on_the_list_found_there_and_could_be_taken_off(
    open_page: Open, token: str, person: Person
) -> None:
    app = open_page(PAGE, token)
    assert "Nobody is on the list" in words(app)
    app.text_input(key="add_who").set_value("somebody")
    calm(app.button(key="add_send").click().run())
    assert "is no e-mail address" in words(app)
    app.text_input(key="add_who").set_value("info@anchor.test")
    app.text_input(key="add_reason").set_value("Asked *us*")
    calm(app.button(key="add_send").click().run())
    assert "The e-mail address is on the list now." in words(app)
    assert "1 entry" in words(app)
    app.text_input(key="check_who").set_value("INFO@anchor.test")
    calm(app.button(key="check_send").click().run())
    assert "typed, by e-mail address: Asked *us*." in words(app)
    (entry,) = suppression_list.entries(person).rows
    calm(app.button(key=f"lift-{entry.hash.hex()}").click().run())
    assert "The next campaign may find, store and ask about them again." in words(app)


def test_a_file_is_shown_before_it_is_kept(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token)
    app.file_uploader(key="file_given-0").upload("list.csv", b"email\na@anchor.test\nnobody\n")
    calm(app.run())
    assert "1 row cannot be used, so nothing is kept yet." in words(app)
    assert "Row 3" in words(app)
    assert suppression_list.counts(person) == {}
    calm(app.button(key="file_send").click().run())
    assert "1 put on the list; 0 were on it already." in words(app)


def test_a_campaign_says_whom_it_left_out(open_page: Open, token: str, person: Person) -> None:
    lease = claimed(person, submitted(person, SPEC))
    store_leads(lease, [lead(1)])
    by_domain = Listed(SuppressedKind.DOMAIN, SuppressedBy.TYPED, "asked us")
    memory = StoredMemory(lease, TODAY)
    memory.note_left_out({by_domain: 2})
    memory.note_in_book(1)
    memory.note_customers(1)
    assert (memory.in_book(), memory.customers()) == (1, 1)
    finish(lease, DONE)
    suppression_list.add(person, [subject_of("anchor.test")], "asked us")
    for page in ("pages/progress.py", "pages/results.py"):
        said = words(open_page(page, token, campaign=str(lease.campaign_id)))
        assert "2 businesses left out: on the suppression list (2 by domain, “asked us”)." in said
        assert "1 of 1 business found was in your book already." in said
        assert "1 of 1 business found was a customer of yours." in said
