"""Columns travel as one text: every value arrives as it was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from services import catalogue
from services.catalogue import Order
from store.bulk import columns_of
from store.tables import places, suppressed_companies
from tests.support.catalogue import places_file, row
from tests.support.servers import Database, rows

ODD = (
    "plain", "Café “Ö”", 'a "quoted" one', "back\\slash", "C:\\new\\table", "NULL", "null", "{a,b}", "a,b", "it's",
    " spaces ", "日本語 🍣", "%(name)s", ":name", "$1", "\\u0041",
)  # fmt: skip
BROKEN = ("two\nlines", "tab\there", "bell\x07", 'both\\n\nof "them"', "line\u2028separator")


def test_odd_texts_arrive_as_they_were(database: Database, tmp_path: Path) -> None:
    texts = (*ODD, *BROKEN)
    given = [
        row(number, street=text if text.strip() else None, tags={"note": text, "k" + text.strip(): "v"})
        for number, text in enumerate(texts)
    ]
    catalogue.import_places(Order(path=places_file(tmp_path, *given), name="odd"))
    stored = rows(database.owner_url, "select street, tags::text from places order by id")
    assert [street for street, _ in stored] == list(texts)
    assert [json.loads(str(tags)) for _, tags in stored] == [
        {"note": text, "k" + text.strip(): "v"} for text in texts
    ]


def test_days_numbers_bytes_and_what_is_missing() -> None:
    columns: dict[str, list[object]] = {
        "observed_on": [date(2026, 8, 19), None],
        "lat": [-0.0, 60.5],
        "cell": [7, None],
    }
    assert columns_of(places, columns) == {
        "given_observed_on": '{"2026-08-19",null}',
        "given_lat": "{0.0,60.5}",
        "given_cell": "{7,null}",
    }
    assert columns_of(suppressed_companies, {"value_hash": [b"\x00\xff"]}) == {
        "given_value_hash": '{"\\\\x00ff"}'
    }
