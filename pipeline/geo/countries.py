"""Country names in many languages and their ISO 3166 alpha-2 codes.

The names come with libphonenumber's data (package ``phonenumbers``), so no list of our own can grow stale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import phonenumbers

from pipeline.words.text import folded

# What people type and libphonenumber does not list.
_ALSO = {
    "uk": "GB",
    "great britain": "GB",
    "britain": "GB",
    "usa": "US",
    "america": "US",
    "holland": "NL",
    "eire": "IE",
    "czech republic": "CZ",
    "uae": "AE",
    "south korea": "KR",
}
# What lies in a country and is no name of the whole of it.
_PARTS = {"england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB"}
# In libphonenumber's table every word of a name is capitalized.
_SMALL_WORDS = re.compile(r"(?<=\s)(Of|And|The)(?=\s)")
# In libphonenumber's table this entry holds the English name of a country.
_ENGLISH = "aa"


def country_name(code: str) -> str:
    """The English name of a country; an unknown code is its own name."""
    name = str(_names().get(code, {}).get(_ENGLISH, code))
    return _SMALL_WORDS.sub(lambda word: word[0].lower(), name)


def country_names(code: str) -> tuple[str, ...]:
    """Every name of a country, its code among them."""
    names = (name for name in _names().get(code, {}).values() if not name.startswith("*"))
    also = (name for name, country in _ALSO.items() if country == code)
    return tuple(dict.fromkeys((code, *names, *also)))


def country_code(text: str) -> str | None:
    """The country a text names, in any language and letter case, or that of a part such as Scotland; or None."""
    return whole_country(text) or _PARTS.get(folded(text))


@lru_cache(maxsize=4096)
def whole_country(text: str) -> str | None:
    """The country whose name a text is, or None."""
    return _codes().get(folded(text))


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    return {folded(name): code for code in _names() for name in reversed(country_names(code))}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, Mapping[str, str]]:
    # Loaded by its file: importing its package would load every place name there is, some 100 MB.
    file = Path(phonenumbers.__file__).parent / "geodata" / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} of the package phonenumbers cannot be loaded")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names: Mapping[str, Mapping[str, str]] = module.LOCALE_DATA
    return names
