"""More companies in a book than anybody has time to find: copies of one, made within the database."""

from __future__ import annotations

from tests.support.servers import Database, change, rows


def copied(database: Database, times: int) -> None:
    """Add so many copies of the first lead that was stored, each of a company of its own. No trigger runs."""
    lead = {
        "id": "uuidv7()",
        "company_id": "k.company_id",
        "business_id": "uuidv7()",
        "name": "o.name || ' ' || k.n",
    }
    change(
        database.superuser_url,
        f"""
            set session_replication_role = replica;
            create temporary table copies as
                select id as lead_id, company_id as original, uuidv7() as company_id, n
                from (select id, company_id from leads order by id limit 1) as first, generate_series(1, {times}) as n;
            {_insert(database, "companies", {"id": "k.company_id"})} join companies o on o.id = k.original;
            {_insert(database, "leads", lead)} join leads o on o.id = k.lead_id;
        """,
    )


_UNIQUE = {
    "uuid": "gen_random_uuid()",
    "bigint": "1000000 + k.n",
    "text": "o.{name} || ' ' || k.n",
    "integer": "1000000 + k.n",
    "bytea": "sha256(convert_to(k.n::text, 'UTF8'))",
}
_KEYS = (
    "id",
    "key",
    "match_key",
    "argument_hash",
    "idem_key",
    "business_id",
    "company_id",
    "email",
    "attempt",
)


def multiplied(database: Database, table: str, times: int, where: str, **changed: str) -> None:
    """Add so many copies of a row of any table, with keys of their own. No trigger runs."""
    keys = rows(
        database.superuser_url,
        "select column_name, data_type from information_schema.columns where table_schema = 'public'"
        f" and table_name = '{table}' and column_name in {_KEYS}",
    )
    own = {str(name): _UNIQUE[str(kind)].format(name=name) for name, kind in keys}
    insert = _insert(database, table, own | changed).replace("select", "overriding system value select", 1)
    change(
        database.superuser_url,
        f"""
            set session_replication_role = replica;
            create temporary table copies as select generate_series(1, {times}) as n;
            {insert}, (select * from {table} where {where} limit 1) o
        """,
    )


def _insert(database: Database, table: str, changed: dict[str, str]) -> str:
    """The beginning of the statement that copies rows ``o`` but for what is changed."""
    stored = rows(
        database.superuser_url,
        "select column_name from information_schema.columns"
        f" where table_name = '{table}' and table_schema = 'public' and is_generated = 'NEVER'",
    )
    names = [str(name) for (name,) in stored]
    values = [changed.get(name, f"o.{name}") for name in names]
    return f"insert into {table} ({', '.join(names)}) select {', '.join(values)} from copies k"
