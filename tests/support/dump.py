"""Everything a database holds, as text: what is looked for and not found is nowhere."""

from __future__ import annotations

from tests.support.servers import Database, rows

_TABLES = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"
)


def holding(database: Database, *values: str) -> dict[str, list[str]]:
    """Which of the values each table holds in any column, whatever the letter case; tables without any are left out."""
    found: dict[str, list[str]] = {}
    for (table,) in rows(database.superuser_url, _TABLES):
        text = "\n".join(
            str(row).casefold() for (row,) in rows(database.superuser_url, f'select t::text from "{table}" t')
        )
        if held := [value for value in values if value.casefold() in text]:
            found[str(table)] = held
    return found
