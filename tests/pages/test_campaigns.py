"""The list of a person's campaigns."""

from __future__ import annotations

from uuid import UUID

import pytest

from pipeline.campaign import CampaignSpec, CampaignStatus
from services import campaigns, renaming
from services.identity import Person
from tests.pages.conftest import Open, calm, words

PAGE = "pages/campaigns.py"


def order(person: Person, kind: str) -> UUID:
    return campaigns.submit(person, CampaignSpec(business_types=(kind,), location="Helsinki"), f"key-{kind}")


def test_a_new_person_is_invited_to_start(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    assert "Your campaigns will live here" in words(app)
    calm(app.button(key="first").click().run())
    assert [title.value for title in app.title] == ["New campaign"]


def test_one_campaign_opens_its_progress(open_page: Open, token: str, person: Person) -> None:
    made = order(person, "Cafe")
    app = open_page(PAGE, token)
    assert "1 campaign" in words(app)
    assert "Cafe in Helsinki" in words(app)
    calm(app.button(key=f"open-{made}").click().run())
    assert [metric.label for metric in app.metric][:1] == ["Businesses found"]


def test_many_campaigns_come_in_pages(open_page: Open, token: str, person: Person) -> None:
    for number in range(27):
        order(person, f"Cafe {number:02}")
    app = open_page(PAGE, token)
    assert "27 campaigns" in words(app)
    assert "Cafe 26 in Helsinki" in words(app)
    assert "Cafe 00 in Helsinki" not in words(app)
    calm(app.button(key="more").click().run())
    assert "Cafe 00 in Helsinki" in words(app)
    assert "more" not in [button.key for button in app.button]


def test_filters_narrow_and_can_be_cleared(open_page: Open, token: str, person: Person) -> None:
    order(person, "Cafe")
    order(person, "Dentist")
    app = open_page(PAGE, token, find="dent")
    assert "Dentist in Helsinki" in words(app)
    assert "Cafe in Helsinki" not in words(app)
    calm(app.selectbox(key="show").set_value("Failed").run())
    assert "No campaign matches" in words(app)
    calm(app.button(key="clear").click().run())
    assert "2 campaigns" in words(app)


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; drop table campaigns;--", "\x00", "x" * 5000, "🏳️‍🌈"])
def test_any_text_can_be_searched_for(open_page: Open, token: str, person: Person, text: str) -> None:
    order(person, "Cafe")
    app = open_page(PAGE, token, find=text, show="(select pg_sleep(9))")
    assert "Cafe in Helsinki" not in words(app) or text == "\x00"


def test_what_people_typed_is_shown_as_itself(open_page: Open, token: str, person: Person) -> None:
    renaming.rename(person, order(person, "Cafe"), "![x](http://evil.test/p.png)<script>")
    shown = [str(element.value) for element in open_page(PAGE, token).markdown]
    assert any("\\!\\[x\\]" in text and "\\<script\\>" in text for text in shown)


def test_deleting_asks_first(open_page: Open, token: str, person: Person) -> None:
    made = order(person, "Cafe")
    campaigns.cancel(person, made)
    app = open_page(PAGE, token)
    calm(app.button(key=f"delete-{made}").click().run())
    assert "gone for good" in words(app)
    assert campaigns.list_mine(person, status=None, text=None, cursor=None).total == 1


def test_running_again_makes_another_campaign(open_page: Open, token: str, person: Person) -> None:
    made = order(person, "Cafe")
    campaigns.cancel(person, made)
    app = open_page(PAGE, token)
    calm(app.button(key=f"again-{made}").click().run())
    assert "It costs nothing." in words(app)
    assert campaigns.list_mine(person, status=CampaignStatus.PENDING, text=None, cursor=None).rows == ()
    calm(app.button(key="again_yes").click().run())
    assert app.query_params["campaign"] not in (str(made), [str(made)])
    rows = campaigns.list_mine(person, status=CampaignStatus.PENDING, text=None, cursor=None).rows
    assert [row.spec.business_types for row in rows] == [("Cafe",)]


def test_other_peoples_campaigns_are_not_there(open_page: Open, person: Person, colleague: str) -> None:
    order(person, "Cafe")
    assert "Your campaigns will live here" in words(open_page(PAGE, colleague))
