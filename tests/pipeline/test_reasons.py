"""Why fields of a lead are empty: what was asked, and what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.causes import Billed, Cause
from pipeline.enrichment.step_results import ended, failed, skipped
from pipeline.enrichment.steps import OpenDataStep, SwitchedOff
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Lead, StepOutcome
from pipeline.output.reasons import as_text, why_empty
from pipeline.place import Place
from pipeline.run import run
from tests.pipeline.memory import TODAY, ListMemory, ListSearch, cafes, from_places, place, ports, spec

LISTS_NONE = "OpenStreetMap lists no e-mail address for this business."
SITE_SHOWS_NONE = "No address or phone number is shown there; 2 pages read."


def lead_of(*places: Place) -> Lead:
    (business,) = from_places(places, "FI", TODAY)
    return Lead(business=business)


def google(**values: object) -> Place:
    return place("id", source="google_places", **values)


def test_a_source_that_was_not_asked_for_a_field_does_not_say_that_it_lists_none() -> None:
    reasons = why_empty(lead_of(google()))
    assert reasons["opening_hours"] == ("Google Maps was not asked for opening hours.",)
    assert reasons["email"] == ("Google Maps was not asked for an e-mail address.",)
    assert reasons["brand"] == ("Google Maps was not asked for a brand.",)
    assert reasons["phone"] == ("Google Maps lists no phone for this business.",)
    assert reasons["website"] == reasons["domain"] == ("Google Maps lists no website for this business.",)
    assert reasons["address"] == ("Google Maps lists no street address for this business.",)


def test_each_of_two_sources_says_what_it_was_asked() -> None:
    reasons = why_empty(lead_of(place(), google()))
    assert as_text(reasons["email"]) == f"{LISTS_NONE} Google Maps was not asked for an e-mail address."
    assert "list no phone" in as_text(reasons["phone"])


def test_the_contacts_of_a_source_are_told_from_what_nobody_asked_for() -> None:
    assert OpenDataStep().enrich(lead_of(google(phone="+358 9 1234567"))).steps[-1].detail == (
        "From Google Maps: phone. Not recorded there: website. Not asked for: e-mail address, opening hours."
    )
    assert OpenDataStep().enrich(lead_of(place(phone="+358 9 1234567"))).steps[-1].detail == (
        "From OpenStreetMap: phone. Not recorded there: website, e-mail address, opening hours."
    )


def looked_up(lead: Lead) -> Lead:
    return ended(lead, "website", StepOutcome.NOT_FOUND, SITE_SHOWS_NONE)


LOST = SourceError(Cause.NO_ANSWER, "Hunter", billed=Billed.UNKNOWN)


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        (
            ended(lead_of(place()), "hunter", StepOutcome.NOT_FOUND, "Hunter knows no address on a.test."),
            "Hunter knows no address on a.test.",
        ),
        (
            failed(lead_of(place()), "hunter", LOST, 1),
            "Hunter did not answer a request it had received. The look-up may have been billed, so it is not"
            " repeated.",
        ),
        (failed(lead_of(place()), "hunter", BudgetReached()), "Hunter was not asked: The budget is used up."),
        (
            failed(lead_of(place()), "hunter", SourceError(Cause.KEY_REFUSED, "Hunter")),
            "Hunter refused the key of this installation.",
        ),
        (
            SwitchedOff("hunter", "Hunter", Cause.NO_BUDGET).enrich(lead_of(place())),
            "Hunter costs money and the budget is $0.",
        ),
        (
            skipped(skipped(lead_of(place()), "website", "No site."), "hunter", "No site."),
            "Company website and Hunter were not asked: No site.",
        ),
        (looked_up(lead_of(place())), f"Company website: {SITE_SHOWS_NONE}"),
        (
            ended(lead_of(place()), "website", StepOutcome.FOUND, "Found a phone number; 2 pages read."),
            "Company website gave no e-mail address.",
        ),
        (skipped(lead_of(place()), "neverbounce", "There is no address to check."), ""),
    ],
)
def test_what_a_look_up_came_to_is_the_reason(lead: Lead, said: str) -> None:
    assert as_text(why_empty(lead)["email"]) == f"{LISTS_NONE} {said}".rstrip()


def test_only_look_ups_that_could_have_filled_a_field_are_its_reason() -> None:
    lead = ended(looked_up(lead_of(place())), "hunter", StepOutcome.NOT_FOUND, "Hunter knows no address.")
    reasons = why_empty(lead)
    assert reasons["phone"][1:] == (f"Company website: {SITE_SHOWS_NONE}",)
    assert reasons["opening_hours"] == ("OpenStreetMap lists no opening hours for this business.",)
    together = as_text(*reasons.values())
    assert together.count(SITE_SHOWS_NONE) == 1


def test_a_step_that_is_gone_says_nothing() -> None:
    lead = ended(lead_of(place()), "a_plugin_of_then", StepOutcome.NOT_FOUND, "Nothing.")
    assert why_empty(lead)["email"] == (LISTS_NONE,)


class NothingFound:
    """A finder that knows nobody."""

    name = "hunter"

    def enrich(self, lead: Lead) -> Lead:
        return ended(lead, self.name, StepOutcome.NOT_FOUND, "Hunter knows no address on a.test.")


def test_the_score_of_a_lead_names_the_same_reasons_as_its_fields() -> None:
    memory = ListMemory()
    run(spec(), ports(ListSearch(cafes(1)), memory=memory, steps=(OpenDataStep(), NothingFound())))
    (lead,) = memory.stored.values()
    evidence = {part.name: part.evidence for part in lead.business.reach_parts}["email"]
    assert evidence == as_text(why_empty(lead)["email"]) == f"{LISTS_NONE} Hunter knows no address on a.test."
    # The reasons of the sources stay apart, so that a later run does not pile up what earlier ones came to.
    assert lead.business.empty_reasons["email"] == LISTS_NONE
    assert replace(lead, steps=()).business == lead.business
