"""When a campaign that ended without a fault is worth a look all the same."""

from __future__ import annotations

import pytest

from pipeline.scoring.suspicion import Yield, suspicion

USUAL = [Yield(leads=50, emails=emails) for emails in (28, 30, 33)]


def found(leads: int, emails: int) -> Yield:
    return Yield(leads=leads, emails=emails)


def test_no_lead_at_all_is_worth_a_look_whatever_is_usual() -> None:
    for others in ([], USUAL):
        assert "no leads" in str(suspicion(found(0, 0), others))


def test_far_fewer_addresses_than_usual_are_worth_a_look_and_say_what_is_usual() -> None:
    said = str(suspicion(found(40, 2), USUAL))
    assert said.startswith("Only 2 of 40 leads have an e-mail address;")
    assert "usually 60 % have one" in said
    assert "Only one of 40 leads has" in str(suspicion(found(40, 1), USUAL))
    assert str(suspicion(found(40, 0), USUAL)).startswith("None of 40 leads has")


@pytest.mark.parametrize("emails", [8, 12, 24, 40])
def test_a_third_of_what_is_usual_or_more_is_none(emails: int) -> None:
    assert suspicion(found(40, emails), USUAL) is None


@pytest.mark.parametrize("leads", [1, 5, 9])
def test_a_few_leads_prove_nothing(leads: int) -> None:
    assert suspicion(found(leads, 0), USUAL) is None


def test_what_chance_alone_may_bring_is_none() -> None:
    seldom = [Yield(leads=50, emails=10)] * 3
    assert suspicion(found(12, 0), seldom) is None
    assert suspicion(found(60, 0), seldom) is not None


def test_two_campaigns_and_small_ones_make_no_usual() -> None:
    assert suspicion(found(40, 0), USUAL[:2]) is None
    small = [Yield(leads=9, emails=9)] * 5
    assert suspicion(found(40, 0), [*USUAL[:2], *small]) is None


def test_nothing_is_missing_where_addresses_are_not_looked_for() -> None:
    assert suspicion(found(1000, 0), [Yield(leads=1000, emails=0)] * 20) is None


def test_a_thousand_leads_are_counted_as_well() -> None:
    assert suspicion(found(1000, 100), [Yield(leads=1000, emails=990)] * 3) is not None
