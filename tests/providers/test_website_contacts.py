"""Which contacts of a site become those of its company: chosen, left out with why, or not read with why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.lead import StepOutcome
from pipeline.providers.website.bounds import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS
from tests.support.calls import ListSuppressions
from tests.support.page_forms import Form, forms
from tests.support.sites import Hosts, Web, moved, visit, visits, web


@pytest.fixture(scope="module")
def sites() -> Iterator[Web]:
    with web() as it:
        yield it


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_an_address_is_found_in_the_form_sites_show_it_and_none_is_made_up(sites: Web, form: Form) -> None:
    sites.hosts = {"anchor.test": {"/": form.home, **form.pages}}
    (seen,) = sites.visits()
    assert seen.lead.business.email == form.expected
    assert set(seen.emails) <= form.written


@pytest.mark.parametrize(
    ("page", "email", "left_out"),
    [
        ("<p hidden>trap@anchor.test</p>info@anchor.test", "info@anchor.test", "trap@anchor.test (no visitor sees it)"),
        ("<p hidden>trap@anchor.test</p>", None, "trap@anchor.test (no visitor sees it)"),
        ("Our friends: me@lantern.test", None, "me@lantern.test (it is on another domain)"),
        ("Web design: me@gmail.com", None, "me@gmail.com (it is that of whoever made the site)"),
        ("no-reply@anchor.test", None, "no-reply@anchor.test (nobody reads it)"),
        ("vorname.nachname@anchor.test", None, "vorname.nachname@anchor.test (it is a pattern, not a mailbox)"),
        ("info@nospam.anchor.test", None, "info@nospam.anchor.test (it is to be changed by hand)"),
        ("a@mailinator.com", None, "a@mailinator.com (it is a throw-away address)"),
    ],
)  # fmt: skip
def test_what_is_shown_and_left_out_is_named_with_its_reason(
    page: str, email: str | None, left_out: str
) -> None:
    seen = visit(page)
    assert seen.lead.business.email == email
    assert f" Left out: {left_out}." in seen.says
    assert "is shown there" not in seen.says or "No usable" in seen.says


def test_only_where_nothing_is_shown_nothing_is_said_to_be() -> None:
    assert visit("Welcome").says == "No address or phone number is shown there; 1 page read."
    assert "suppression list" in visits(
        {"anchor.test": {"/": "info@anchor.test"}}, listed=ListSuppressions({"info@anchor.test"})
    )[0].says  # fmt: skip


def test_a_suppressed_address_is_not_named_whatever_it_is_left_out_for() -> None:
    hosts = {"anchor.test": {"/": "<p hidden>a@anchor.test</p> b@lantern.test"}}
    (seen,) = visits(hosts, listed=ListSuppressions({"a@anchor.test", "b@lantern.test"}))
    assert "@" not in seen.says


def test_an_address_that_will_not_be_kept_does_not_end_the_reading() -> None:
    seen = visit(
        '<a href="/contact">Contact</a><a href="/imprint">Imprint</a><footer>Site by me@webstudio.test</footer>',
        contact="<footer>Site by me@webstudio.test</footer>",
        imprint="info@anchor.test",
    )
    assert seen.lead.business.email == "info@anchor.test"
    assert "me@webstudio.test (it is that of whoever made the site)" in seen.says


def test_two_companies_on_one_host_share_nothing_but_the_host() -> None:
    hosts = {
        "mall.test": {
            "/shops/anchor-shoes": '<a href="tel:+358 9 1234567">x</a><a href="/contact">Contact</a>'
            '<a href="/shops/anchor-shoes/contact">Contact</a><footer>office@mall.test</footer>',
            "/shops/anchor-shoes/contact": "<p>shoes@mall.test</p>",
            "/shops/harbour-books": '<a href="tel:+358 9 7654321">x</a><footer>Tel. 09 5555555</footer>',
            "/contact": "office@mall.test",
        }
    }
    shoes, books = visits(
        hosts,
        {"name": "Anchor Shoes", "website": "https://mall.test/shops/anchor-shoes"},
        {"name": "Harbour Books", "website": "https://mall.test/shops/harbour-books"},
    )
    assert (shoes.lead.business.phone, shoes.emails) == ("+35891234567", ["shoes@mall.test"])
    assert (books.lead.business.phone, books.emails) == ("+35897654321", [])
    assert "mall.test/contact" not in shoes.asked + books.asked
    assert "office@mall.test (it is that of a site others share)" in shoes.says
    assert books.says.endswith("Only its own pages there were read: others share the site.")


def test_a_page_two_companies_share_is_asked_for_once() -> None:
    hosts = {"anchor.test": {"/": "<p>info@anchor.test</p>", "/robots.txt": ""}}
    first, second = visits(hosts, {}, {})
    assert (first.asked, second.asked) == (["anchor.test/robots.txt", "anchor.test/"], [])
    assert first.emails == second.emails == ["info@anchor.test"]


@pytest.mark.parametrize(
    ("host", "emails"),
    [("anchor-new.test", ["info@anchor-new.test"]), ("domains-for-sale.test", [])],
)
def test_a_site_that_moved_is_the_companys_when_it_goes_by_its_name(host: str, emails: list[str]) -> None:
    hosts: Hosts = {
        "anchor.test": {"/": moved(f"https://{host}/"), "/robots.txt": ""},
        host: {"/": f"<p>anchor.test has moved: info@{host}</p>"},
    }
    (seen,) = visits(hosts, {"website": "http://anchor.test/"})
    assert seen.emails == emails
    assert (seen.lead.business.provenance["website"].source == "website") is bool(emails)


def test_a_page_of_frames_may_lead_to_another_host() -> None:
    hosts = {
        "anchor.test": {"/": '<frameset><frame src="https://host.test/~anchor/"></frameset>'},
        "host.test": {"/~anchor/": "<p>info@anchor.test, office@host.test</p>"},
    }
    (seen,) = visits(hosts)
    assert seen.emails == ["info@anchor.test"]


def test_a_site_that_leads_to_a_network_is_none() -> None:
    hosts: Hosts = {
        "anchor.test": {"/": moved("https://www.facebook.com/anchor"), "/robots.txt": ""},
        "www.facebook.com": {"/anchor": "info@anchor.test"},
    }
    (seen,) = visits(hosts)
    assert seen.says == "The site leads to a Facebook page, not a company site."
    assert seen.lead.steps[-1].outcome is StepOutcome.FAILED


def test_an_address_on_a_domain_of_the_same_name_is_the_companys() -> None:
    assert visit('<a href="mailto:info@anchorcafe.test">x</a>').emails == ["info@anchorcafe.test"]


def test_a_scheme_that_nobody_answers_under_is_not_the_last_word() -> None:
    hosts = {"anchor.test": {"/": "<p>info@anchor.test</p>"}}
    (seen,) = visits(hosts, {"website": "anchor.test"}, closed=["http"])
    assert seen.emails == ["info@anchor.test"]
    (seen,) = visits(hosts, {"website": "https://anchor.test"}, closed=["https"])
    assert seen.says == "The site could not be reached."


@pytest.mark.parametrize(
    ("page", "phone"),
    [
        ('Fax: <a href="tel:+358 9 1111111">x</a> Tel: <a href="tel:+358 9 1234567">x</a>', "+35891234567"),
        ('<a href="tel:+358 9 1111111">Fax</a><a href="tel:+358 9 1234567">Call</a>', "+35891234567"),
        ('<a href="tel:+358 9 1111111">x</a> (Fax) <a href="tel:+358 9 1234567">x</a>', "+35891234567"),
        ('<td>Fax</td><td><a href="tel:09 1111111">x</a></td><td>Puh.</td><td>09 1234567</td>', None),
        ('<dt>Fax</dt><dd><a href="tel:09 1111111">x</a></dd><p>Puh. 09 1234567</p>', "+35891234567"),
        ('<a href="fax:+358 9 1111111">x</a>', None),
        ('Tel./Fax: <a href="tel:09 1234567">x</a>', "+35891234567"),
        ('<p hidden><a href="tel:09 1111111">x</a></p><a href="tel:09 1234567">x</a>', "+35891234567"),
        ("<p>Puhelin: 09 1234567, faksi: 09 1111111</p>", "+35891234567"),
        ("<p>Puh. 09 1234567 00100 Helsinki</p>", None),
        ("<p>Web design: tel. 09 1111111</p>", None),
        ('<script type="application/ld+json">{"telephone": 358912345678}</script>', "+358912345678"),
        ('<script type="application/ld+json">{"faxNumber": "+358 9 1111111"}</script>', None),
        ('<script type="application/ld+json">{"author": {"telephone": "+358 9 1111111"}}</script>', None),
    ],
)
def test_a_phone_is_one_that_is_answered(page: str, phone: str | None) -> None:
    assert visit(f"<table>{page}</table>" if page.startswith("<td>") else page).lead.business.phone == phone


def test_local_numbers_are_those_of_the_area_where_no_source_names_a_country() -> None:
    hosts = {"anchor.test": {"/": '<a href="tel:09 1234567">x</a>'}}
    assert [seen.lead.business.phone for seen in visits(hosts, country="FI")] == ["+35891234567"]
    assert [seen.lead.business.phone for seen in visits(hosts, country=None)] == [None]
    assert [seen.lead.business.country for seen in visits(hosts, country="FI")] == [None]


def test_a_phone_that_is_empty_has_no_origin() -> None:
    seen = visit('<a href="tel:12">x</a><p>info@anchor.test</p>')
    assert seen.lead.business.phone is None
    assert "phone" not in seen.lead.business.provenance


def test_a_robots_file_with_a_byte_order_mark_is_obeyed() -> None:
    (seen,) = visits(
        {"anchor.test": {"/robots.txt": "\ufeffUser-agent: *\nDisallow: /", "/": "info@anchor.test"}}
    )
    assert seen.asked == ["anchor.test/robots.txt"]
    assert "asks robots not to read it" in seen.says


@pytest.mark.parametrize(
    ("rules", "pauses", "says"),
    [
        ("Crawl-delay: 10", [10.0], "Found an e-mail address on /contact; 2 pages read."),
        ("Crawl-delay: nan", [], "Found an e-mail address on /contact; 2 pages read."),
        ("Crawl-delay: -3", [], "Found an e-mail address on /contact; 2 pages read."),
        ("Request-rate: 1/7", [7.0], "Found an e-mail address on /contact; 2 pages read."),
        (
            "Crawl-delay: 60",
            [],
            "No address or phone number is shown there; 1 page read. "
            "Not read: pages behind it, as its owner wants 60 s between two pages.",
        ),
    ],
)
def test_pauses_are_made_as_wanted_or_it_is_said_what_was_not_read(
    rules: str, pauses: list[float], says: str
) -> None:
    seen = visit(
        '<a href="/contact">Contact</a>', contact="info@anchor.test", robots__txt=f"User-agent: *\n{rules}"
    )
    assert (seen.pauses_s, seen.says) == (pauses, says)


def _names(number: int, value: str = "") -> str:
    return " ".join(f"a{one}{value}" for one in range(number))


def test_attributes_may_be_many_and_hold_whatever_they_like() -> None:
    quoted = "<p a b c> " * 500
    seen = visit(
        "<p " + _names(MAX_ATTRIBUTES, "='>'") + f'><p it\'s data-a="{quoted}" / >info@anchor.test</p >'
    )
    assert seen.emails == ["info@anchor.test"]
    assert "Not read: the rest" not in seen.says


def test_a_page_that_cannot_be_read_is_told() -> None:
    assert (
        "Not read: /contact (The site answered with an error (404))."
        in visit('<a href="/contact">Contact</a>').says
    )


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<div>" * (MAX_DEPTH + 100), "it is nested deeper than pages are"),
        (f"<p {_names(MAX_ATTRIBUTES + 1)}>x", "an element of it has more than 128 attributes"),
        ("<p " + _names(MAX_ATTRIBUTES + 1, "='>'") + ">x", "an element of it has more than 128 attributes"),
        (f"<p>x</p {_names(MAX_ATTRIBUTES + 1)}>", "an element of it has more than 128 attributes"),
        ("<p>x</p>" * MAX_ELEMENTS, "it has more than 10,000 elements"),
        ("x " * 20_000, "a line of it is longer than 20,000 characters"),
        ("<p>@</p>" * 2_500, "it holds more text than 300,000 characters or 2,000 at-signs"),
        ("<!--" + "x" * 2_000_000 + "-->", "it is larger than 2 MB"),
    ],
)  # fmt: skip
def test_a_page_out_of_all_proportion_is_left_and_that_is_said(page: str, why: str) -> None:
    seen = visit(f"<p>info@anchor.test</p>{page}")
    assert seen.emails == ["info@anchor.test"]
    assert f"Not read: the rest of /, as {why}." in seen.says
