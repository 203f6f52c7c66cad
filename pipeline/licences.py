"""Licences of open data: their SPDX identifiers, and what people call them.

Identifiers and expressions: https://spdx.org/licenses/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ODBL = "ODbL-1.0"
_NAMES: Mapping[str, str] = {
    ODBL: "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/",
    "CDLA-Permissive-2.0": "Community Data License Agreement – Permissive 2.0, https://cdla.dev/permissive-2-0/",
    "Apache-2.0": "Apache License 2.0, https://www.apache.org/licenses/LICENSE-2.0",
    "CC0-1.0": "CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/",
    "OGL-UK-3.0": "Open Government Licence v3.0,"
    " https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "CC-BY-4.0": "Creative Commons Attribution 4.0, https://creativecommons.org/licenses/by/4.0/",
}
_AND = " AND "


def together(licences: Iterable[str]) -> str:
    """The licence of what is made of parts under several."""
    return _AND.join(sorted({one for licence in licences for one in licence.split(_AND) if one}))


def in_words(licence: str) -> str:
    """What people call a licence, with where it stands; one that is not known here is called by its identifier."""
    return "; ".join(_NAMES.get(one, one) for one in licence.split(_AND))
