"""Who can stand on a suppression list, what files name them, and how they are kept out of a search."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace

import pytest

from pipeline.enrichment.silenced import silenced
from pipeline.imports import subject_file
from pipeline.imports.table_text import Unreadable
from pipeline.lead import Contact, EmailStatus, Lead, StepOutcome, StepResult
from pipeline.run import run
from pipeline.suppression import company, keys_of, subject_of
from tests.pipeline.memory import (
    ListMemory,
    ListProgress,
    ListSearch,
    ListSuppressions,
    from_places,
    full_place,
    ports,
    spec,
)
from tests.support.campaigns import TODAY, business
from tests.support.campaigns import lead as cafe


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Info@Anchor.TEST", "info@anchor.test"),
        ("mailto:info@anchor.test", "info@anchor.test"),
        ("https://www.Anchor.test/contact?x=1", "anchor.test"),
        ("shop.anchor.test", "shop.anchor.test"),
        ("+358 (0)9 123 4567", "+35891234567"),
        ("09-123 4567", "+35891234567"),
        ("münchen.de", "xn--mnchen-3ya.de"),
    ],
)
def test_what_is_typed_comes_to_one_form(typed: str, value: str) -> None:
    assert subject_of(typed, country="FI").value == value


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("gmail.com", "belongs to many people"),
        ("co.uk", "belongs to many people"),
        ("two words", "A company's name needs its place"),
        ("=cmd|' /C calc'!A0", "no e-mail address"),
        ("1E10", "no e-mail address"),
        ("info@anchor", "not a valid address"),
        ("\u200b", "There is no value"),
        ("a@b.test\x00", "NUL"),
        ("12345", "not a valid phone number"),
    ],
)
def test_what_is_nobody_says_so(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        subject_of(typed)


def test_a_hint_tells_nobody_who_it_is() -> None:
    for typed in ("info@anchor.test", "anchor.test", "+35891234567"):
        subject = subject_of(typed)
        assert not any(part in subject.hint for part in ("info", "anchor", "91234567"))


def test_a_company_is_its_name_in_a_town_or_postcode() -> None:
    cafe = from_places([full_place(name="Café Anchor")], "FI", TODAY)[0]
    for place in ("Harbour Town", "harbour town, Finland", "00100", "00100 Harbour Town"):
        assert company("cafe ANCHOR", place).value in set(keys_of(cafe))
    assert company("Café Anchor", "Elsewhere").value not in set(keys_of(cafe))


def workbook() -> bytes:
    """A compressed file that would be a gigabyte."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 1_000_000)
    return held.getvalue()


