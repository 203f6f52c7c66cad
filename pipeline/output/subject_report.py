"""What is held about somebody, as a file for them: JSON for programs, text for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Told: TypeAlias = "Mapping[str, Told] | Sequence[Told] | str | int | bool | None"
"""What a report says."""


def as_json(report: Mapping[str, Told]) -> bytes:
    """The report for programs."""
    return json.dumps(report, ensure_ascii=False, indent=2).encode()


def as_text(report: Mapping[str, Told]) -> bytes:
    """The report for people: every value on a line under its title."""
    return "\n".join(["WHAT IS HELD ABOUT YOU", "", *_lines(report, "")]).encode() + b"\n"


def _lines(told: Mapping[str, Told], indent: str) -> Iterator[str]:
    for name, value in told.items():
        title = name.replace("_", " ").capitalize()
        if isinstance(value, Mapping):
            yield f"{indent}{title}:"
            yield from _lines(value, f"{indent}  ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{indent}{title}: {len(value) or 'none'}"
            for number, item in enumerate(value, start=1):
                if isinstance(item, Mapping):
                    yield f"{indent}  {number}."
                    yield from _lines(item, f"{indent}     ")
                else:
                    yield f"{indent}  {number}. {item}"
        elif value is not None:
            yield f"{indent}{title}: {'yes' if value is True else 'no' if value is False else value}"
