"""People named in what is written, as ``@anna@example.com``: kept by who they are, so that whoever changes their
address is still meant, and of whoever leaves nothing stays behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

FORMER = "former member"
"""What is shown for somebody who is not in the workspace any more."""
_KEPT = re.compile(r"@\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")


def kept(text: str, people: Mapping[UUID, str]) -> str:
    """What was typed, with each of the ``people``, given with their addresses, kept by who they are."""
    if "@" not in text or not people:
        return text
    known = {email.casefold(): user for user, email in people.items()}
    # Not the beginning of a longer address that is nobody's here.
    either = "|".join(re.escape(email) for email in sorted(people.values(), key=len, reverse=True))
    named = re.compile(rf"(?<![\w.@])@({either})(?![\w@-]|\.\w)", re.IGNORECASE)
    return named.sub(lambda match: mark(known[match[1].casefold()]), text)


def mark(user: UUID) -> str:
    """How somebody who is named is kept."""
    return f"@{{{user}}}"


def named(text: str) -> tuple[UUID, ...]:
    """Who is named in a kept text, each once."""
    return tuple(dict.fromkeys(UUID(found) for found in _KEPT.findall(text)))


def shown(text: str, people: Mapping[UUID, str]) -> str:
    """A kept text as people read and type it."""
    return _KEPT.sub(lambda match: f"@{people.get(UUID(match[1]), FORMER)}", text)
