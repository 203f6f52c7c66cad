"""Lines of business in our words: every class has a kind, and each kind is one people can ask for."""

from __future__ import annotations

import pytest

from bench.overture import is_findable
from pipeline.words.kinds import NO_BUSINESS, mapped
from pipeline.words.nace import Scheme, kind_of
from pipeline.words.osm_tags import is_business
from tests.support.nace_classes import CLASSES

_WIDE = ("office=company", "shop=yes", "craft=yes", "healthcare=yes")


@pytest.mark.parametrize("scheme", Scheme)
def test_every_class_has_a_kind(scheme: Scheme) -> None:
    assert len(CLASSES) == 615
    kinds = {code: kind_of(code, scheme) for code in CLASSES}
    assert [code for code, kind in kinds.items() if kind is None] == []
    # A few are no business, and a few no more than a company.
    assert sum(kind == NO_BUSINESS for kind in kinds.values()) <= 32
    assert sum(kind in _WIDE for kind in kinds.values()) <= 62


def test_every_kind_is_a_business_that_its_label_finds() -> None:
    for kind in sorted({*mapped("nace.csv").values()} - {NO_BUSINESS}):
        assert is_business(*kind.split("=")), kind
        assert is_findable(kind), kind


@pytest.mark.parametrize(
    ("code", "scheme", "kind"),
    [
        ("56.10", Scheme.FINLAND, "amenity=restaurant"),
        ("56302", Scheme.FINLAND, "amenity=cafe"),
        ("56302", Scheme.UNITED_KINGDOM, "amenity=pub"),
        ("86230", Scheme.UNITED_KINGDOM, "amenity=dentist"),
        ("43910", Scheme.FINLAND, "craft=roofer"),
        ("43910", Scheme.REVISED, "craft=bricklayer"),
        ("43410", Scheme.REVISED, "craft=roofer"),
        ("47810", Scheme.REVISED, "shop=car"),
        ("95310", Scheme.REVISED, "shop=car_repair"),
        ("74990", Scheme.UNITED_KINGDOM, NO_BUSINESS),
        ("74909", Scheme.FINLAND, "office=consulting"),
        ("64209", Scheme.UNITED_KINGDOM, NO_BUSINESS),
        ("70100", Scheme.UNITED_KINGDOM, "office=company"),
        ("00000", Scheme.FINLAND, None),
        ("None", Scheme.FINLAND, None),
    ],
)
def test_the_finest_code_that_is_known_tells_the_kind(code: str, scheme: Scheme, kind: str | None) -> None:
    assert kind_of(code, scheme) == kind
