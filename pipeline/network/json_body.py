"""JSON as providers send it: what can be read of an answer, and what of it cannot.

One number that is none in one item of a list must not cost a whole answer that was paid for. So whatever no JSON is,
or no program can hold, becomes a marker in its place; whoever reads a list leaves out the items that hold one.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from pipeline.money.calls import Json

_MAX_DEPTH = 64
_MAX_DIGITS = 100
"""More digits than any count, id or amount has; Python itself refuses to read more than 4,300."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[\[\]{}]', re.DOTALL)


class _Unreadable:
    """Stands where an answer holds what cannot be read; no model accepts it as a value of anything."""


_UNREADABLE = _Unreadable()


def strict_json(content: bytes) -> Json:
    """The JSON value of a UTF-8 text, or None for anything else: NaN, Infinity, endless nesting, a name given twice in
    one object, other encodings. What no database stores as text (NUL, half characters) is replaced."""
    value = lenient_json(content)
    return value if is_readable(value) else None


def lenient_json(content: bytes) -> Json:
    """As ``strict_json``, but only the parts that cannot be read are lost: each has a marker in its place, which
    ``is_readable`` finds. None when nothing can be read. A value with a marker must not be stored."""
    try:
        value = _clean(_parsed(content.decode("utf-8-sig")), _MAX_DEPTH)
    except (ValueError, RecursionError):
        return None
    json_value: Json = None if isinstance(value, _Unreadable) else value
    return json_value


def is_readable(value: object) -> bool:
    """Whether a value of ``lenient_json`` is free of markers."""
    if isinstance(value, dict):
        return all(map(is_readable, value.values()))
    if isinstance(value, list):
        return all(map(is_readable, value))
    return not isinstance(value, _Unreadable)


def readable_items(raw: object) -> list[Any]:
    """The items of a list that can be read whole; of anything but a list there are none."""
    return [item for item in raw if is_readable(item)] if isinstance(raw, list) else []


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return _loads(text)
    except RecursionError:
        return _loads(_shallow(text))


def _loads(text: str) -> Any:  # noqa: ANN401 - whatever was sent
    return json.loads(
        text,
        parse_constant=lambda _: _UNREADABLE,
        parse_float=_finite,
        parse_int=_whole,
        object_pairs_hook=_fields,
    )


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Unreadable:
    """Of two values under one name nobody can say which was meant (RFC 8259 §4)."""
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else _UNREADABLE


def _finite(text: str) -> float | _Unreadable:
    number = float(text)
    return number if math.isfinite(number) else _UNREADABLE


def _whole(text: str) -> int | _Unreadable:
    return int(text) if len(text) <= _MAX_DIGITS else _UNREADABLE


def _clean(value: Any, levels: int) -> Any:  # noqa: ANN401 - whatever was sent
    """The value as it can be stored, no deeper than so many levels."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if not isinstance(value, dict | list):
        return value
    if levels == 0:
        return _UNREADABLE
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("\ufffd", name): _clean(item, levels - 1) for name, item in value.items()}
    return [_clean(item, levels - 1) for item in value]


def _shallow(text: str) -> str:
    """The text with a marker for everything nested too deep for the parser."""
    kept: list[str] = []
    depth = start = 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            if depth == _MAX_DEPTH:
                kept += [text[start : token.start()], "NaN"]
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
            if depth == _MAX_DEPTH:
                start = token.end()
    return "".join([*kept, text[start:] if depth <= _MAX_DEPTH else ""])
