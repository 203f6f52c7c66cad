"""The leads of a campaign: filtered from the form and from the address, explained, in pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import settings
from pipeline.lead import Origin
from pipeline.output.export import Spelling
from pipeline.output.export_formats import formats
from services import book, export_choices, exporting, results
from services.errors import Invalid
from services.identity import Person
from services.results import LeadFilter, LeadSort
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import SPEC, ended
from tests.support.campaigns import claimed, lead, store_leads, submitted
from tests.support.plugins import TOY_FORMAT, added_plugin
from ui import lead_table

PAGE = "pages/results.py"
MIXED = [
    lead(
        1,
        name="Alpha",
        confidence=90,
        phone="+358401",
        email="info@alpha.test",
        website="https://alpha.test/",
    ),
    lead(2, name="Beta", confidence=70, category="shop=bakery"),
    lead(3, name="100% Gamma_", confidence=50, phone="+358402"),
]


def names(app: object) -> list[str]:
    return list(app.dataframe[0].value["Name"])  # type: ignore[attr-defined]


def test_no_leads_at_all_offers_a_way_on(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, [])))
    assert "No leads in this campaign" in words(app)
    assert not app.dataframe
    calm(app.button(key="edit_again").click().run())
    assert [title.value for title in app.title] == ["New campaign"]


def test_one_lead_is_shown_with_its_credit(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(7)])))
    assert names(app) == ["Cafe 007"]
    assert "OpenStreetMap contributors" in words(app)
    row = app.dataframe[0].value.iloc[0]
    assert "OpenStreetMap lists no website for this business." in row["Why empty"]
    assert row["E-mail status"] == "No e-mail"
    assert row["Confidence"] == 7


def test_leads_show_while_the_campaign_still_runs(open_page: Open, token: str, person: Person) -> None:
    campaign_id = submitted(person, SPEC)
    assert "No leads yet" in words(open_page(PAGE, token, campaign=str(campaign_id)))
    store_leads(claimed(person, campaign_id), [lead(1)])
    app = open_page(PAGE, token, campaign=str(campaign_id))
    assert "still running" in words(app)
    assert names(app) == ["Cafe 001"]


def test_many_leads_come_in_pages(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(n) for n in range(120)])), sort="Name")
    seen = names(app)
    assert "1–50 of 120" in words(app)
    for said in ("51–100 of 120", "101–120 of 120"):
        calm(app.button(key="next").click().run())
        assert said in words(app)
        seen += names(app)
    assert seen == sorted({f"Cafe {n:03}" for n in range(120)})
    assert "next" not in [button.key for button in app.button]
    calm(app.button(key="previous").click().run())
    assert "51–100 of 120" in words(app)
    calm(app.selectbox(key="sort").set_value("Confidence").run())
    assert "1–50 of 120" in words(app)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Alpha", "Beta", "100% Gamma_"]),
        ({"sort": "Name"}, ["100% Gamma_", "Alpha", "Beta"]),
        ({"q": "alp"}, ["Alpha"]),
        ({"q": "%"}, ["100% Gamma_"]),
        ({"q": "_"}, ["100% Gamma_"]),
        ({"above": "60"}, ["Alpha", "Beta"]),
        ({"has": ["Phone"]}, ["Alpha", "100% Gamma_"]),
        ({"has": ["Website", "E-mail"]}, ["Alpha"]),
        ({"status": "Not verified"}, ["Alpha"]),
    ],
)
def test_the_address_holds_the_filters(
    open_page: Open, token: str, person: Person, query: dict[str, str | list[str]], found: list[str]
) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)), **query)
    assert names(app) == found
    assert f"Showing **{len(found)}** of 3" in words(app)
    assert f"CSV ({len(found)} lead" in words(app)


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "(select pg_sleep(9))", "status": "none'--", "category": "\x00", "has": "everything"},
        {"above": "-1"},
        {"above": "1e9"},
        {"above": "abc", "view": "Nothing", "page": "-1", "cursor": "Zm9v", "limit": "10000000"},
        {"q": "\x00"},
        {"box": "1,2,3"},
        {"box": "nan,0,1,1"},
        {"box": "0,91,1,92"},
        {"box": "' or 1=1", "colour": "none"},
    ],
)
def test_hostile_values_in_the_address_are_ignored(
    open_page: Open, token: str, person: Person, query: dict[str, str]
) -> None:
    assert len(names(open_page(PAGE, token, campaign=str(ended(person, MIXED)), **query))) == 3


def test_a_filter_of_one_campaign_is_none_of_another(open_page: Open, token: str, person: Person) -> None:
    first, second = ended(person, MIXED), ended(person, MIXED)
    app = open_page(PAGE, token, campaign=str(first))
    calm(app.text_input(key="q").set_value("alp").run())
    assert names(app) == ["Alpha"]
    app.query_params.clear()
    app.query_params["campaign"] = str(second)
    calm(app.run())
    assert len(names(app)) == 3


def test_the_address_holds_the_page_and_the_open_lead(open_page: Open, token: str, person: Person) -> None:
    campaign = ended(person, [lead(n) for n in range(60)])
    row = results.leads(person, campaign, LeadFilter(), LeadSort.NAME).rows[-1]
    app = open_page(PAGE, token, campaign=str(campaign), sort="Name", page="2", lead=row.id.hex)
    assert "51–60 of 60" in words(app)
    assert "How the score came about" in words(app)
    calm(app.slider(key="above").set_value(55).run())
    assert "1–5 of 5" in words(app)


@pytest.mark.parametrize("page", ["99", "0", "-1", "1e9", "x" * 5000, "２"])
def test_a_page_that_is_none_shows_leads_all_the_same(
    open_page: Open, token: str, person: Person, page: str
) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)), page=page, lead="x" * 5000)
    assert len(names(app)) == 3


def test_a_lead_of_another_campaign_is_told_calmly(open_page: Open, token: str, person: Person) -> None:
    other = ended(person, MIXED)
    theirs = results.leads(person, other, LeadFilter(), LeadSort.NAME).rows[0].id
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)), lead=str(theirs))
    assert "We can't find that lead." in words(app)


def test_nothing_matching_offers_to_clear_the_filters(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)), q="x" * 5000, above="99")
    assert "No lead matches these filters" in words(app)
    calm(app.button(key="clear").click().run())
    assert len(names(app)) == 3


def test_the_map_is_drawn_without_fetching_anything(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)), view="Map")
    drawn = mapped(app)
    assert sum(sum(each[3]) for each in drawn["clusters"]) == len(MIXED)
    assert (drawn["streets"], drawn["credit"]) == ("", "")
    assert "http" not in json.dumps({**drawn, "creditLink": ""})


def mapped(app: AppTest) -> dict[str, Any]:
    """What the map is given."""
    given: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return given


def test_streets_come_from_our_own_server_and_are_credited(
    open_page: Open, token: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAP_TILES_URL", "https://tiles.example.com/{z}/{x}/{y}.png?key=canary")
    monkeypatch.setenv("OPERATOR_CONTACT", "mail@example.com")
    settings.get.cache_clear()
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)), view="Map", colour="Confidence")
    drawn = mapped(app)
    assert (drawn["streets"], drawn["credit"]) == ("/tiles/{tile}", "© OpenStreetMap contributors")
    assert drawn["creditLink"] == "https://www.openstreetmap.org/copyright"
    assert [name for name, *_ in drawn["legend"]] == ["40 to 69", "70 and more"]
    assert not [secret for secret in ("canary", "tiles.example.com") if secret in json.dumps(drawn)]


def test_an_area_is_a_filter_like_any_other(open_page: Open, token: str, person: Person) -> None:
    # The street runs north, a lead every ten thousandth of a degree.
    campaign, area = str(ended(person, MIXED)), "24.9,60.17005,25,60.17025"
    app = open_page(PAGE, token, campaign=campaign, box=area)
    assert names(app) == ["Alpha", "Beta"]
    assert "Filters (1)" in [each.label for each in app.expander]
    assert app.query_params["box"] == area
    app.segmented_control(key="view").set_value("Map")
    assert mapped(calm(app.run()))["fit"] == [24.9, 60.17005, 25.0, 60.17025]
    app.segmented_control(key="view").set_value("Table")
    calm(app.run())
    calm(app.button(key="leave_box").click().run())
    assert len(names(app)) == 3
    assert "box" not in app.query_params


def test_names_from_sources_stay_text(open_page: Open, token: str, person: Person) -> None:
    name = "![x](http://evil.test/p.png)<script>"
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(1, name=name)])))
    assert names(app) == [name]
    assert "OpenStreetMap contributors" in words(app)


def test_what_is_shown_is_credited_to_those_it_is_from(open_page: Open, token: str, person: Person) -> None:
    origin = Origin(
        source="overture", ref="08f1", licence="Apache-2.0", attribution="Overture: ![Foursquare]"
    )
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(1, origins=(origin,))])))
    said = words(app)
    assert "Business data from Overture: ![Foursquare] (Apache License 2.0" in said.replace("\\", "")
    assert "OpenStreetMap" not in said


def test_the_map_says_what_googles_terms_keep_off_it(open_page: Open, token: str, person: Person) -> None:
    google = Origin(source="google_places", ref="ChIJ1", observed_on=date(2026, 11, 24))
    leads = [lead(1), lead(2, origins=(google,))]
    app = open_page(PAGE, token, campaign=str(ended(person, leads)), view="Map")
    assert (
        "1 lead is not on the map: the terms of the only source of the place keep it off other maps."
        in words(app)
    )
    app = open_page(PAGE, token, campaign=str(ended(person, [lead(1)])), view="Map")
    assert "not on the map" not in words(app)


def downloads(app: AppTest) -> list[str]:
    """What the buttons of the popover say."""
    return [button.proto.label.replace("\\", "") for button in app.get("download_button")]


def test_there_is_a_download_for_every_format_also_of_a_plugin(
    open_page: Open, token: str, person: Person, tmp_path: Path
) -> None:
    campaign = ended(person, MIXED)
    with added_plugin(tmp_path, "toy_format", TOY_FORMAT):
        app = open_page(PAGE, token, campaign=str(campaign), has=["Phone"])
        assert downloads(app) == ["Download CSV (2 leads)", "As text", "As JSON"]
        offered = ["CSV", "JSON", "vCard", "XLSX", "Toy"]
        offered += [
            *("HubSpot companies", "Mail merge: letters", "Mail merge: e-mails"),
            *("Pipedrive organizations", "Salesforce accounts"),
        ]
        assert app.selectbox(key="download_as").options == offered
        calm(app.selectbox(key="download_as").set_value("toy").run())
        assert downloads(app)[0] == "Download Toy (2 leads)"
        assert list(formats()) == ["csv", "json", "vcard", "xlsx", "toy"]
        file = exporting.export(person, campaign, LeadFilter(has_phone=True), LeadSort.CONFIDENCE, "toy")
    assert (file.filename.rpartition(".")[2], file.mime, file.rows) == ("toy", "text/plain", 2)
    assert file.data.decode().splitlines() == ["Café in Helsinki", "Alpha", "100% Gamma_"]
    with pytest.raises(Invalid, match=r"no format “toy”. There are csv, json, vcard, xlsx, hubspot,"):
        exporting.export(person, campaign, LeadFilter(), LeadSort.NAME, "toy")


def test_a_preset_says_how_many_leads_it_cannot_take(open_page: Open, token: str, person: Person) -> None:
    app = open_page(PAGE, token, campaign=str(ended(person, MIXED)))
    calm(app.selectbox(key="download_as").set_value("mailing").run())
    assert downloads(app)[0] == "Download Mail merge: e-mails (1 lead)"
    assert "2 of 3 leads are left out: what this needs is not known." in words(app)
    calm(app.selectbox(key="download_as").set_value("letters").run())
    assert app.get("download_button")[0].proto.disabled


def test_columns_are_saved_under_a_name_and_their_spelling_for_the_person(
    open_page: Open, token: str, person: Person
) -> None:
    campaign = str(ended(person, MIXED))
    app = open_page(PAGE, token, campaign=campaign)
    assert "preset_save" not in [button.key for button in app.button]
    calm(app.selectbox(key="spelling_delimiter").set_value(";").run())
    calm(app.multiselect(key="download_columns").set_value(["Phone", "Name"]).run())
    calm(app.text_input(key="download_name").set_value("*Calls*").run())
    calm(app.button(key="preset_save").click().run())
    assert downloads(app)[0] == "Download *Calls* (3 leads)"
    assert "CSV: Phone, Name" in words(app)
    assert export_choices.choices(person).spelling == Spelling(delimiter=";")
    (kept,) = export_choices.choices(person).presets
    assert (kept.name, kept.columns) == ("*Calls*", ("Phone", "Name"))

    app = open_page(PAGE, token, campaign=campaign)
    assert app.selectbox(key="spelling_delimiter").value == ";"
    calm(app.multiselect(key="download_columns").set_value(["Name"]).run())
    calm(app.text_input(key="download_name").set_value("*CALLS*").run())
    calm(app.button(key="preset_save").click().run())
    assert "There is a preset called “*CALLS*”." in words(app)
    calm(app.selectbox(key="download_as").set_value(kept.id.hex).run())
    calm(app.button(key="preset_delete").click().run())
    assert downloads(app)[0] == "Download CSV (3 leads)"
    assert export_choices.choices(person).presets == ()


def test_ticked_rows_are_downloaded_alone(open_page: Open, token: str, person: Person) -> None:
    campaign = ended(person, MIXED)
    page = results.leads(person, campaign, LeadFilter(), LeadSort.NAME, 0, limit=lead_table.PAGE_ROWS)
    key = lead_table.key_of(campaign, LeadFilter(), LeadSort.NAME, page, 1)
    selection = {"selection": {"rows": [2, 0], "columns": [], "cells": []}}
    app = open_page(PAGE, token, before={key: selection}, campaign=str(campaign), sort="Name")
    assert downloads(app)[0] == "Download CSV (2 leads)"
    calm(app.button_group(key="download_which").set_value("All 3").run())
    assert downloads(app)[0] == "Download CSV (3 leads)"
    ticked = tuple(page.rows[row].id for row in (2, 0))
    file = exporting.export(person, campaign, LeadFilter(ids=ticked), LeadSort.NAME, "csv")
    assert file.rows == 2
    assert [line.split(",")[0] for line in file.data.decode("utf-8-sig").splitlines()[1:]] == [
        f'"{name}"' for name in ("100% Gamma_", "Beta")
    ]


def test_ticks_last_over_the_pages_of_one_view(open_page: Open, token: str, person: Person) -> None:
    campaign = ended(person, [lead(n) for n in range(60)])
    page = results.leads(person, campaign, LeadFilter(), LeadSort.NAME, 0, limit=lead_table.PAGE_ROWS)
    key = lead_table.key_of(campaign, LeadFilter(), LeadSort.NAME, page, 1)
    selection = {"selection": {"rows": [3, 1], "columns": [], "cells": []}}
    app = open_page(PAGE, token, before={key: selection}, campaign=str(campaign), sort="Name")
    calm(app.button(key="next").click().run())
    assert "51–60 of 60" in words(app)
    assert "2 ticked on all pages" in words(app)
    assert downloads(app)[0] == "Download CSV (2 leads)"
    calm(app.button(key="previous").click().run())
    assert sorted(app.session_state[key]["selection"]["rows"]) == [1, 3]
    calm(app.button(key="untick").click().run())
    assert downloads(app)[0] == "Download CSV (60 leads)"


def test_a_lead_opens_what_the_team_does_about_its_company(
    open_page: Open, token: str, person: Person
) -> None:
    campaign = ended(person, [lead(1, phone="+358401234567"), lead(2)])
    row = results.leads(person, campaign, LeadFilter(), LeadSort.NAME).rows[0]
    company = book.company_of_lead(person, campaign, row.id).row.company_id.hex
    app = open_page(PAGE, token, campaign=str(campaign), lead=row.id.hex)
    assert "there (Europe/Helsinki)" in words(app)
    calm(app.selectbox(key=f"work_status_{company}").set_value("Contacted").run())
    app.text_input(key=f"edit_phone_{company}").set_value("12")
    calm(app.button(key="edit_save").click().run())
    assert "“12” is not a valid phone number without a country code." in words(app)
    app.text_input(key=f"edit_phone_{company}").set_value("+358 40 765 4321")
    calm(app.button(key="edit_save").click().run())
    said = words(app)
    assert "Phone edited: +358401234567 → +358407654321" in said
    assert "Status: New → Contacted" in said
    calm(app.button(key="take_back_phone").click().run())
    assert "Phone taken back: +358407654321 → +358401234567" in words(app)
