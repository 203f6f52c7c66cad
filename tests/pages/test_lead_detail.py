"""One lead, explained: where its values are from, why others are empty, what its score is made of."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

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
