"""Which characters nobody sees stay in a name."""

from __future__ import annotations

import pytest

from pipeline.campaign import clean_text
from pipeline.output.export import cell_text
from pipeline.words.text import folded, one_line

KEPT = {
    "a flag of two signs": "Bar 🏳️\u200d🌈",
    "a family": "Kita 👩🏽\u200d👩🏽\u200d👧",
    "a profession": "👩\u200d⚕️ Praxis",
    "a head that shakes": "🙂\u200d↔️",
    "the flag of England": "Pub 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Persian": "کافه\u200cهای شهر",
    "Hindi, a half letter": "शक्\u200dति",
    "Hindi, a halant": "राज्\u200cय",
    "Bengali": "র\u200d্যাব",
    "Malayalam, at the end of a word": "അവന്\u200d",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "the sign of a year": "\u0601١٤٤٥",
}
STRIPPED = {
    "a joiner between Latin letters": ("Ca\u200dfe", "Cafe"),
    "a non-joiner between Latin letters": ("Ca\u200cfe", "Cafe"),
    "joiners behind each other": ("👩\u200d\u200d👧", "👩\u200d👧"),
    "a joiner at the end": ("کافه\u200c", "کافه"),
    "a joiner before a formula": ("\u200d=1+1", "=1+1"),
    "a joiner between signs": ("+\u200d+", "++"),
    "an override": ("gnp\u202egepj.exe", "gnpgepj.exe"),
    "isolates": ("\u2067Cafe\u2069", "Cafe"),
    "marks of direction": ("\u200fCafe\u200e", "Cafe"),
    "a soft hyphen": ("Ca\u00adfe", "Cafe"),
    "a blank without width": ("Ca\u200bfe\ufeff", "Cafe"),
    "tags without a flag": ("Cafe\U000e0041\U000e0042", "Cafe"),
    "fillers": ("\u3164Cafe\uffa0\u2800", "Cafe"),
    "lines": ("Ca\r\n\tfe\u2028x", "Ca fe x"),
}


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_what_a_name_needs_stays_typed_and_exported(name: str) -> None:
    assert one_line(name) == name
    assert clean_text(name) == name
    assert cell_text(name) == name


@pytest.mark.parametrize(("name", "left"), STRIPPED.values(), ids=STRIPPED)
def test_what_only_hides_or_turns_goes(name: str, left: str) -> None:
    assert one_line(name) == left


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_a_name_is_found_with_and_without_its_joiners(name: str) -> None:
    assert folded(name) == folded(name.replace("\u200d", "").replace("\u200c", ""))
