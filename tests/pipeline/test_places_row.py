"""A row of a file of places: the quick way says what the careful one says, or leaves the row to it."""

from __future__ import annotations

import random
from typing import Any

from pydantic import ValidationError

from pipeline.imports.overture_row import OvertureRow
from pipeline.imports.places_row import Columns, Row, carefully, quickly
from pipeline.words.text import folded

PLAIN: dict[str, Any] = {
    "id": "08f0000000000001",
    "name": "Café  Löyly",
    "category": "amenity=cafe",
    "lat": 60.1,
    "lon": 24.9,
    "street": "Pier Street 5",
    "phone": ["+358 9 1", "+358 9 2"],
    "website": ["https://loyly.example.com/"],
    "email": None,
    "tags": {"overture:category": "cafe", "note": "Ö & Ä"},
}
ODD: tuple[Any, ...] = (
    *(
        None,
        "",
        " ",
        "\u3000",
        "text",
        "two\nlines",
        "nul\x00",
        "\ud800",
        "e\u0301",
        "\u200bunseen",
        "x" * 2001,
    ),
    *(0, 1.0, -90.0, 91.0, float("nan"), float("inf"), 2**60, True, b"bytes", "amenity=cafe", "Amenity=cafe"),
    *("amenity=a=b", "08f00000", "08f0 0000", "ключ-ключ", "08f00000\n", "node/1"),
    *([], [None], [""], ["a", ""], [" "], ["a", 5], [["a"]], {}, {"k": "v"}, {"k": ""}, {"k": 5}, {"": "v"}),
    *({" ": "v"}, {"k": " "}, {"k": "x" * 2001}, {5: "v"}, {"k": ["a", "b"]}, {"k": None}),
)


def said(model: type[Columns], raw: dict[str, Any]) -> object:
    try:
        return carefully(model, raw)
    except ValidationError as error:
        return str(error)


def test_the_quick_way_says_what_the_careful_one_says() -> None:
    draw = random.Random(14)  # noqa: S311 - a sample, no secret
    was_quick = 0
    for model, ref in ((OvertureRow, PLAIN["id"]), (Row, "node/1")):
        plain = {**PLAIN, model.REF: ref}
        names = [*plain, "brand", "opening_hours", "cuisine"]
        one_odd = [{**plain, name: value} for name in names for value in ODD]
        more = [
            {**plain, **{name: draw.choice(ODD) for name in draw.choices(names, k=2)}} for _ in range(500)
        ]
        fewer = [{name: value for name, value in plain.items() if name != lost} for lost in plain]
        for raw in (plain, *one_odd, *more, *fewer):
            quick = quickly(model, raw)
            assert quick is None or repr((quick, [])) == repr(_in_order(quick, said(model, raw))), raw
            was_quick += quick is not None
        assert quickly(model, plain) is not None
    assert was_quick > 100


def _in_order(like: dict[str, Any], careful: object) -> object:
    """What the careful way said, its columns in the order of the quick one."""
    if not isinstance(careful, tuple):
        return careful
    columns, odd = careful
    assert columns.keys() == like.keys()
    return {name: columns[name] for name in like}, odd


def test_texts_fold_part_by_part_as_they_do_together() -> None:
    texts = [
        *(value for value in ODD if isinstance(value, str)),
        "L'Été & Söhne",
        "ΟΔΟΣ",
        "İstanbul",
        "日本 🍣",
        "ß+Ø",
    ]
    for first in texts:
        for second in texts:
            parts = " ".join(filter(None, (folded(first), folded(second))))
            assert folded(f"{first} {second}") == parts
