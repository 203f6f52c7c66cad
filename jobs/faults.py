"""The traceback of a fault of ours as administrators may read it: where it happened and what kind it was, without what
it was about."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from traceback import StackSummary, TracebackException

from pydantic import SecretStr

import settings

_MOST_FRAMES, _MOST_ERRORS, _LONGEST = 40, 5, 500
_GONE = "…"
_LIBRARIES = tuple(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib"))
# What a message may be about: addresses, hosts, keys, numbers, values of a row.
_ABOUT = (
    re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE),
    re.compile(r"[^\s@'\"<>()=]+@[^\s@'\"<>()]+"),
    re.compile(r"=\(.*?\)(?= |$|\n)"),
    re.compile(r"(?<![\w/.-])/[\w./-]+"),
    re.compile(r"\b(?=[\w-]*\d)[\w-]{16,}\b"),
    re.compile(r"\b(?:[\w-]+\.)+[a-z]{2,}\b(?!\()"),
    re.compile(r"\+?\d[\d ()/.-]{5,}\d"),
)
_QUOTED = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_OUR_NAME = re.compile(r"['\"][a-z_][a-z0-9_]*['\"]")


def told(error: BaseException) -> str:
    """The error with the lines of code that led to it, the newest last, and those that caused it before it."""
    return "\n".join(_lines(TracebackException.from_exception(error)))[-20_000:]


def without_values(text: str) -> str:
    """What an error says, without the values it names: secrets, addresses, numbers and quoted text."""
    for secret in _secrets():
        text = text.replace(secret, _GONE)
    text = _QUOTED.sub(_unquoted, text)
    for about in _ABOUT:
        text = about.sub(_GONE, text)
    return text


def _unquoted(found: re.Match[str]) -> str:
    is_ours = _OUR_NAME.fullmatch(found[0]) or found.string.startswith(" object", found.end())
    return found[0] if is_ours else f"'{_GONE}'"


def _lines(error: TracebackException, depth: int = 0) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and depth < _MOST_ERRORS:
        yield from _lines(before, depth + 1)
        yield "and then:"
    yield from _frames(error.stack)
    # Its first line: of a database the rest is the statement, of a check the values it was given.
    said = ((str(error) or "").splitlines() or [""])[0]
    kind = error.exc_type.__name__ if error.exc_type else "Error"
    yield f"{kind}: {without_values(said)[:_LONGEST]}"


def _frames(stack: StackSummary) -> Iterator[str]:
    frames = list(stack)
    if len(frames) > _MOST_FRAMES:
        yield f"  {_GONE} {len(frames) - _MOST_FRAMES} more"
    for frame in frames[-_MOST_FRAMES:]:
        yield f"  {_place(Path(frame.filename))}:{frame.lineno} in {frame.name}"
        if frame.line:
            yield f"    {frame.line}"


def _place(file: Path) -> str:
    """A file within the project, or within the library it belongs to."""
    for folder in (*_LIBRARIES, settings.PROJECT_ROOT):
        if file.is_relative_to(folder):
            return file.relative_to(folder).as_posix()
    return file.name


def _secrets() -> Iterator[str]:
    """Every secret of the settings that is long enough to be one, the longest first."""
    values = (value for _, value in settings.get() if isinstance(value, SecretStr))
    shortest = 6
    found = {value.get_secret_value() for value in values}
    yield from sorted((text for text in found if len(text) >= shortest), key=len, reverse=True)
