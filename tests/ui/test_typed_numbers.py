"""Numbers in an address are understood or refused, never guessed."""

from __future__ import annotations

import pytest

from ui.typed_numbers import as_text, number, whole_number


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,50", 1.5), ("１０", 10), (" 0.5 ", 0.5), (".5", 0.5), ("1e3", 1000), ("-2", -2), ("0,1234", 0.1234)],
)
def test_people_write_numbers_in_many_ways(text: str, value: float) -> None:
    assert number(text) == value
    assert number(as_text(value)) == value


@pytest.mark.parametrize(
    "text",
    ["Infinity", "-inf", "NaN", "1e300", "1e999", "", "ten", "1,234", "1.234,5", "1_0", "0x10", "9" * 5000],
)
def test_what_is_no_number_or_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        number(text)


def test_a_fraction_is_no_whole_number() -> None:
    assert whole_number("10,0") == 10
    with pytest.raises(ValueError, match=r"10\.5"):
        whole_number("10.5")
