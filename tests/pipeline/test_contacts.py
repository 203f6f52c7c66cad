from __future__ import annotations

import pytest

from pipeline.contact.contacts import (
    NOTHING,
    email_address,
    host_ascii,
    is_free_mail,
    is_role_address,
    phone_e164,
    registered_domain,
    shown,
)


@pytest.mark.parametrize(
    ("raw", "country", "number"),
    [
        ("+358 9 1234567", None, "+35891234567"),
        ("09-1234567", "FI", "+35891234567"),
        ("(09) 123 4567", "FI", "+35891234567"),
        ("+ 358 9 1234567", "FI", "+35891234567"),
        ("00 358 9 1234567", "FI", "+35891234567"),
        ("(+358) 9 1234567", "DE", "+35891234567"),
        ("(00358) 9 1234567", "FI", "+35891234567"),
        ("\u200e+358 9 1234567", None, "+35891234567"),
        ("+358 9 1234567 ext. 12", "FI", "+35891234567"),
        ("+44 (0)20 7946 0018", "FI", "+442079460018"),
        ("Tel. 09 1234567", "FI", "+35891234567"),
        ("+358 9 1234567;+358 9 7654321", None, "+35891234567"),
        ("+1;+358 9 1234567", None, "+35891234567"),
        ("09 1234567, 09 7654321", "FI", "+35891234567"),
        ("09 1234567 or 09 7654321", "FI", "+35891234567"),
        ("09 1234567 | 09 7654321", "FI", "+35891234567"),
        ("09 1234567\n09 7654321", "FI", "+35891234567"),
        ("222 389 827 / 933 488 074", "PT", "+351222389827"),
        ("089/12345678", "DE", "+498912345678"),
        ("202-555-0143", "US", "+12025550143"),
        ("+49 30 123456 (Praxis)", None, "+4930123456"),
        ("+49 30 1234567 Laden", "DE", "+49301234567"),
        ("+358 9 1234567 (myynti)", None, "+35891234567"),
        ("+1 202-555-0143 (main)", None, "+12025550143"),
        ("09 1234567 (varaukset)", "FI", "+35891234567"),
        ("09 1234567 ja 09 7654321", "FI", "+35891234567"),
        ("+34 912 345 678 y +34 600 123 456", None, "+34912345678"),
        ("+34 912 345 678 +34 600 123 456", None, "+34912345678"),
        ("09 1234567 - 09 7654321", "FI", "+35891234567"),
        ("09 1234567、09 7654321", "FI", "+35891234567"),
        ("Fax 09 1111111, Tel. 09 1234567", "FI", "+35891234567"),
        ("09 1111111 (fax) 09 1234567 (puh.)", "FI", "+35891234567"),
        ("Tel./Fax: 09 1234567", "FI", "+35891234567"),
        ("F: 09 1111111 T: 09 1234567", "FI", "+35891234567"),
        ("24h: 09 1234567", "FI", "+35891234567"),
        ("Call 09 1234567 before 18", "FI", "+35891234567"),
        ("０３－１２３４－５６７８", "JP", "+81312345678"),
        ("tel:9 1234567;phone-context=+358", None, "+35891234567"),
        ("+49 (0)30 123456", None, "+4930123456"),
        ("+49 30 123456-0", None, "+49301234560"),
        ("+35891234567", "FI", "+35891234567"),
    ],
)
def test_it_reads_the_first_valid_phone_number(raw: str, country: str | None, number: str) -> None:
    assert phone_e164(raw, country).value == number


@pytest.mark.parametrize(
    ("raw", "country", "reason"),
    [
        ("call us!", "FI", "The listed phone “call us!” is not a valid phone number."),
        (
            "https://example.com/",
            "FI",
            "The listed phone “https://example.com/” is not a valid phone number.",
        ),
        ("+44 207348000", "GB", "The listed phone “+44 207348000” is not a valid phone number."),
        (
            "09 1234567",
            None,
            "The listed phone “09 1234567” is not a valid phone number without a country code.",
        ),
        (
            "09 1234567",
            "XX",
            "The listed phone “09 1234567” is not a valid phone number without a country code.",
        ),
        ("Fax: 09 1234567", "FI", "The listed phone “Fax: 09 1234567” is not a valid phone number."),
        ("1-800-FLOWERS", "US", "The listed phone “1-800-FLOWERS” is not a valid phone number."),
        (
            "+49 30 123456789012345",
            None,
            "The listed phone “+49 30 123456789012345” is not a valid phone number.",
        ),
        ("112", "FI", "The listed phone “112” is not a valid phone number."),
    ],
)
def test_it_says_why_a_phone_is_not_usable(raw: str, country: str | None, reason: str) -> None:
    reading = phone_e164(raw, country)
    assert (reading.value, reading.reason) == (None, reason)


def test_a_very_long_phone_text_is_refused_quickly() -> None:
    assert phone_e164("1" * 100_000, "FI").value is None


