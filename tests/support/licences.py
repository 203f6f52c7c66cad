"""The licences of what ProspectPro runs on, and which ones it can be shipped with.

``python -m tests.support.licences`` writes ``docs/licences.md`` anew.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata

from packaging.requirements import Requirement

import settings

LOCK = settings.PROJECT_ROOT / "requirements.lock"
FILE = settings.PROJECT_ROOT / "docs" / "licences.md"

_PERMISSIVE = "permissive: keep the notice"
_WEAK = "copyleft that ends at its own files: used unchanged, as a library of its own"
_LIBRARY = "copyleft that ends at the library: used unchanged, and replaceable by anybody"
# SPDX identifier to why a package under it may be installed with an application under the MIT licence.
ALLOWED = {
    "0BSD": "asks for nothing",
    "Apache-2.0": _PERMISSIVE,
    "BSD-2-Clause": _PERMISSIVE,
    "BSD-3-Clause": _PERMISSIVE,
    "CC0-1.0": "asks for nothing",
    "ISC": _PERMISSIVE,
    "LGPL-2.1": _LIBRARY,
    "LGPL-3.0-or-later": _LIBRARY,
    "LicenseRef-Repoze": "BSD-3-Clause that also forbids the names of trademarks and asks to say what was changed",
    "MIT": _PERMISSIVE,
    "MIT-0": "asks for nothing",
    "MIT-CMU": _PERMISSIVE,
    "MPL-2.0": _WEAK,
    "PSF-2.0": _PERMISSIVE,
    "Unlicense": "asks for nothing",
    "Zlib": _PERMISSIVE,
}
# What packages say that name no SPDX identifier; each was compared with the text of the licence they bring.
_SAID = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD-derived (http://www.repoze.org/LICENSE.txt)": "LicenseRef-Repoze",
    # Of python-dateutil: either, but for what was contributed before 2017, which is BSD alone.
    "Dual License": "BSD-3-Clause AND Apache-2.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "LGPL with exceptions": "LGPL-3.0-or-later",
    "MIT License": "MIT",
}
_HEAD = """\
# Licences

ProspectPro is under the [MIT licence](../LICENSE). These are the packages it installs
([requirements.lock](../requirements.lock)) with their licences as SPDX identifiers, written by `make licences` from
what the packages say. A package whose licence is not in the first table fails a test: licences that reach over to what
uses them (GPL, AGPL), that restrict who may use a program or what for (SSPL, BUSL, non-commercial ones), and none.

The open data that comes along has [licences of its own](open-data.md).

"""


def names() -> list[str]:
    """The packages that are installed here to run ProspectPro, those they need themselves included."""
    lines = [line.rstrip(" \\") for line in LOCK.read_text().splitlines() if re.match(r"\w", line)]
    pins = [Requirement(line) for line in lines]
    return sorted({pin.name for pin in pins if pin.marker is None or pin.marker.evaluate()})


def licence(name: str) -> str:
    """The licence of an installed package as SPDX identifiers with AND and OR; its own words when they are others."""
    about = metadata(name)
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    said = [
        *(about.get_all("License-Expression") or []),
        # It may hold the whole text instead of a name.
        *(text for text in about.get_all("License") or [] if "\n" not in text),
        *(line.rpartition(" :: ")[2] for line in classifiers),
    ]
    return next((_SAID.get(text, text) for text in said), "none")


def refused(expression: str) -> set[str]:
    """The parts of an expression that are not allowed; of alternatives, too, each has to be."""
    parts = {part.strip() for part in re.split(r"\b(?:AND|OR)\b|[()]", expression)} - {""}
    return parts - set(ALLOWED)


def page() -> str:
    """``docs/licences.md`` as it should be."""
    allowed = [f"| {name} | {why} |" for name, why in ALLOWED.items()]
    packages = [f"| {name} | {licence(name)} |" for name in names()]
    tables = ["| licence | why |", "|---|---|", *allowed, "", "| package | licence |", "|---|---|", *packages]
    return _HEAD + "\n".join(tables) + "\n"


if __name__ == "__main__":
    FILE.write_text(page())