GOOD = "a@anchor.test"
FILES: dict[str, tuple[bytes, list[str]]] = {
    "no titles": (b"a@anchor.test\nlantern.test\n", [GOOD, "lantern.test"]),
    "UTF-8 with a mark": ("\ufeffEmail\na@anchor.test".encode(), [GOOD]),
    "UTF-16 with a mark": ("Email;Reason\na@anchor.test;asked".encode("utf-16"), [GOOD]),
    "UTF-16 without a mark": ("Email\na@anchor.test\n".encode("utf-16-le"), [GOOD]),
    "cp1252": ("name;place\nCafé Anker;Köln\n".encode("cp1252"), ["company:cafe anker|koln"]),
    "tabs, and lines that end as on old computers": (b"E-mail\tReason\ra@anchor.test\tasked\r", [GOOD]),
    "a line break in quotes": (b'reason,email\n"asked\nus",a@anchor.test\n', [GOOD]),
    "short and empty rows": (b"email,phone,reason\n\n,+35891234567\na@anchor.test\n,,\n", ["+35891234567", GOOD]),
    "columns nobody needs": (b"id,Email Address,Score\n1,a@anchor.test,=1+1\n", [GOOD]),
    "several in a row": (b"email,domain\na@anchor.test,lantern.test\n", [GOOD, "lantern.test"]),
    "a number as text": (b"phone,country\n0401234567,FI\n", ["+358401234567"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_whatever_wrote_it(name: str) -> None:
    data, values = FILES[name]
    file = subject_file.read(data)
    assert ([one.subject.value for one in file.named], file.bad) == (values, ())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"email,reason\n", "nothing below"),
        (b"email,E-Mail\na@b.test,c@d.test", "titled alike: “email”, “E-Mail”"),
        (b"name,reason\nAnchor,asked", "There are “name”, “reason”"),
        (b"id,score\n1,2\n", "No column is known: “id”, “score”"),
        (workbook(), "save it as CSV"),
        (gzip.compress(b"email\na@b.test", mtime=0), "unpack it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (b'email\n"' + b"x" * 50_000, "Row 2"),
        (b"email\n" + b"x" * 200_000, "Row 2"),
        (b"a@b.test\n" * (subject_file.MOST_ROWS + 7), "100,007 rows"),
        (b"\xff\xfea", "cut off"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        subject_file.read(data)


def test_bad_rows_are_named_and_repeated_ones_counted() -> None:
    rows = [f"info{number}@anchor.test" for number in range(999)]
    file = subject_file.read("\n".join(["email", *rows, "call us!", "INFO1@anchor.test", "a\x00b"]).encode())
    assert (len(file.named), file.repeated) == (999, 1)
    assert [number for number, _ in file.bad] == [1001, 1003]
    assert "not a valid address" in file.bad[0][1]


def test_a_search_leaves_out_who_is_on_the_list_before_it_stores_or_asks_anything() -> None:
    places = [
        full_place("node/1", name="Domain", website="https://anchor.test"),
        full_place("node/2", name="Phone", lat=60.01, phone="+358 9 1234568"),
        full_place("node/3", name="Named", lat=60.02, phone="+358 9 1234569", website="https://c.test"),
        full_place("node/4", name="Kept", lat=60.03, phone="+358 9 1234560", website="https://d.test",
            tags={"email": "a@d.test;b@d.test"}),
    ]  # fmt: skip
    listed = {"anchor.test", "+35891234568", company("Named", "00100").value, "a@d.test"}
    memory, progress = ListMemory(), ListProgress()
    outside = ports(
        ListSearch(places), memory=memory, progress=progress, suppressions=ListSuppressions(listed)
    )
    outcome = run(spec(max_results=10), outside)
    (kept,) = memory.stored.values()
    assert outcome.leads == len(memory.found) == 1
    assert (kept.business.name, kept.business.email) == ("Kept", "b@d.test")
    assert "a@d.test" not in str(kept)
    assert sum(memory.left_out.values()) == 3
    assert "3 businesses left out: on the suppression list." in progress.messages
    assert not any("duplicate" in message for message in progress.messages)


def test_a_search_that_finds_only_them_says_so() -> None:
    outside = ports(
        ListSearch([full_place(website="https://anchor.test")]),
        suppressions=ListSuppressions({"anchor.test"}),
    )
    outcome = run(spec(), outside)
    assert outcome.notice == (
        "The only business found is on your suppression list, so there is no lead. Try another place or type."
    )


def test_a_lead_is_stored_without_what_came_onto_the_list_meanwhile() -> None:
    origin = business(1).origins[0]
    contacts = tuple(Contact(email=email, origin=origin) for email in ("a@x.test", "b@x.test"))
    steps = (StepResult(step="website", outcome=StepOutcome.FOUND, detail="Left out: a@x.test."),)
    given = replace(
        cafe(1, email="a@x.test", phone="+35891234567", details={"other_phones": "+35891234568"}),
        contacts=contacts,
        steps=steps,
    )
    kept = silenced(given, frozenset({"a@x.test", "+35891234567"}))
    assert (kept.business.email, kept.business.phone) == ("b@x.test", None)
    assert [contact.email for contact in kept.contacts] == ["b@x.test"]
    assert "a@x.test" not in str(kept)
    assert kept.business.details == {"other_phones": "+35891234568"}
    gone = silenced(given, frozenset({"a@x.test", "b@x.test"}))
    assert (gone.business.email, gone.email_status, gone.contacts) == (None, EmailStatus.NONE, ())
    assert gone.business.empty_reasons["email"] == "What was found is on the suppression list."
    assert silenced(given, frozenset({"c@x.test"})) is given
    assert isinstance(gone, Lead)