@pytest.mark.parametrize("raw", [None, "", "  \n"])
def test_no_text_is_neither_value_nor_reason(raw: str | None) -> None:
    assert phone_e164(raw, "FI") == email_address(raw) == NOTHING


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("info@example.com", "info@example.com"),
        (" Anchor@EXAMPLE.com ", "Anchor@example.com"),
        ("mailto:info@example.com", "info@example.com"),
        ("<info@example.com>", "info@example.com"),
        ("info@example.com; sales@example.com", "info@example.com"),
        ("nonsense, sales@example.com", "sales@example.com"),
        ("info@example.com sales@example.com", "info@example.com"),
        ("info@bücher.example.com", "info@xn--bcher-kva.example.com"),
        ("first.last+tag@shop.example.com", "first.last+tag@shop.example.com"),
        ("MAILTO:info@example.com?subject=Hello", "info@example.com"),
        ("mailto:info%40example.com", "info@example.com"),
        ("Anchor <info@example.com>", "info@example.com"),
        ("info@example.com/sales@example.com", "info@example.com"),
        ("info@example.com|sales@example.com", "info@example.com"),
        ("a|b@example.com", "a|b@example.com"),
        ("a/b@example.com", "a/b@example.com"),
        ("o'brien@example.com", "o'brien@example.com"),
    ],
)
def test_it_reads_the_first_valid_email_address(raw: str, address: str) -> None:
    assert email_address(raw).value == address


@pytest.mark.parametrize(
    "raw",
    ["info", "info@", "@example.com", "info (at) example.com", "a@b@example.com", f"{'a' * 250}@example.com"],
)
def test_an_invalid_email_address_is_refused_with_a_reason(raw: str) -> None:
    reading = email_address(raw)
    assert reading.value is None
    assert reading.reason is not None
    assert reading.reason.endswith("is not a valid address.")


@pytest.mark.parametrize(
    "raw", ["info@example.com\nBcc: x@example.com", "in\u202efo@example.com", "a\x00@b.fi"]
)
def test_hidden_characters_in_an_email_address_are_refused(raw: str) -> None:
    reading = email_address(raw)
    assert reading.value is None
    assert reading.reason is not None
    assert reading.reason.endswith("holds line breaks or hidden characters.")
    assert "\n" not in reading.reason


@pytest.mark.parametrize(
    ("email", "shared"),
    [
        ("info@example.com", True),
        ("INFO@example.com", True),
        ("info.harbour@example.com", True),
        ("shop-harbour2@example.com", True),
        ("customer.service@example.com", True),
        ("customer_relations@example.com", True),
        ("kontakt@example.com", True),
        ("buero@example.com", True),
        ("myynti@example.com", True),
        ("asiakaspalvelu@example.com", True),
        ("geral@example.com", True),
        ("accueil@example.com", True),
        ("anchor@example.com", False),
        ("first.last@example.com", False),
        ("informatics@example.com", False),
        ("1234@example.com", False),
    ],
)
def test_it_knows_shared_mailboxes_by_their_names(email: str, shared: bool) -> None:
    assert is_role_address(email) is shared


@pytest.mark.parametrize(
    ("domain", "free"),
    [
        ("gmail.com", True),
        ("hotmail.co.uk", True),
        ("mail.telepac.pt", True),
        ("t-online.de", True),
        ("example.com", False),
        ("gmail.example.com", False),
    ],
)
def test_it_knows_mailbox_providers(domain: str, free: bool) -> None:
    assert is_free_mail(domain) is free


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("shop.harbour.example.com", "example.com"),
        ("anchor.co.uk", "anchor.co.uk"),
        ("shop.anchor.co.uk", "anchor.co.uk"),
        ("co.uk", "co.uk"),
        ("shop.anchor.fi", "anchor.fi"),
        ("smiledental.nhs.uk", "smiledental.nhs.uk"),
        ("www.anchor.odo.br", "anchor.odo.br"),
        ("anchor.adv.br", "anchor.adv.br"),
        ("anchor.asso.fr", "anchor.asso.fr"),
        ("www.anchor.uk.com", "anchor.uk.com"),
        ("anchor.odoo.com", "anchor.odoo.com"),
        ("www.anchor.pages.dev", "anchor.pages.dev"),
        ("anchor.square.site", "anchor.square.site"),
        ("anchor.wordpress.com", "anchor.wordpress.com"),
        ("www.anchor.webnode.fi", "anchor.webnode.fi"),
        ("pages.dev", "pages.dev"),
        ("anchor.city.kawasaki.jp", "city.kawasaki.jp"),
        ("xn--bcker-gra.xn--p1ai", "xn--bcker-gra.xn--p1ai"),
    ],
)
def test_it_finds_the_registered_part_of_a_host(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    ("host", "ascii_host"),
    [
        ("Example.COM.", "example.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("localhost", None),
        ("10.0.1", None),
        ("a..b.com", None),
        ("", None),
        ("-.com", None),
        (f"{'a' * 64}.com", None),
    ],
)
def test_it_knows_what_can_be_a_public_host_name(host: str, ascii_host: str | None) -> None:
    assert host_ascii(host) == ascii_host


def test_a_quoted_text_is_one_short_visible_line() -> None:
    assert shown("a\r\nb\u202ec\ud800") == "“a bc”"
    assert len(shown("x" * 500)) == 62
