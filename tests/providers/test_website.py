"""Company websites: what may be fetched, what a page says, and what a site is read for."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import date

import pytest

from pipeline.contact.email_checks import FreeChecks
from pipeline.lead import Lead, StepOutcome
from pipeline.network.public_address import Unreachable, checked, is_public
from pipeline.providers.website.crawl import Crawler
from pipeline.providers.website.extract import extract
from pipeline.providers.website.guard import Fetcher
from pipeline.providers.website.step import WebsiteStep
from tests.pipeline.memory import TODAY, from_places, full_place
from tests.support.calls import ListSuppressions
from tests.support.wire import Answerer, plain, wire

HTML = "Content-Type: text/html; charset=utf-8"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.5.4", "192.168.1.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fc00::1", "fe80::1",
        "::ffff:127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1", "::7f00:1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "nonsense",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.test/", "javascript:alert(1)", "file:///etc/passwd", "http://user:pw@example.test/",
        "http://example.test:22/", "https://example.test:80/", "http://127.0.0.1/", "http://2130706433/",
        "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://[::1]/", "http://localhost/", "http:///", "http://[", "",
        "http://a..test/", f"http://{'a' * 70}.test/", "http://\ud800.test/", "http://anchor.test\\@127.0.0.1/",
    ],
)  # fmt: skip
def test_only_public_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(Unreachable):
        checked(url)


def test_a_name_that_leads_inside_is_refused_and_is_looked_up_only_once() -> None:
    asked: list[str] = []

    def resolver(host: str) -> Sequence[str]:
        asked.append(host)
        return ["93.184.216.34", "127.0.0.1"]

    fetcher = Fetcher("t", resolver=resolver)
    with pytest.raises(Unreachable, match="private network"):
        fetcher.get("http://rebind.test/")
    assert asked == ["rebind.test"]
    fetcher.close()


def test_a_redirect_inside_is_refused() -> None:
    with wire(plain("", "302 Found", "Location: http://169.254.169.254/latest")) as server:
        fetcher = Fetcher("t", gateway=server.url)
        with pytest.raises(Unreachable):
            fetcher.get("http://anchor.test/")
        fetcher.close()
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://[", "//127.0.0.1/", "ftp://anchor.test/", "https://user:pw@anchor.test/", "http://a..test/",
        f"http://{'a' * 70}.test/", "/\x01", "/" + "x" * 70_000, "http://anchor.test:8080/", "http://[::1]/",
    ],
)  # fmt: skip
def test_a_redirect_to_what_is_no_public_address_is_refused(location: str) -> None:
    with wire(plain("", "302 Found", f"Location: {location}")) as server:
        fetcher = Fetcher("t", gateway=server.url)
        with pytest.raises(Unreachable):
            fetcher.get("http://anchor.test/")
        fetcher.close()
        assert len(server.requests) == 1


def test_a_redirect_to_a_name_in_another_script_is_followed_by_its_dns_form() -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        moved = plain("", "302 Found", "Location: http://bäckerei.test/")
        (plain("here", "200 OK", HTML) if b"xn--" in request else moved)(connection, request)

    with wire(answer) as server:
        fetcher = Fetcher("t", gateway=server.url)
        assert fetcher.get("http://anchor.test/").content == b"here"
        fetcher.close()
        assert b"host: xn--bckerei-5wa.test" in server.requests[1].lower()


def test_a_name_that_answers_publicly_and_then_inside_is_only_asked_once_and_pinned() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    fetcher = Fetcher("t", resolver=lambda _: answers.pop(0))
    request = fetcher._built("http", "rebind.test", "/")
    assert (request.url.host, request.headers["host"]) == ("93.184.216.34", "rebind.test")
    with pytest.raises(Unreachable, match="private network"):
        fetcher.get("http://rebind.test/")
    fetcher.close()


def test_what_one_site_sets_is_not_sent_to_another() -> None:
    with wire(plain("here", "200 OK", HTML, "Set-Cookie: id=1; Path=/")) as server:
        fetcher = Fetcher("t", gateway=server.url)
        fetcher.get("http://anchor.test/")
        fetcher.get("http://lantern.test/")
        fetcher.close()
        assert not [request for request in server.requests if b"cookie" in request.lower()]


def test_redirects_end() -> None:
    with wire(plain("", "302 Found", "Location: /again")) as server:
        fetcher = Fetcher("t", gateway=server.url)
        with pytest.raises(Unreachable, match="too often"):
            fetcher.get("http://anchor.test/")
        fetcher.close()
        assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("page", "emails"),
    [
        ('<a href="mailto:info@anchor.test?subject=Hi">x</a>', ["info@anchor.test"]),
        ('<a href="mailto:a@anchor.test,b@anchor.test">x</a>', ["a@anchor.test", "b@anchor.test"]),
        ('<a href="mailto:info%40anchor.test">x</a>', ["info@anchor.test"]),
        ("<p>Write to info@anchor.test.</p>", ["info@anchor.test"]),
        ("<p>info (at) anchor (dot) test</p>", ["info@anchor.test"]),
        ("<p>info [at] anchor [dot] test</p>", ["info@anchor.test"]),
        ("<p>info&#64;anchor.test</p>", ["info@anchor.test"]),
        ('<span data-cfemail="2a43444c456a4b4449424558045e4f595e">x</span>', ["info@anchor.test"]),
        ('<script type="application/ld+json">{"@graph": [{"email": "mailto:info@anchor.test"}]}</script>',
         ["info@anchor.test"]),
        ('<script type="application/ld+json">{broken</script><p>info@anchor.test</p>', ["info@anchor.test"]),
        ("<p>meet us at anchor dot test</p>", []),
        ("<img src='x@2x.png'><p>logo@2x.png noreply@anchor.test you@example.com</p>", []),
        ("<script>var a = 'hidden@anchor.test'</script>", []),
    ],
)  # fmt: skip
def test_addresses_are_read_and_never_guessed(page: str, emails: list[str]) -> None:
    assert extract(f"<html><body>{page}</body></html>", "https://anchor.test/").emails == emails


@pytest.mark.parametrize(
    "page",
    ["&amp;nbsp;" * 150_000, "<div>" * 300_000, "a@" + "a." * 500_000, "( " * 500_000, "<b>" * 300_000],
)
def test_a_page_made_to_keep_its_reader_busy_is_read_like_any_other(page: str) -> None:
    start = "<html><body><p>info@anchor.test</p>"
    assert extract(f"{start}{page}", "https://anchor.test/").emails[0] == "info@anchor.test"


def test_profiles_and_phone_numbers_are_read() -> None:
    page = (
        '<a href="tel:+358-9-1234567">call</a><a href="https://www.instagram.com/anchor/">us</a>'
        '<a href="https://facebook.com/sharer/sharer.php?u=x">share</a><a href="/contact">Contact</a>'
    )
    found = extract(page, "https://anchor.test/")
    assert found.phones == ["+358-9-1234567"]
    assert found.profiles == ["https://www.instagram.com/anchor/"]
    assert found.links == [("https://anchor.test/contact", "Contact")]


def site(**pages: str) -> Answerer:
    """Pages by path, with the slash written as ``home``."""

    def answer(connection: object, request: bytes) -> None:
        path = request.split(b" ")[1].decode().strip("/").replace(".txt", "") or "home"
        body = pages.get(path)
        kind = "Content-Type: text/plain" if path == "robots" else HTML
        reply = plain("gone", "404 Not Found", HTML) if body is None else plain(body, "200 OK", kind)
        reply(connection, request)  # type: ignore[arg-type]

    return answer


def enriched(
    answer: Answerer, listed: ListSuppressions | None = None, **values: object
) -> tuple[Lead, list[str]]:
    given = {"website": "https://anchor.test/", "phone": None} | values
    (business,) = from_places([full_place(**given)], "FI", TODAY)
    with wire(answer) as server:
        fetcher = Fetcher("ProspectPro/1", gateway=server.url)
        step = WebsiteStep(
            Crawler(fetcher, wait=lambda _: None),
            checks=FreeChecks(listed or ListSuppressions(), lambda _: None),
            online=lambda: True,
            simulated=lambda: None,
            today=date(2026, 11, 24),
        )
        lead = step.enrich(Lead(business=business))
        fetcher.close()
        return lead, [request.split(b" ")[1].decode() for request in server.requests]


HOME = '<a href="/shop">Shop</a><a href="/about">About</a><a href="/contact">Contact</a> Anchor, welcome'


def test_the_contact_page_is_read_before_the_others_and_reading_stops_there() -> None:
    lead, paths = enriched(
        site(home=HOME, contact="info@anchor.test <a href='tel:09 1234567'>x</a>", about="us"), country="FI"
    )
    assert paths == ["/robots.txt", "/", "/contact"]
    assert lead.business.email == "info@anchor.test"
    assert lead.business.phone == "+35891234567"
    origin = lead.business.provenance["email"]
    assert (origin.source, origin.url, origin.observed_on) == (
        "website", "https://anchor.test/contact", date(2026, 11, 24),
    )  # fmt: skip
    assert lead.business.provenance["name"].source == "website"
    assert lead.steps[-1].detail == "Found an e-mail address and a phone number on /contact; 2 pages read."


def test_at_most_five_pages_are_read() -> None:
    links = "".join(f'<a href="/contact-{n}">Contact {n}</a>' for n in range(20))
    lead, paths = enriched(site(home=links, **{f"contact-{n}": "nothing" for n in range(20)}))
    assert len(paths) == 6
    assert lead.steps[-1].outcome is StepOutcome.NOT_FOUND


def test_a_page_that_fails_counts_as_one_of_the_five() -> None:
    links = "".join(f'<a href="/contact-{n}">Contact {n}</a>' for n in range(20))
    _, paths = enriched(site(home=links))
    assert len(paths) == 6


def test_every_host_on_the_way_is_asked_for_its_own_rules() -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        path = request.split(b" ")[1]
        host = next(line for line in request.lower().split(b"\r\n") if line.startswith(b"host: "))[6:]
        if path == b"/robots.txt":
            rules = "User-agent: *\nDisallow: /" if host == b"shop.anchor.test" else ""
            reply = plain(rules, "200 OK", "Content-Type: text/plain")
        elif path == b"/contact":
            reply = plain("", "302 Found", "Location: https://shop.anchor.test/contact")
        elif host == b"anchor.test":
            reply = plain(
                '<a href="/contact">Contact</a><a href="https://shop.anchor.test/team">Team</a>',
                "200 OK",
                HTML,
            )
        else:
            reply = plain("info@anchor.test", "200 OK", HTML)
        reply(connection, request)

    lead, paths = enriched(answer)
    assert paths == ["/robots.txt", "/", "/contact", "/robots.txt"]
    assert lead.business.email is None


def test_longer_pauses_than_we_make_leave_the_first_page() -> None:
    _, paths = enriched(site(robots="User-agent: *\nCrawl-delay: 60", home=HOME, contact="info@anchor.test"))
    assert paths == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ({"robots": "User-agent: *\nDisallow: /", "home": "info@anchor.test"}, "asks robots not to read it"),
        ({"robots": "User-agent: ProspectPro\nDisallow: /", "home": "x"}, "asks robots not to read it"),
        ({}, "answered with an error (404)"),
    ],
)
def test_a_site_that_must_not_or_cannot_be_read_says_so(pages: dict[str, str], says: str) -> None:
    lead, _ = enriched(site(**pages))
    assert lead.steps[-1].outcome is StepOutcome.FAILED
    assert says in lead.steps[-1].detail


def test_addresses_of_other_companies_and_suppressed_ones_are_left_out() -> None:
    page = "builder@elsewhere.test info@anchor.test shop@anchor.test"
    lead, _ = enriched(site(home=page), ListSuppressions({"info@anchor.test"}))
    assert [contact.email for contact in lead.contacts] == ["shop@anchor.test"]
    assert "1 left out: on the suppression list." in lead.steps[-1].detail


def test_a_lead_without_a_site_is_skipped() -> None:
    lead, paths = enriched(site(), website="https://facebook.com/anchor")
    assert lead.steps[-1].outcome is StepOutcome.SKIPPED
    assert paths == []
