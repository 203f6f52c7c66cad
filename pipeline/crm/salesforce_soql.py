"""Queries in Salesforce's language, SOQL, with texts of ours in them.

Escapes: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm.
An address may be long, but queries grow on their way, so that 2,000 characters are advised:
https://help.salesforce.com/s/articleView?id=000386264.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_LONGEST = 1_200
"""Characters of the conditions of one query."""


def queries(fields: str, what: str, conditions: Sequence[str]) -> Iterator[str]:
    """Queries for the records that meet one of the conditions, each with the oldest first."""
    while conditions:
        count = _fitting(conditions)
        where = " OR ".join(conditions[:count])
        yield f"SELECT {fields} FROM {what} WHERE {where} ORDER BY CreatedDate, Id"  # noqa: S608 - texts are quoted
        conditions = conditions[count:]


def quoted(value: str) -> str:
    """A text as a literal."""
    return f"'{_escaped(value)}'"


def containing(value: str) -> str:
    """A literal for LIKE that every text with the value in it is like."""
    return f"'%{_escaped(value).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%'"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _fitting(conditions: Sequence[str]) -> int:
    """How many of the conditions one query holds; one at least."""
    length = 0
    for count, condition in enumerate(conditions):
        length += len(condition)
        if count and length > _LONGEST:
            return count
    return len(conditions)
