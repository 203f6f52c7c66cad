"""What is done regularly, for administrators."""

from __future__ import annotations

from jobs import duties
from tests.pages.conftest import Open, calm, words
from tests.support.servers import Database, change

PAGE = "pages/admin_duties.py"


def test_duties_say_how_often_they_are_done_and_what_came_of_it(
    open_page: Open, token: str, database: Database
) -> None:
    said = words(open_page(PAGE, token))
    assert "Whenever something waits · never done yet" in said
    change(database.superuser_url, "revoke execute on function forget_audit(integer) from pp_system")
    list(duties.run_due())
    app = open_page(PAGE, token)
    said = words(app)
    assert said.index("**Remove old audit notes**") < said.index("**Send mails**")
    assert "permission denied" in said
    assert "Every 5 minutes · last just now, took" in said
    calm(app.button(key="run-sums").click().run())
    assert "is done as soon as a worker comes to it" in words(app)
    assert len(list(duties.run_due())) == 1


def test_others_see_no_duty(open_page: Open, colleague: str) -> None:
    assert "This page is for administrators." in words(open_page(PAGE, colleague))
