"""Which address is tried first, and that what was said of one keeps its name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.enrichment.contact_choice import with_contacts
from pipeline.enrichment.verdicts import said_of
from pipeline.lead import Contact, EmailStatus, Lead
from tests.pipeline.memory import TODAY, from_places, full_place


def chosen(*contacts: Contact) -> Sequence[str]:
    (business,) = from_places([full_place()], "FI", TODAY)
    return [contact.email for contact in with_contacts(Lead(business=business), contacts).contacts]


def contact(mailbox: str, **values: object) -> Contact:
    (business,) = from_places([full_place()], "FI", TODAY)
    return Contact(email=f"{mailbox}@anchor.test", origin=business.origins[0], **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "aside", ["jobs", "laskutus", "rechnung", "datenschutz", "gdpr", "webmaster", "hr.helsinki", "dpo"]
)
def test_a_mailbox_for_something_else_than_business_comes_last(aside: str) -> None:
    assert chosen(contact(aside, certainty=99), contact("info")) == [
        "info@anchor.test",
        f"{aside}@anchor.test",
    ]


def test_one_its_source_calls_useless_comes_even_later() -> None:
    useless = contact("info", opinion=EmailStatus.INVALID)
    assert chosen(useless, contact("jobs")) == ["jobs@anchor.test", "info@anchor.test"]


@pytest.mark.parametrize(
    ("said", "email", "sentence"),
    [
        ([("a@x.test", "The mailbox exists.")], "a@x.test", "The mailbox exists."),
        ([("a@x.test", "The mailbox does not exist.")], "b@x.test", "a@x.test: The mailbox does not exist."),
        ([("a@x.test", "No."), ("b@x.test", "Yes.")], "b@x.test", "a@x.test: No. b@x.test: Yes."),
    ],
)
def test_a_sentence_about_an_address_never_stands_beside_another(
    said: list[tuple[str, str]], email: str, sentence: str
) -> None:
    assert said_of(said, email) == sentence
