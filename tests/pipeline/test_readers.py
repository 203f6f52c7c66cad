"""Every reader of what strangers wrote, on whatever they may write: what comes out was written there, whole."""

from __future__ import annotations

import re
from urllib.parse import quote

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.contact.contacts import email_address, phone_e164
from pipeline.contact.phone_text import numbers_in
from pipeline.contact.suffixes import registered_domain
from pipeline.providers.website.addresses import exact, linked, written
from pipeline.providers.website.bounds import bounded
from pipeline.providers.website.charset import decoded
from pipeline.providers.website.disguises import undisguised
from pipeline.providers.website.extract import extract
from pipeline.providers.website.robots import ROBOT, rules_of
from pipeline.providers.website.visible import MARK

few = settings(max_examples=60, deadline=None, derandomize=True)

_ATEXT = "abcXYZ019!#$%&'*+-/=?^_`{|}~éß"
labels = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=3).map(lambda parts: ".".join([*parts, "test"]))
mailboxes = st.lists(st.text(_ATEXT, min_size=1, max_size=6), min_size=1, max_size=3).map(".".join)
addresses = st.builds("{}@{}".format, mailboxes, hosts)
words = st.sampled_from(
    ["", "Write to ", "E-mail: ", "(", "“", "Tel. 09 1234567, ", "a ", "<", "Our friends ", "…"]
)
INLINE = ("b", "span", "i", "em", "font", "a", "strong")


def normal(address: str) -> str | None:
    return email_address(address).value


@few
@given(words, addresses, st.sampled_from(["", ".", " or call", ")", ", thanks", ":", "!", "?"]))
def test_an_address_in_a_text_is_read_whole_or_not_at_all(before: str, address: str, after: str) -> None:
    assert set(written(f"{before}{address}{after}")) <= {normal(address)}


@few
@given(addresses, st.lists(st.tuples(st.integers(1, 30), st.sampled_from(INLINE)), max_size=3))
def test_an_address_in_pieces_is_read_whole_or_not_at_all(address: str, cuts: list[tuple[int, str]]) -> None:
    page, last = "", 0
    for place, tag in sorted(cuts):
        page += f"<{tag}>{_escaped(address[last:place])}</{tag}>"
        last = max(last, place)
    page += _escaped(address[last:])
    assert set(extract(f"<p>{page}</p>", "https://anchor.test/").emails) <= {normal(address)}


@few
@given(st.text("ab.@-'/[]()<>: at" + MARK, max_size=60))
def test_what_is_read_from_any_text_is_written_in_it(text: str) -> None:
    shown = undisguised(text).replace(MARK, "").casefold()
    for address in written(text.replace("at", "a.test")):
        assert address.casefold() in shown.replace("at", "a.test")


@few
@given(addresses, st.sampled_from(["", "?subject=Hello", "?cc=x@lantern.test", "&subject=x"]))
def test_a_mail_link_gives_the_address_it_names(address: str, query: str) -> None:
    assert linked(f"mailto:{quote(address)}{query}") == [one for one in [exact(address)] if one]


@few
@given(st.lists(addresses, min_size=1, max_size=3))
def test_of_a_field_the_first_address_is_read_whole(several: list[str]) -> None:
    assert email_address("; ".join(several)).value in {normal(address) for address in several}


@few
@given(
    st.text("0123456789+-()/. xX,;#abcTelExt:é０９", max_size=40),
    st.sampled_from([None, "FI", "US", "DE", "GB", "BR"]),
)
def test_the_digits_of_a_phone_number_stand_in_the_text_in_one_piece(text: str, country: str | None) -> None:
    number = phone_e164(text, country).value
    if number:
        assert re.fullmatch(r"\+\d{7,15}", number)
        national = str(phonenumbers.parse(number).national_number)
        runs = [
            "".join(str(int(char)) for char in run if char.isdigit())
            for run in re.split(r"[^\d\s()+./-]", text)
        ]
        assert any(national in run or national.lstrip("0") in run.replace("0", "", 1) for run in runs)


@few
@given(st.from_regex(r"\+358 9 [1-9]\d{6}", fullmatch=True), st.text("abcäöü () ,:;", max_size=20))
def test_words_around_a_number_change_nothing(number: str, words: str) -> None:
    expected = phone_e164(number, None).value
    assert phone_e164(f"{number} {words}", None).value == expected
    assert phone_e164(f"{words} {number}", None).value == expected


