"""Data is shown as itself: nothing a person or a source wrote becomes markup."""

from __future__ import annotations

import string

import pytest

from ui.text import plain, someone

JOINER = "\u2060"


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.test/p.png)",
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "**bold** _it_ `code` $a$ ~s~ # h",
        ":red[x] :material/home:",
        "1. one",
        "- item",
        "| a | b |",
        "'; DROP TABLE leads;--",
        "{{7*7}} ${jndi:ldap://x}",
    ],
)
def test_every_mark_is_escaped(text: str) -> None:
    shown = plain(text)
    unescaped = "".join(
        char
        for place, char in enumerate(shown)
        if char in string.punctuation and char != "\\" and (place == 0 or shown[place - 1] != "\\")
    )
    assert unescaped == ""


def test_reads_the_same_once_the_escapes_are_taken_away() -> None:
    text = "Café & Co. (Nord) – 50% off!"
    assert plain(text).replace("\\", "") == text


def test_folds_lines_so_that_no_block_can_begin() -> None:
    assert plain("a\n\n# b\r\n- c") == "a \\# b \\- c"


@pytest.mark.parametrize("text", ["https://evil.test/x", "www.evil.test", "HTTP://evil.test"])
def test_a_bare_address_is_no_link(text: str) -> None:
    assert JOINER in plain(text)


def test_a_picture_code_stays_letters() -> None:
    assert plain(":tada:") == f"\\:{JOINER}tada\\:"


def test_an_e_mail_address_can_be_copied_as_it_is() -> None:
    assert JOINER not in plain("info@example.com")


@pytest.mark.parametrize("text", [None, "", "   "])
def test_nothing_is_nothing(text: str | None) -> None:
    assert plain(text) == ""


def test_a_bare_address_is_broken_where_a_link_would_begin() -> None:
    assert plain("www.evil.test") == f"www{JOINER}\\.evil\\.test"


def test_an_address_that_says_who_somebody_is_becomes_no_link() -> None:
    # What makes links of addresses wants the name right before the sign.
    assert someone("a.b@example.com").replace("\\", "") == f"a.b{JOINER}@example.com"
    assert someone("nobody") == "nobody"
