"""What stands in the address of a page, in its widgets and behind its session, through Streamlit's own test driver.

A page is opened once for several inputs: opening one takes longer than drawing it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.campaign import CampaignSpec, CampaignStatus
from services import campaigns, identity
from store.ids import new_id
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.pages.conftest import Open, calm, words
from tests.support.campaigns import finished, lead
from tests.support.people import person, signed_in
from tests.support.servers import change

Query = Mapping[str, str | Sequence[str]]
NOT_FOUND = "We can't find that campaign"


def shown(app: AppTest, query: Query) -> str:
    """What the page says at another address."""
    app.query_params.clear()
    for name, value in query.items():
        app.query_params[name] = list(value) if not isinstance(value, str) else value
    return words(calm(app.run()))


CAMPAIGNS = (
    Case(85, "SQL", "1 OR 1=1", NOT_FOUND),
    Case(85, "steps up", "../../etc/passwd", NOT_FOUND),
    Case(85, "ten kilobytes", "x" * 10_240, NOT_FOUND),
    Case(85, "nothing", "", NOT_FOUND),
    Case(85, "NUL", "\x00", NOT_FOUND),
    Case(85, "the same name twice", ["a", "b"], NOT_FOUND),
    Case(84, "one there is not", str(uuid4()), NOT_FOUND),
    Case(84, "somebody else's", "theirs", NOT_FOUND),
    Case(85, "in capitals", "MINE", "cafe in Helsinki"),
)


@pytest.mark.parametrize("page", ["progress", "results"])
@pytest.mark.parametrize("cases", [CAMPAIGNS], ids=["campaigns in the address"])
def test_an_address_of_no_campaign_of_theirs_is_told_so(
    world: World,
    open_page: Open,
    page: str,
    cases: Sequence[Case[str | list[str], str]],
) -> None:
    app = open_page(f"pages/{page}.py", signed_in("owner"))
    ids = {"theirs": str(world.theirs), "MINE": str(world.done).upper()}
    for case in cases:
        given = ids.get(case.given, case.given) if isinstance(case.given, str) else case.given
        said = shown(app, {"campaign": given})
        assert case.expected in said, case
        assert (NOT_FOUND in said) == (case.expected == NOT_FOUND), case


RESULTS = (
    Case(86, "before the first", {"page": "-1"}, 3),
    Case(86, "far behind the last", {"page": "1e9"}, 3),
    Case(86, "no number", {"page": "abc"}, 3),
    Case(86, "a number of 5,000 digits", {"page": "9" * 5_000}, 3),
    Case(88, "SQL as an order", {"sort": "(select pg_sleep(9))"}, 3),
    Case(88, "an order there is not", {"sort": "password_hash"}, 3),
    Case(89, "a size", {"size": "10000000", "limit": "10000000"}, 3),
    Case(32, "a minimum above a hundred", {"above": "1e9"}, 3),
    Case(107, "an operator there is not", {"has": "$where", "status": "{'$gt': ''}"}, 3),
    Case(90, "signs of a pattern", {"q": "%_\\"}, None),
    Case(7, "HTML", {"q": "<script>alert(1)</script>"}, None),
)


@pytest.mark.parametrize("cases", [RESULTS], ids=["the address of the results"])
def test_what_an_address_cannot_ask_for_changes_nothing(
    world: World, open_page: Open, cases: Sequence[Case[Query, int | None]]
) -> None:
    # The address is read on arrival at a campaign, so the next input comes with another one.
    other = finished(world.owner, [lead(number) for number in range(3)])
    app = open_page("pages/results.py", signed_in("owner"), campaign=str(other))
    for place, case in enumerate(cases):
        said = shown(app, {"campaign": str((world.done, other)[place % 2]), **case.given})
        if case.expected is None:
            assert "No lead matches these filters" in said, case
        else:
            assert len(app.dataframe[0].value) == case.expected, case


EVIL = (
    Case(7, "HTML", "<script>alert(1)</script>", "\\<script"),
    Case(8, "a picture in markdown", "![x](http://evil.test/p.png)", "!\\["),
    Case(10, "a formula between dollars", "$\\frac{1}{0}$ :red[x]", "\\$"),
)


@pytest.mark.parametrize("case", EVIL, ids=str)
def test_names_are_shown_as_text(world: World, open_page: Open, case: Case[str, str]) -> None:
    spec = CampaignSpec(business_types=(case.given,), by_name=(case.given,), location="Helsinki")
    made = campaigns.submit(world.owner, spec, str(new_id()))
    app = open_page("pages/progress.py", signed_in("owner"), campaign=str(made))
    # A word joiner keeps addresses from becoming links.
    assert case.given.replace("\\", "") in words(app).replace("\u2060", "")
    raw = [
        str(element.value) for kind in (app.markdown, app.title, app.header, app.caption) for element in kind
    ]
    assert [text for text in raw if case.given in text] == []
    assert [html for html in app.get("html") if "<script" in html.proto.body] == []


FORM = (
    Case(21, "no leads", ("count", 0), "between 1 and 1,000"),
    Case(22, "less than none", ("count", -1), "between 1 and 1,000"),
    Case(23, "a thousand million", ("count", 1_000_000_000), "between 1 and 1,000"),
    Case(33, "more than the field lets anybody type", ("count", 1_001), "between 1 and 1,000"),
    Case(30, "more than there is", ("budget", 1e308), "between $0 and $10,000"),
    Case(28, "less than a millionth", ("budget", 0.0000001), "at most six decimals"),
    Case(33, "a radius around the Earth", ("radius", 1e300), "between 0.1 and 100 km"),
    Case(32, "more stars than there are", ("rating", 7.0), "between 0 and 5 stars"),
    Case(24, "a third of a star", ("rating", 3.3), "steps of a half"),
    Case(23, "a year to come", ("founded", 3000), "between 1800 and 2100"),
)


@pytest.mark.parametrize("cases", [FORM], ids=["numbers of the form"])
def test_a_number_that_cannot_be_is_told_and_starts_nothing(
    world: World, open_page: Open, cases: Sequence[Case[tuple[str, float], str]]
) -> None:
    app = open_page("pages/new_campaign.py", signed_in("owner"), type=["Café"], where="Helsinki")
    before = campaigns.list_mine(world.owner).total
    for case in cases:
        key, value = case.given
        usual = app.number_input(key=key).value
        app.number_input(key=key).set_value(value)
        calm(app.button(key="start").click().run())
        assert case.expected in words(app), case
        assert app.selectbox(key="where").value == "Helsinki", case
        assert app.number_input(key=key).value == value, case
        app.number_input(key=key).set_value(usual)
    assert campaigns.list_mine(world.owner).total == before


WORDS: tuple[Case[dict[str, str | list[str]], str], ...] = (
    Case(1, "nothing", {}, "Choose or type a place."),
    Case(3, "a place of 10,001 letters", {"type": ["Café"], "where": "x" * 10_001}, "at most 200 characters"),
    Case(
        3, "a type of 10,001 letters", {"type": ["x" * 10_001], "where": "Helsinki"}, "at most 200 characters"
    ),
    Case(2, "a place nobody sees", {"type": ["Café"], "where": "\u200b\u3164"}, "Choose or type a place."),
    Case(5, "NUL", {"type": ["Café"], "where": "\x00abc"}, "cannot be stored"),
    Case(4, "one letter", {"type": ["a"], "where": "Helsinki"}, "“a”"),
    Case(17, "no place", {"type": ["Café"], "where": "asdfqwer"}, "asdfqwer"),
    Case(18, "two places of one name", {"type": ["Café"], "where": "Springfield"}, "Springfield"),
    Case(19, "coordinates out of range", {"type": ["Café"], "where": "91,181"}, "not on Earth"),
    Case(6, "SQL", {"type": ["'; DROP TABLE leads;--"], "where": "Helsinki"}, "DROP TABLE"),
    Case(
        26,
        "stars that are none",
        {"type": ["Café"], "where": "Helsinki", "rating": "abc"},
        "“abc” cannot be read as a number. The minimum rating is between 0 and 5 stars",
    ),
    Case(26, "endless", {"type": ["Café"], "where": "Helsinki", "count": "Infinity"}, "cannot be read"),
    Case(
        29,
        "two ways to read it",
        {"type": ["Café"], "where": "Helsinki", "budget": "1.000,50"},
        "cannot be read",
    ),
)


@pytest.mark.parametrize("case", WORDS, ids=str)
def test_an_order_that_cannot_be_keeps_what_was_typed(
    world: World, open_page: Open, case: Case[dict[str, str | list[str]], str]
) -> None:
    before = campaigns.list_mine(world.owner).total
    app = open_page("pages/new_campaign.py", signed_in("owner"), {"draft_wanted": True}, **case.given)
    assert [title.value for title in app.title] == ["New campaign"]
    assert case.expected in words(app)
    assert campaigns.list_mine(world.owner).total == before
    for key in ("type", "where"):
        if key in case.given:
            assert app.session_state[key] == case.given[key]


@pytest.mark.parametrize("case", [Case(91, "a session that ends in mid-form", 77, "count%3D77")], ids=str)
def test_a_session_that_ends_takes_nothing_typed_with_it(
    world: World, open_page: Open, case: Case[int, str]
) -> None:
    token = signed_in("owner")
    app = open_page("pages/new_campaign.py", token, where="Helsinki", type=["Café"])
    app.number_input(key="count").set_value(case.given)
    identity.sign_out(token)
    calm(app.run())
    assert "Please sign in again" in words(app)
    link = app.get("html")[-1].proto.body
    assert case.expected in link
    assert "where%3DHelsinki" in link


@pytest.mark.parametrize(
    "case",
    [Case(93, "an administrator no longer", "is_admin = false", "This page is for administrators.")],
    ids=str,
)
def test_a_right_that_is_taken_away_ends_with_the_next_click(
    world: World, open_page: Open, case: Case[str, str]
) -> None:
    name = f"deputy-{uuid4().hex[:8]}"
    deputy = person(name, is_admin=True)
    app = open_page("pages/admin_jobs.py", signed_in(name))
    assert case.expected not in words(app)
    change(world.database.superuser_url, f"update users set {case.given} where id = '{deputy.id}'")
    assert case.expected in words(calm(app.run()))
    assert not app.button


@pytest.mark.parametrize("page", ["admin_jobs", "admin_providers"])
@pytest.mark.parametrize(
    "case",
    [
        Case(
            94,
            "the state of widgets only administrators see",
            {"retry": True, "cancel": True, "cancel_job": True, "allow_google_places": True},
            "This page is for administrators.",
        )
    ],
    ids=str,
)
def test_widgets_somebody_cannot_see_do_nothing(
    world: World, open_page: Open, page: str, case: Case[dict[str, object], str]
) -> None:
    app = open_page(f"pages/{page}.py", signed_in("owner"))
    for key, value in case.given.items():
        app.session_state[key] = value
    assert case.expected in words(calm(app.run()))
    assert campaigns.get(world.owner, world.running).status is CampaignStatus.PROCESSING
