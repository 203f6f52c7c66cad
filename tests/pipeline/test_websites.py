from __future__ import annotations

import pytest

from pipeline.contact.contacts import NOTHING
from pipeline.contact.websites import company_domain, is_social, website_url


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("https://example.com", "https://example.com/"),
        ("http://www.Example.COM/Menu", "http://www.example.com/Menu"),
        ("www.example.com", "http://www.example.com/"),
        ("example.com/menu", "http://example.com/menu"),
        ("example.com:8080/menu", "http://example.com:8080/menu"),
        ("//example.com", "http://example.com/"),
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com/#top", "https://example.com/"),
        ("http://http://www.example.com/", "http://www.example.com/"),
        ("https://bücher.de/", "https://xn--bcher-kva.de/"),
        ("https://example.com/caf\u00e9?q=\u00e4", "https://example.com/caf%C3%A9?q=%C3%A4"),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
        ("https://example.com/?utm_source=map&id=7&fbclid=x", "https://example.com/?id=7"),
        ("https://example.com/?gclid=1&WT.mc_id=2", "https://example.com/"),
        ("https://a.example.com; https://b.example.com", "https://a.example.com/"),
        ("ftp://a.example.com https://b.example.com", "https://b.example.com/"),
        ("https://a.example.com,http://b.example.com", "https://a.example.com/"),
        ("https://example.com/a;jsessionid=1", "https://example.com/a;jsessionid=1"),
        ("https://93.184.216.34/", "https://93.184.216.34/"),
        ("https://[2606:2800:220:1::1]/", "https://[2606:2800:220:1::1]/"),
    ],
)
def test_it_brings_a_web_address_to_its_normal_form(raw: str, url: str) -> None:
    assert website_url(raw).value == url


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("javascript:alert(1)", "is not a web address (http or https)"),
        ("ftp://example.com/", "is not a web address (http or https)"),
        ("mailto:info@example.com", "is not a web address (http or https)"),
        ("http://user:secret@example.com/", "holds a user name or an e-mail address"),
        ("info@example.com", "holds a user name or an e-mail address"),
        ("http://localhost:8000/", "names no host on the public internet"),
        ("http://printer.local/", "names no host on the public internet"),
        ("http://127.0.0.1/", "names no host on the public internet"),
        ("http://10.1.2.3/", "names no host on the public internet"),
        ("http://169.254.169.254/latest", "names no host on the public internet"),
        ("http://[::1]/", "names no host on the public internet"),
        ("http://2130706433/", "names no host on the public internet"),
        ("http://0x7f.1/", "names no host on the public internet"),
        ("Anchor", "names no host on the public internet"),
        ("http://exa\\mple.com/", "holds characters no web address may hold"),
        ("https://example.com/\ud800", "holds characters no web address may hold"),
        ("http://exa\x00mple.com/", "holds characters no web address may hold"),
        (f"https://example.com/{'a' * 2000}", "is longer than 2,000 characters"),
        ("https://www.facebook.com/", "is only the front page of a site many companies share"),
        ("http://[bad", "is not a web address"),
        ("http://example.com:99999/", "is not a web address"),
        ("ask at the counter", "is not a web address"),
    ],
)
def test_it_says_why_a_website_is_not_usable(raw: str, reason: str) -> None:
    reading = website_url(raw)
    assert reading.value is None
    assert reading.reason is not None
    assert reading.reason.startswith("The listed website “")
    assert reading.reason.endswith(f"” {reason}.")


@pytest.mark.parametrize("raw", [None, "", " "])
def test_no_text_is_neither_value_nor_reason(raw: str | None) -> None:
    assert website_url(raw) == NOTHING


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.com/menu", "example.com"),
        ("https://fi.example.com/", "example.com"),
        ("https://shop.anchor.co.uk/", "anchor.co.uk"),
        ("https://anchor.wordpress.com/", "anchor.wordpress.com"),
        ("https://anchor.blogspot.pt/", "anchor.blogspot.pt"),
        ("https://smiledental.nhs.uk/", "smiledental.nhs.uk"),
        ("https://www.anchor.odoo.com/", "anchor.odoo.com"),
    ],
)
def test_it_names_the_companys_own_domain(url: str, domain: str) -> None:
    assert company_domain(url).value == domain


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://www.facebook.com/anchor", "a Facebook page, not a company site"),
        ("https://m.facebook.com/anchor", "a Facebook page, not a company site"),
        ("https://instagram.com/anchor", "an Instagram page, not a company site"),
        ("https://x.com/anchor", "an X page, not a company site"),
        ("https://www.google.de/maps/place/1", "a Google link, not a company site"),
        ("https://www.tripadvisor.de/r1", "a Tripadvisor listing, not a company site"),
        ("https://linktr.ee/anchor", "a Linktree link page, not a company site"),
        ("https://wolt.com/anchor", "a Wolt order page, not a company site"),
        ("https://wordpress.com/anchor", "the site builder wordpress.com, not a company site"),
        ("https://business.site/", "the site builder business.site, not a company site"),
        ("https://www.nhs.uk/anchor", "the common ending nhs.uk, not a company site"),
        ("https://93.184.216.34/", "a bare IP address without a domain name"),
        ("https://[2606:2800:220:1::1]/", "a bare IP address without a domain name"),
    ],
)
def test_it_says_why_a_site_is_not_the_companys_own(url: str, what: str) -> None:
    reading = company_domain(url)
    assert (reading.value, reading.reason) == (None, f"The listed website is {what}.")


def test_it_knows_social_networks() -> None:
    assert is_social("https://m.facebook.com/anchor")
    assert not is_social("https://www.tripadvisor.de/r1")
    assert not is_social("https://facebook.example.com/")
    assert not is_social("https://facebook.pages.dev/")
