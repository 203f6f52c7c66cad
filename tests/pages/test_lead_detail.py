"""One lead, explained: where its values are from, why others are empty, what its score is made of."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from pipeline.lead import Origin, ScorePart
from pipeline.qualification.criteria import Answer, Criterion, Importance, Verdict, not_said
from services import results
from services.identity import Person
from services.results import LeadFilter, LeadSort
from tests.pages.conftest import calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead


def _draw() -> None:
    import streamlit as st

    from ui.lead_detail import detail

    detail(st.session_state["lead"])


def test_both_figures_are_explained_and_the_one_of_an_earlier_version_is_called_what_it_was(
    person: Person,
) -> None:
    reached = (ScorePart(name="email", points=18, weight=35, evidence="a@b.test is written down."),)
    new = lead(53, name="New", reach=18, reach_parts=reached, chain="Cafés & Co")
    campaign_id = ended(person, [new, lead(42, name="Old")])
    said = {}
    for row in results.leads(person, campaign_id, LeadFilter(), LeadSort.NAME).rows:
        app = AppTest.from_function(_draw)
        app.session_state["lead"] = results.lead(person, campaign_id, row.id)
        said[row.name] = words(calm(app.run()))
    for told in (
        "Confidence 53",
        "Reach 18",
        "a@b.test is written down.",
        "E-mail · 18 of 35",
        "Part of Cafés & Co",
    ):
        assert told in said["New"]
    assert "Score 42" in said["Old"]
    assert "An earlier version" in said["Old"]
    assert "Reach" not in said["Old"]


def test_every_value_and_every_gap_is_explained(person: Person) -> None:
    campaign_id = ended(
        person, [lead(42, name="*Cafe* <b>", phone="+358401234567", website="https://alpha.test/a_b")]
    )
    row = results.leads(person, campaign_id, LeadFilter(), LeadSort.NAME).rows[0]
    app = AppTest.from_function(_draw)
    app.session_state["lead"] = results.lead(person, campaign_id, row.id)
    said = words(calm(app.run()))
    assert "*Cafe* <b>" in said
    assert "+358401234567" in said
    assert "OpenStreetMap, as of 1 Apr 2019" in said
    assert "Empty: OpenStreetMap lists no email for this business." in said
    assert "It has a name." in said
    assert "Read from OpenStreetMap." in said
    assert "https://www.openstreetmap.org/node/42" in said
    assert "<https://alpha.test/a_b>" in said


def test_a_company_of_a_register_says_what_that_states_and_why_it_is_not_on_the_map(person: Person) -> None:
    origin = Origin(source="companies_house", ref="00000042", licence="OGL-UK-3.0")
    details = {
        "register": "UK Companies House",
        "company_number": "00000042",
        "legal_name": "ALPHA LIMITED",
        "founded": "2015-02-17",
        "company_size": "micro",
        "company_status": "Active",
        "registered_office": "1 Pier Street, Town, AB1 2CD",
    }
    provenance = {"name": origin, "address": origin}
    made = lead(
        42, name="Alpha", lat=None, lon=None, origins=(origin,), provenance=provenance, details=details,
        address="1 Pier Street, Town, AB1 2CD",
    )  # fmt: skip
    mapped = Origin(source="openstreetmap", ref="node/43")
    both = replace(
        made,
        business=replace(
            made.business, origins=(mapped, origin), provenance={**provenance, "address": mapped}
        ),
    )
    campaign_id = ended(person, [made, both])
    rows = results.leads(person, campaign_id, LeadFilter(), LeadSort.NAME).rows
    (row,) = [each for each in rows if each.is_registered_office]
    assert {each.whereabouts for each in rows} == {row.whereabouts, row.address}
    app = AppTest.from_function(_draw)
    app.session_state["lead"] = results.lead(person, campaign_id, row.id)
    said = words(calm(app.run()))
    assert "ALPHA LIMITED" in said
    assert "00000042 · Active" in said
    assert said.count("2015-02-17") == said.count("micro") == 1
    assert "Registered office: 1 Pier Street, Town, AB1 2CD" in said
    assert said.count("A registered office, which may be elsewhere than the business") == 1
    assert "Not on the map: its register states an address and no position." in said
    assert "UK Companies House 00000042 (OGL-UK-3.0)" in said


def test_verdicts_show_the_sentence_and_its_page(person: Person) -> None:
    said = Verdict(
        criterion="hiring *all*",
        importance=Importance.MUST_NOT,
        answer=Answer.YES,
        why="Found by words and phrases.",
        quote="We are hiring <b>cooks</b>.",
        page="https://alpha.test/jobs",
    )
    silent = not_said(Criterion("delivers", Importance.NICE_TO_HAVE), "Its pages say both.")
    foul = replace(said, criterion="x", importance=Importance.NICE_TO_HAVE, page="javascript:alert(1)")
    campaign_id = ended(person, [replace(lead(42, name="Alpha"), verdicts=(said, silent, foul))])
    row = results.leads(person, campaign_id, LeadFilter(), LeadSort.NAME).rows[0]
    assert row.verdicts == (said, silent, foul)
    app = AppTest.from_function(_draw)
    app.session_state["lead"] = results.lead(person, campaign_id, row.id)
    shown = words(calm(app.run()))
    for told in (
        "What its website says",
        "Its website says yes to “hiring *all*”, which was not wanted.",
        "“We are hiring <b>cooks</b>.”",
        "https://alpha.test/jobs",
        "Its pages say both.",
    ):
        assert told in shown
    assert "<javascript" not in "".join(element.value for element in app.markdown)
