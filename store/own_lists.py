"""Lists of companies to look up, uploaded or chosen from the book: ordered once, read by the campaign, then gone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.campaign import LEAD_BOOK, LISTED_AS, OWN_LIST
from pipeline.imports.own_list import OwnList, file_of
from pipeline.lead import BOOK_COMPANY, Business
from store.businesses import business_of
from store.found_values import as_found
from store.lead_rows import lead_of
from store.leases import Lease

REMOVED = "Name removed"
"""What a company is called whose name was not to be kept for so long (``forget_values`` in the database)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Companies of the book as their sources knew them, before look-ups and corrections; ``is_simulated``: some come
    from a stand-in."""

    businesses: tuple[Business, ...]
    is_simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Orderable:
    """A list that waits to be ordered: how many of its rows can be used, how many companies that were chosen cannot be
    looked up, and how many of the others have neither website nor e-mail address."""

    id: UUID
    name: str
    companies: int
    is_of_book: bool
    left_out: int = 0
    bare: int = 0

    @property
    def whom(self) -> dict[str, object]:
        """What an order of it holds in place of whom to look for, where and in which sources."""
        return {
            "business_types": (LISTED_AS,),
            "location": self.name,
            "sources": (LEAD_BOOK if self.is_of_book else OWN_LIST,),
            "own_list": self.id,
        }


def read(conn: Connection, workspace_id: UUID, list_id: UUID) -> OwnList | None:
    """A list that was checked or ordered, with its file; None when it is not kept any more."""
    row = conn.execute(
        sa.text("""
            select l.id, l.name, f.data, f.columns, f.country,
                cast(l.created_at at time zone 'UTC' as date) as uploaded_on
            from lists l
            join list_files f on f.workspace_id = l.workspace_id and f.list_id = l.id
            where l.workspace_id = :workspace
                and l.id = :id
                and l.kind = 'own'
                and l.state in ('checked', 'ordered')
        """),
        {"workspace": workspace_id, "id": list_id},
    ).one_or_none()
    return (
        None
        if row is None
        else OwnList(**{**row._mapping, "data": bytes(row.data), "columns": tuple(row.columns.items())})
    )


def waiting(conn: Connection, workspace_id: UUID, list_id: UUID) -> Orderable | None:
    """A list that waits to be ordered; None when none does."""
    row = conn.execute(
        sa.text("""
            select l.id, l.name, l.rows - l.bad - l.repeated as companies, f.columns = '{}' as is_of_book,
                l.bad as left_out, case when f.columns = '{}' then (
                    select count(*)
                    from unnest(string_to_array(convert_from(f.data, 'UTF8'), E'\n')) as chosen (company)
                    join leads o on o.workspace_id = l.workspace_id
                        and o.company_id = cast(chosen.company as uuid)
                        and o.is_current
                    join businesses b on b.workspace_id = o.workspace_id and b.id = o.business_id
                    where b.domain is null and b.email is null
                ) else 0 end as bare
            from lists l
            join list_files f on f.workspace_id = l.workspace_id and f.list_id = l.id
            where l.workspace_id = :workspace and l.id = :id and l.kind = 'own' and l.state = 'checked'
        """),
        {"workspace": workspace_id, "id": list_id},
    ).one_or_none()
    return Orderable(**row._mapping) if row else None


def choose(
    conn: Connection, workspace_id: UUID, user_id: UUID, new: Orderable, companies: Sequence[UUID]
) -> None:
    """Store a list of companies of the book, ready to be ordered."""
    data = file_of(companies)
    named = {"workspace": workspace_id, "id": new.id}
    conn.execute(
        sa.text("""
            insert into lists (
                workspace_id, id, name, kind, state, sha256, created_by, rows, bad, known, companies
            )
            values (
                :workspace, :id, :name, 'own', 'checked', :sha256, :user, :rows, :left_out, :usable, :usable
            )
        """),
        {
            **named,
            "name": new.name,
            "sha256": hashlib.sha256(data).digest(),
            "user": user_id,
            "rows": new.companies + new.left_out,
            "left_out": new.left_out,
            "usable": new.companies,
        },
    )
    conn.execute(
        sa.text("""
            insert into list_files (workspace_id, list_id, data, columns)
            values (:workspace, :id, :data, '{}')
        """),
        {**named, "data": data},
    )


def let_older_go(conn: Connection, workspace_id: UUID, user_id: UUID, kept: int) -> None:
    """Of the lists a person chose from the book and ordered nothing of, only the newest are ``kept``."""
    conn.execute(
        sa.text("""
            delete from lists
            where workspace_id = :workspace
                and id in (
                    select l.id
                    from lists l
                    join list_files f on f.workspace_id = l.workspace_id and f.list_id = l.id
                    where l.workspace_id = :workspace
                        and l.created_by = :user
                        and l.state = 'checked'
                        and f.columns = '{}'
                    order by l.created_at desc, l.id desc
                    offset :kept
                )
        """),
        {"workspace": workspace_id, "user": user_id, "kept": kept},
    )


def chosen(conn: Connection, workspace_id: UUID, companies: Sequence[UUID]) -> Chosen:
    """Companies of the book by what sources said of them; those are left out that are gone, or whose name is."""
    values = {"workspace": workspace_id, "companies": list(companies)}
    rows = conn.execute(
        sa.text("""
            select *
            from leads
            where workspace_id = :workspace and company_id = any(:companies) and is_current
            order by company_id
        """),
        values,
    ).all()
    stored = conn.execute(
        sa.text("""
            select b.*, c.simulated
            from leads l
            join businesses b on b.workspace_id = l.workspace_id and b.id = l.business_id
            join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
            where l.workspace_id = :workspace and l.company_id = any(:companies) and l.is_current
        """),
        values,
    ).all()
    of_id = {row.id: row for row in stored}
    found: dict[str, Business] = {}
    simulated = False
    for row in rows:
        lead = as_found(lead_of(row), row.found).business
        business = _as_sources_know(business_of(of_id[row.business_id]), lead)
        if business.name != REMOVED and business.key not in found:
            details = {**business.details, BOOK_COMPANY: str(row.company_id)}
            found[business.key] = replace(business, details=details)
            simulated = simulated or of_id[row.business_id].simulated
    return Chosen(businesses=tuple(found.values()), is_simulated=simulated)


def _as_sources_know(business: Business, lead: Business) -> Business:
    """A business without what look-ups added. Where what a source gave was not to be kept, the company's own website
    may have said the same."""
    values = {
        name: getattr(lead, name)
        for name in ("name", "website", "domain")
        if getattr(business, name) in (None, REMOVED) and getattr(lead, name)
    }
    said = {name: lead.provenance[name] for name in values if name in lead.provenance}
    reasons = {name: why for name, why in business.empty_reasons.items() if name not in values}
    return replace(business, **values, provenance={**business.provenance, **said}, empty_reasons=reasons)


def order(conn: Connection, workspace_id: UUID, list_id: UUID, *, is_of_book: bool) -> bool:
    """Give a checked list to the campaign that is being ordered; False when it is not there any more, or not of the
    kind the order says."""
    done = conn.execute(
        sa.text("""
            update lists
            set state = 'ordered'
            where workspace_id = :workspace
                and id = :id
                and kind = 'own'
                and state = 'checked'
                and exists (
                    select
                    from list_files f
                    where f.workspace_id = lists.workspace_id
                        and f.list_id = lists.id
                        and (f.columns = '{}') = :is_of_book
                )
        """),
        {"workspace": workspace_id, "id": list_id, "is_of_book": is_of_book},
    )
    return bool(done.rowcount)


def let_go(conn: Connection, lease: Lease) -> None:
    """The campaign has stored what its list says: the list goes, with its file."""
    conn.execute(sa.text("select own_list_let_go(:campaign)"), {"campaign": lease.campaign_id})
