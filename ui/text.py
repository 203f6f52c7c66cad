"""Showing data as itself: no markdown, no markup, whatever a source or a person typed."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")
# ":tada:" becomes a picture after the markdown is read, so escaping does not help; a joiner nobody sees does.
_PICTURE = re.compile(r":(?=[\w+\-/]+:)")
# Bare addresses become links after the escapes are read, too.
_ADDRESS = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<![A-Za-z])www(?=\.)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: str | None) -> str:
    """Escape ``text`` so that Streamlit's markdown shows it literally, on one line.

    CommonMark lets a backslash escape every ASCII punctuation character (section 2.4), which also stops
    images, links, bare addresses, HTML and Streamlit's own ``:directives``.
    """
    folded = _ADDRESS.sub(_joined, _PICTURE.sub(_joined, " ".join((text or "").split())))
    return _PUNCTUATION.sub(lambda match: "\\" + match.group(), folded)


def someone(said: str) -> str:
    """A text that says by an address who somebody is, as ``plain`` shows it, and without a link to write to them."""
    return plain(said).replace("\\@", f"{_WORD_JOINER}\\@")


def written(text: str, people: Sequence[str] = ()) -> str:
    """What somebody wrote, line by line as ``someone`` shows it; ``@`` with the address of one of the ``people`` stands
    out."""
    said = "  \n".join(someone(line) for line in text.splitlines() if line.strip())
    if not people:
        return said
    named = "|".join(re.escape(someone(f"@{email}")) for email in sorted(people, key=len, reverse=True))
    return re.sub(rf"(?<!\w)({named})(?![\w-])", r"**\1**", said)


def _joined(match: re.Match[str]) -> str:
    return match.group() + _WORD_JOINER
