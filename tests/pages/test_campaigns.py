"""The list of a person's campaigns."""

from __future__ import annotations

from uuid import UUID

import pytest

from pipeline.campaign import CampaignSpec, CampaignStatus
from services import campaign_tags, campaigns, renaming
from services.identity import Person
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead

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
    assert "Businesses found: 0" in words(app)


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


def test_runs_of_one_order_are_one_card_with_the_way_to_each(
    open_page: Open, token: str, person: Person
) -> None:
    first = ended(person, [lead(1)])
    second = ended(person, [lead(1), lead(2), lead(3)])
    order(person, "Dentist")
    app = open_page(PAGE, token)
    assert "3 campaigns of 2 orders" in words(app)
    assert "2 more leads." in words(app)
    (runs,) = [each for each in app.expander if each.label == "2 runs of this order"]
    assert [button.label for button in runs.button] == ["Open", "Compare with it", "List every run"]
    calm(app.button(key=f"compare-{first}").click().run())
    assert app.query_params["campaign"] in (str(second), [str(second)])
    assert app.query_params["with"] in (str(first), [str(first)])
    assert [title.value for title in app.title] == ["Compare two runs"]


def test_every_run_of_an_order_can_be_listed(open_page: Open, token: str, person: Person) -> None:
    first, second = ended(person, []), ended(person, [])
    order(person, "Dentist")
    app = open_page(PAGE, token)
    calm(app.button(key=f"list-{second}").click().run())
    assert "2 runs" in words(app)
    assert {f"delete-{first}", f"delete-{second}"} <= {button.key for button in app.button}
    calm(app.button(key="all").click().run())
    assert "3 campaigns of 2 orders" in words(app)


def test_tags_are_set_and_filtered_by(open_page: Open, token: str, person: Person) -> None:
    tagged = ended(person, [])
    campaign_tags.set_tags(person, order(person, "Dentist"), ["Spring *fair*", "B"])
    app = open_page(PAGE, token)
    calm(app.button(key=f"tags-{tagged}").click().run())
    app.multiselect(key=f"tags_chosen-{tagged}").set_value(["Spring *fair*"])
    calm(app.button(key="tags_save").click().run())
    assert campaigns.get(person, tagged).tags == ("Spring *fair*",)
    app = open_page(PAGE, token, tag="Spring *fair*", by="Me", to="2999-01-01", show="Complete")
    assert "1 campaign" in words(app)
    assert "More filters (3)" in [each.label for each in app.expander]
    assert "No campaign matches" in words(
        open_page(PAGE, token, **{"tag": "Spring *fair*", "from": "2999-01-01"})
    )


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
    _, _, wish = app.session_state["campaigns_asked"]
    calm(app.button(key="again_yes").click().run())
    assert app.query_params["campaign"] not in (str(made), [str(made)])
    campaigns.run_again(person, made, f"again-{wish}")
    rows = campaigns.list_mine(person, status=CampaignStatus.PENDING, text=None, cursor=None).rows
    assert [row.spec.business_types for row in rows] == [("Cafe",)]


def test_other_peoples_campaigns_are_not_there(open_page: Open, person: Person, colleague: str) -> None:
    order(person, "Cafe")
    assert "Your campaigns will live here" in words(open_page(PAGE, colleague))
