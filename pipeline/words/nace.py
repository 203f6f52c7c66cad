"""Classes of economic activity, as registers state them, in the words of this project.

``nace.csv`` holds a kind a line and the codes that mean it: classes, groups and divisions of NACE Rev. 2, of which the
finest that is there counts. Finland's TOL 2008 and the United Kingdom's SIC 2007 add a fifth digit; what one of them,
or NACE Rev. 2.1 (TOL 2025), means otherwise stands behind an ``@``.
Classes: https://ec.europa.eu/eurostat/web/nace
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from pipeline.words.kinds import mapped

_CODE = re.compile(r"\d{2,5}")


class Scheme(StrEnum):
    """Whose codes they are."""

    FINLAND = "fi"
    UNITED_KINGDOM = "gb"
    REVISED = "2025"


@lru_cache(maxsize=4096)
def kind_of(code: str, scheme: Scheme) -> str | None:
    """The kind of business a code of two to five digits means, or ``NO_BUSINESS``; None for one that is no code."""
    digits = code.replace(".", "")
    if not _CODE.fullmatch(digits):
        return None
    known = mapped("nace.csv")
    tried = (name for end in range(len(digits), 1, -1) for name in (f"{digits[:end]}@{scheme}", digits[:end]))
    return next((known[name] for name in tried if name in known), None)