@few
@given(st.text(max_size=200))
def test_numbers_are_cut_from_any_text_without_letters(text: str) -> None:
    assert not [number for number in numbers_in(text) if any(char.isalpha() for char in number)]


FRAGMENTS = st.sampled_from(
    [
        "<div>", "</div>", "<p>", "<table><tr>", "<script>", "</script>", "<!--", "-->", "<style>.a{", "}</style>",
        "<svg>", "</svg>", "<a href='", "'>", "</a>", "<img alt=@>", "<br>", "info@anchor.test", " @ ", "&#64;",
        "<base href='//", "<frame src=x>", "\x00", "<meta http-equiv=refresh content='0;url=", "{", "<bdo dir=rtl>",
        "<joomla-hidden-mail first=", "data-cfemail=ff>", "[at]", "09 1234567", "<noscript>", "</noscript>",
        "<script type='application/ld+json'>", '{"email": "', '"}', "Fax: ", "<span hidden>", "</span>",
    ]
)  # fmt: skip


@few
@given(st.lists(FRAGMENTS, max_size=25).map("".join))
def test_any_page_is_read_and_nothing_is_made_up(page: str) -> None:
    found = extract(page, "https://anchor.test/")
    assert all(email.rpartition("@")[2] in ("anchor.test",) for email in found.emails)
    assert all(link.startswith(("http://", "https://")) for link, _ in found.links)


@few
@given(st.text("<>/ab!-pdiv svg\"'=", max_size=300))
def test_what_is_bounded_is_the_beginning_of_the_page(page: str) -> None:
    kept, why = bounded(page)
    assert page.startswith(kept)
    assert (why is None) == (kept == page)


@few
@given(
    st.binary(max_size=100),
    st.sampled_from(["", "text/html; charset=", "charset=idna"]),
    st.sampled_from(
        ["utf-8", "idna", "rot13", "undefined", "utf-7", "latin1", "x", "shift_jis", "utf-16", "hex"]
    ),
)
def test_any_bytes_are_decoded_whatever_they_are_called(content: bytes, kind: str, charset: str) -> None:
    assert isinstance(decoded(content, kind + charset), str)


RULES = st.lists(
    st.sampled_from(
        [
            "User-agent: *", "User-agent: ProspectPro", "Disallow: /", "Disallow: /a*b$", "Allow: /", "Crawl-delay: x",
            "Crawl-delay: -1", "Request-rate: 1/0", "Request-rate: 0/5", "Disallow: /*a*a*a*a*a*a*b", "Sitemap: ::",
            "", "#", "Disallow", ": /",
        ]
    ),
    max_size=8,
).map("\n".join)  # fmt: skip


@few
@given(RULES, st.sampled_from(["", "\ufeff", "\ufeff\ufeff"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_robots_rules_mean_the_same_however_they_are_written(rules: str, mark: str, ends: str) -> None:
    plain, other = rules_of(rules.encode()), rules_of((mark + rules.replace("\n", ends)).encode())
    for url in ("https://anchor.test/", "https://anchor.test/a/b", f"https://anchor.test/{'a' * 200}"):
        assert plain.can_fetch(url, ROBOT) == other.can_fetch(url, ROBOT)
    assert plain.crawl_delay(ROBOT) == other.crawl_delay(ROBOT)


@few
@given(st.binary(max_size=200))
def test_any_robots_file_is_read(content: bytes) -> None:
    assert rules_of(content).can_fetch("https://anchor.test/", ROBOT) in (True, False)


@few
@given(
    st.lists(labels, min_size=1, max_size=4),
    st.sampled_from(["co.uk", "com", "pages.dev", "adv.br", "odoo.com", "test", "kawasaki.jp"]),
)
def test_a_registered_domain_is_an_end_of_the_host_and_stays_one(parts: list[str], ending: str) -> None:
    host = ".".join([*parts, ending])
    domain = registered_domain(host)
    assert f".{host}".endswith(f".{domain}")
    assert registered_domain(domain) == domain
    assert domain not in ("co.uk", "pages.dev", "adv.br", "odoo.com")


@pytest.mark.parametrize("char", sorted(set(_ATEXT)))
def test_every_sign_an_address_may_hold_is_kept_in_a_link(char: str) -> None:
    address = f"a{char}b@anchor.test"
    assert linked(f"mailto:{quote(address)}") == ([address] if char != "|" else [])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
