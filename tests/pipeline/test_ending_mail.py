"""The mail about the end of a campaign: what it says, and that nothing in it can become more than text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from pipeline.campaign import CampaignStatus
from pipeline.output.ending_mail import Ending, Envelope, MailWhen, compose, is_wanted, message_id

ENDING = Ending(
    title="Cafe in Helsinki",
    status=CampaignStatus.COMPLETED,
    outcome_reason=None,
    notice=None,
    suspicion=None,
    businesses_found=1204,
    lead_count=25,
    emails_found=18,
    emails_verified=12,
    avg_confidence=Decimal("53.40"),
    avg_reach=Decimal("71.00"),
    budget_micros=2_000_000,
    spent_micros=1_230_000,
    uncertain_micros=0,
    simulated=False,
)
ENVELOPE = Envelope(
    sender="ProspectPro <mail@prospectpro.example.com>",
    recipient="owner@example.com",
    message_id=message_id("c1", 0, "ProspectPro <mail@prospectpro.example.com>"),
    date=datetime(2026, 11, 24, 12, tzinfo=UTC),
    campaign_url="https://prospectpro.example.com/progress?campaign=c1&x=1",
    settings_url="https://prospectpro.example.com/settings",
)


def mail(**changes: object) -> EmailMessage:
    """As it arrives."""
    made = compose(replace(ENDING, **changes), ENVELOPE)  # type: ignore[arg-type]
    return message_from_bytes(made.as_bytes(), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def both(message: EmailMessage) -> tuple[str, str]:
    return part(message, "plain"), part(message, "html")


def test_it_says_what_came_of_it_and_where_to_look() -> None:
    message = mail()
    assert message["Subject"] == "Complete: Cafe in Helsinki – 25 leads"
    assert message["From"] == "ProspectPro <mail@prospectpro.example.com>"
    assert message["To"] == "owner@example.com"
    assert message["Message-ID"] == "<c1.0@prospectpro.example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    for text in both(message):
        for said in ("25 of 1,204 businesses", "18, 12 of them verified", "$1.23 of a budget of $2.00"):
            assert said in text
        for said in ("53 of 100 on average: are they real", "71 of 100 on average: can you call"):
            assert said in text
        assert "uncertain" not in text
        assert "https://prospectpro.example.com/settings" in text
    assert ENVELOPE.campaign_url in part(message, "plain")
    assert 'href="https://prospectpro.example.com/progress?campaign=c1&amp;x=1"' in part(message, "html")
    assert len(part(message, "plain").splitlines()) < 20


@pytest.mark.parametrize(
    ("changes", "subject", "said"),
    [
        ({"status": CampaignStatus.PARTIAL, "outcome_reason": "The budget is used up."}, "Ended early: ", "used up."),
        ({"status": CampaignStatus.FAILED, "outcome_reason": "No source answered."}, "Failed: ", "No source answered."),
        ({"suspicion": "It has no leads."}, "Worth a look: ", "It has no leads."),
        ({"notice": "Widen the radius."}, "Complete: ", "Widen the radius."),
        ({"simulated": True}, "Complete (simulated): ", "Simulated contacts"),
        ({"uncertain_micros": 24_500}, "Complete: ", "$0.0245: a provider did not finish its answer"),
    ],
)  # fmt: skip
def test_every_end_says_why(changes: dict[str, object], subject: str, said: str) -> None:
    message = mail(**changes)
    assert str(message["Subject"]).startswith(subject)
    for text in both(message):
        assert said in text


def test_a_single_score_of_an_earlier_version_is_called_one() -> None:
    text = part(mail(avg_reach=None), "plain")
    assert "Average score" in text
    assert "Confidence" not in text
    assert "53 of 100" not in part(mail(avg_confidence=None, avg_reach=None), "plain")


def test_what_was_not_looked_for_is_not_said_to_be_missing() -> None:
    text = part(mail(emails_verified=0, budget_micros=0, spent_micros=0), "plain")
    assert "verified" not in text
    assert "budget" not in text
    assert "$0.00" in text


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_no_title_becomes_a_header(break_: str) -> None:
    message = mail(title=f"Cafe{break_}Bcc: everybody@example.com{break_}{break_}<b>Hello</b>")
    assert message["Bcc"] is None
    assert sorted(set(message.keys())) == [
        "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To",
    ]  # fmt: skip
    assert "Cafe Bcc: everybody@example.com <b>Hello</b>" in str(message["Subject"])


def test_nothing_said_becomes_markup() -> None:
    evil = "<img src=x onerror=alert(1)>\"'&"
    html = part(mail(title=evil, outcome_reason=evil, notice=evil, suspicion=evil), "html")
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") == 4


def test_letters_from_right_to_left_stay_and_marks_that_turn_the_line_go() -> None:
    message = mail(title="בית קפה \u202egpj.exe\u202c in תל אביב")
    assert message["Subject"] == "Complete: בית קפה gpj.exe in תל אביב – 25 leads"
    assert 'dir="auto">בית קפה' in part(message, "html")


def test_a_long_title_is_cut_in_the_subject_and_whole_in_the_mail() -> None:
    title = " ".join(["word"] * 60)
    message = mail(title=title)
    assert len(str(message["Subject"])) <= 120
    assert str(message["Subject"]).endswith("… – 25 leads")
    assert title in part(message, "html")


def test_the_message_id_belongs_to_the_end() -> None:
    sender = "mail@prospectpro.example.com"
    assert message_id("c1", 0, sender) == message_id("c1", 0, f"Somebody <{sender}>")
    assert len({message_id("c1", 0, sender), message_id("c1", 1, sender), message_id("c2", 0, sender)}) == 3


@pytest.mark.parametrize(
    ("status", "suspicion", "wanted_by"),
    [
        (CampaignStatus.COMPLETED, None, {MailWhen.ALL}),
        (CampaignStatus.COMPLETED, "It has no leads.", {MailWhen.ALL, MailWhen.PROBLEMS}),
        (CampaignStatus.PARTIAL, None, {MailWhen.ALL, MailWhen.PROBLEMS}),
        (CampaignStatus.FAILED, None, {MailWhen.ALL, MailWhen.PROBLEMS}),
        (CampaignStatus.CANCELLED, None, set()),
    ],
)
def test_who_wants_to_be_told(
    status: CampaignStatus, suspicion: str | None, wanted_by: set[MailWhen]
) -> None:
    ending = replace(ENDING, status=status, suspicion=suspicion)
    assert {when for when in MailWhen if is_wanted(ending, when)} == wanted_by
