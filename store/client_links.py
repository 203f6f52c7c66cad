"""Client links: who made which, and what the database answers to the key of one.

What a link holds is derived from APP_SECRET and its id, so that it can be shown again; the table keeps a hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

import settings
from pipeline.lead import Origin
from store.database import secret_for
from store.ids import as_array, new_id

PATH = "/shared/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A link as those who may take leads see it, to a campaign, to files of a schedule, or else to a view."""

    id: UUID
    name: str
    shows: str
    campaign_id: UUID | None
    schedule_id: UUID | None
    made_by: UUID
    maker: str
    shows_contacts: bool
    allows_download: bool
    has_password: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    is_open: bool
    views: int
    viewed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link about to be stored."""

    id: UUID
    name: str
    days: int
    password_hash: str | None = field(repr=False)
    shows_contacts: bool
    allows_download: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a key opens; ``shows`` is None until the password was given."""

    shows: str | None
    shows_contacts: bool
    allows_download: bool
    expires_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLead:
    """One row of the page, with all that is on it, and the origins to credit for it, without what they are there."""

    id: UUID
    name: str
    category: str
    place: str | None
    website: str | None
    opening_hours: str | None
    email: str | None
    phone: str | None
    confidence: int
    is_simulated: bool
    origins: tuple[Origin, ...]


class TooManyLinks(Exception):
    """The workspace has as many open links as one may have."""


def address_of(link_id: UUID) -> str:
    """The whole link. Raises SettingsError without an APP_SECRET."""
    return f"{settings.get().address()}{PATH}{_token_of(link_id)}"


def _token_of(link_id: UUID) -> str:
    return link_id.hex + secret_for(f"client link {link_id}")


def hash_of(token: str) -> bytes:
    """What the database knows the key of a link or a visit by."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def add(
    conn: Connection,
    whose: tuple[UUID, UUID],
    link: NewLink,
    shows: str,
    *,
    campaign_id: UUID | None = None,
    schedule_id: UUID | None = None,
) -> None:
    """Keep a link of ``whose`` (workspace and person) to a campaign, the files of a schedule, or nothing yet; ``shows``
    says to what. Raises TooManyLinks, and SettingsError without an APP_SECRET."""
    values = {
        "workspace": whose[0], "user": whose[1], "id": link.id, "name": link.name, "shows": shows,
        "campaign": campaign_id, "schedule": schedule_id, "token": hash_of(_token_of(link.id)),
        "password": link.password_hash, "contacts": link.shows_contacts, "download": link.allows_download,
        "days": link.days,
    }  # fmt: skip
    try:
        conn.execute(
            sa.text("""
                insert into client_links (workspace_id, id, made_by, name, shows, campaign_id, schedule_id, token_hash,
                    password_hash, shows_contacts, allows_download, expires_at)
                values (:workspace, :id, :user, :name, :shows, :campaign, :schedule, :token, :password, :contacts,
                    :download, now() + make_interval(hours => 24 * :days))
            """),
            values,
        )
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") != "client_links_most":
            raise
        raise TooManyLinks from None


def put_in(conn: Connection, workspace_id: UUID, link_id: UUID, companies: Sequence[UUID]) -> None:
    """Have a link that is of no campaign show these companies."""
    conn.execute(
        sa.text("""
            insert into client_link_companies (workspace_id, link_id, company_id)
            select :workspace, :link, company
            from unnest(cast(:companies as uuid[])) company
        """),
        {"workspace": workspace_id, "link": link_id, "companies": as_array(companies)},
    )


def listing(conn: Connection, workspace_id: UUID, most: int) -> list[LinkRow]:
    """The links of a workspace, the newest first; those that ended as well."""
    rows = conn.execute(
        sa.text("""
            select l.id, l.name, l.shows, l.campaign_id, l.schedule_id, l.made_by, u.email as maker, l.shows_contacts,
                l.allows_download, l.has_password, l.created_at, l.expires_at, l.revoked_at,
                l.revoked_at is null and l.expires_at > now() and m.role <> 'viewer' as is_open, l.views, l.viewed_at
            from client_links l
            join memberships m on m.workspace_id = l.workspace_id and m.user_id = l.made_by
            join users u on u.id = l.made_by
            where l.workspace_id = :workspace
            order by l.created_at desc, l.id desc
            limit :most
        """),
        {"workspace": workspace_id, "most": most},
    )
    return [LinkRow(**row._mapping) for row in rows]


def revoke(conn: Connection, workspace_id: UUID, link_id: UUID) -> bool:
    """Close a link; False when there is no open one, or it is somebody else's to close."""
    return bool(
        conn.execute(
            sa.text("select client_link_revoke(:workspace, :link)"),
            {"workspace": workspace_id, "link": link_id},
        ).scalar_one()
    )


def see(conn: Connection, key: bytes, visit: bytes) -> Offer | None:
    """What a key opens for a browser; None when it opens nothing."""
    row = conn.execute(
        sa.text("select * from client_link_see(:key, :visit)"), {"key": key, "visit": visit}
    ).one_or_none()
    return None if row is None else Offer(**row._mapping)


def try_password(conn: Connection, key: bytes) -> tuple[str, bool] | None:
    """Count a password before it is compared: what to derive it with, and whether there were too many; None for a key
    that asks for none."""
    row = conn.execute(sa.text("select * from client_link_try(:key)"), {"key": key}).one_or_none()
    return None if row is None else (row.parameters, row.refused)


def enter(conn: Connection, key: bytes, derived: str, visit: bytes) -> bool:
    """Let a browser read from now on; False when the password is another one."""
    return bool(
        conn.execute(
            sa.text("select client_link_enter(:key, :derived, :visit)"),
            {"key": key, "derived": derived, "visit": visit},
        ).scalar_one()
    )


def leads(
    conn: Connection,
    door: tuple[bytes, bytes],
    kept_here: Collection[str],
    after: tuple[int, UUID] | None,
    most: int,
) -> list[SharedLead]:
    """Rows behind one of them, the surest first, by key and visit; ``kept_here`` are origins whose values stay."""
    rows = conn.execute(
        sa.text("""
            select *
            from client_link_leads(:key, :visit, cast(:kept as text[]), :confidence, cast(:after as uuid), :most)
        """),
        {
            **dict(zip(("key", "visit"), door, strict=True)),
            **dict(zip(("confidence", "after"), after or (None, None), strict=True)),
            "kept": sorted(kept_here),
            "most": most,
        },
    )
    return [
        SharedLead(**{**row._mapping, "origins": tuple(Origin(**each) for each in row.origins)})
        for row in rows
    ]


def was_viewed(conn: Connection, key: bytes, visit: bytes) -> None:
    """Count a view."""
    conn.execute(sa.text("select client_link_viewed(:key, :visit)"), {"key": key, "visit": visit})


def was_taken(conn: Connection, door: tuple[bytes, bytes], leads: Sequence[UUID], data: bytes) -> str:
    """Note that a file left; ``closed`` when the link allows none, ``too_many`` after twenty in an hour."""
    return str(
        conn.execute(
            sa.text("select client_link_taken(:key, :visit, :export, cast(:leads as uuid[]), :sha)"),
            {
                "key": door[0],
                "visit": door[1],
                "export": new_id(),
                "leads": as_array(leads),
                "sha": hashlib.sha256(data).digest(),
            },
        ).scalar_one()
    )
