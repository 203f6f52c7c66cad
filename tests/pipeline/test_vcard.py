"""vCard 4.0 as RFC 6350 asks for it: lines, folding, escaping, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from pipeline.lead import EmailStatus
from pipeline.output.export import ExportRow
from pipeline.output.formats.vcard import FORMAT
from tests.pipeline.test_export import ABOUT, ROW

_CONTENT_LINE = re.compile(r"([A-Z]+)((?:;[A-Z]+=[A-Za-z0-9]+)*):(.*)", re.DOTALL)


def cards(rows: Sequence[ExportRow]) -> list[list[tuple[str, str, str]]]:
    """Each card as its lines: name, parameters and value, unfolded and still escaped."""
    data = FORMAT.write(rows, ABOUT)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    found: list[list[tuple[str, str, str]]] = []
    for line in data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        match = _CONTENT_LINE.fullmatch(line)
        assert match, line
        name, parameters, value = match.groups()
        if name == "BEGIN":
            found.append([])
        found[-1].append((name, parameters, value))
    for card in found:
        assert card[:2] == [("BEGIN", "", "VCARD"), ("VERSION", "", "4.0")]
        assert card[-1] == ("END", "", "VCARD")
    return found


def value(card: Sequence[tuple[str, str, str]], wanted: str) -> list[str]:
    return [value for name, _, value in card if name == wanted]


def test_a_card_holds_what_is_known_and_no_more() -> None:
    row = replace(
        ROW,
        id=UUID(int=7),
        values={
            **ROW.values,
            "street": "Pier Street 5",
            "other_phones": "+35891234568; +35891234569",
            "profiles": "https://social.example.com/anchor",
            "opening_hours": "Mo-Fr 08:00-18:00; Sa off",
        },
    )
    (card,) = cards([row])
    assert card[2:-1] == [
        ("PRODID", "", "-//ProspectPro//EN"),
        ("KIND", "", "org"),
        ("UID", "", "urn:uuid:00000000-0000-0000-0000-000000000007"),
        ("FN", "", "Café Anchor"),
        ("ORG", "", "Café Anchor"),
        ("CATEGORIES", "", "Café"),
        ("TEL", ";VALUE=uri;TYPE=work;PREF=1", "tel:+35891234567"),
        ("TEL", ";VALUE=uri;TYPE=work", "tel:+35891234568"),
        ("TEL", ";VALUE=uri;TYPE=work", "tel:+35891234569"),
        ("EMAIL", ";TYPE=work;PREF=1", "info@example.com"),
        ("ADR", ";TYPE=work", ";;Pier Street 5;Harbour Town;;00100;Finland"),
        ("GEO", "", r"geo:60.1234568\,-25.5000000"),
        ("URL", ";PREF=1", "https://example.com/"),
        ("SOCIALPROFILE", "", "https://social.example.com/anchor"),
        (
            "NOTE",
            "",
            r"E-mail unverified · Open Mo-Fr 08:00-18:00\; Sa off · © OpenStreetMap contributors\,"
            " https://www.openstreetmap.org/copyright",
        ),
        ("REV", "", "20261124T093000Z"),
    ]
    bare = replace(ROW, values={}, email_status=EmailStatus.NONE, lat=None)
    names = [name for name, _, _ in cards([bare])[0]]
    assert not set(names) & {"TEL", "EMAIL", "ADR", "GEO", "URL", "UID", "SOCIALPROFILE"}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anchor, Lantern; Sons \\ Co", r"Anchor\, Lantern\; Sons \\ Co"),
        ("A\r\nEND:VCARD\nB", "A END:VCARD B"),
        ("錨" * 60, "錨" * 60),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" * 9, None),
        ("x" * 72 + "é", "x" * 72 + "é"),
    ],
)
def test_no_text_ends_a_line_or_is_cut_in_two(name: str, written: str | None) -> None:
    card, other = cards([replace(ROW, name=name), ROW])
    assert value(card, "FN") == value(card, "ORG") == [written or name]
    assert value(other, "FN") == ["Café Anchor"]


def test_a_simulated_card_says_so_and_a_dead_mailbox_is_no_address() -> None:
    (card,) = cards([replace(ROW, is_simulated=True, email_status=EmailStatus.INVALID)])
    assert value(card, "FN") == ["SIMULATED Café Anchor"]
    assert "simulated" in value(card, "NOTE")[0]
    assert value(card, "EMAIL") == []


def test_a_lead_whose_name_must_not_leave_has_no_card() -> None:
    assert FORMAT.takes is not None
    assert [FORMAT.takes(row) for row in (ROW, replace(ROW, name=None))] == [True, False]
