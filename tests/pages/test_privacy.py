"""The page that answers people who ask what is held about them."""

from __future__ import annotations

from services import suppression_list
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead
from tests.support.dump import holding
from tests.support.servers import Database

PAGE, EMAIL = "pages/privacy.py", "info@canary.test"


def test_what_goes_is_counted_before_anybody_is_erased(
    open_page: Open, token: str, person: Person, database: Database
) -> None:
    ended(person, [lead(1, email=EMAIL, domain="canary.test"), lead(2)])
    app = open_page(PAGE, token)
    app.text_input(key="subject_who").set_value("nobody")
    calm(app.button(key="subject_send").click().run())
    assert "is no e-mail address" in words(app)
    app.text_input(key="subject_who").set_value("canary.test")
    calm(app.button(key="subject_send").click().run())
    assert "1 lead, 0 businesses that became none, 0 questions to providers, 0 exports since." in words(app)
    assert {"Report as text", "Report as JSON"} <= set(words(app).split("\n"))
    assert "1 lead removed" in words(app)
    assert app.button(key="erase_send").disabled
    assert "leads" in holding(database, EMAIL)
    calm(app.checkbox(key="erase_sure").check().run())
    calm(app.button(key="erase_send").click().run())
    assert "Erased. 1 lead removed; 1 business removed." in words(app)
    assert holding(database, "canary.test") == {}
    assert suppression_list.check(person, EMAIL) is not None
