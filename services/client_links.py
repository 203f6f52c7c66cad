"""Links by which a client without an account reads leads: made, listed and closed by who may take leads away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

import settings
from services import identity, passwords
from services.campaigns import owned
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.names import named
from services.permissions import NEEDS_ACCOUNT, Right, may, require
from store import book, client_links
from store.client_links import LinkRow as LinkRow
from store.client_links import NewLink, TooManyLinks
from store.database import Connection, Role, transaction
from store.ids import new_id

USUAL_DAYS: Final = 14
MOST_DAYS: Final = 90
MAX_NAME: Final = 100
MOST_COMPANIES: Final = 5_000
"""Companies that a link of a view shows; our own choice, more than anybody reads."""
MOST_SHOWN: Final = 200
"""Links that are listed; a hundred may be open at once."""
SHEET_FILE: Final = "/leads.csv"
"""What follows a link where the file is asked for."""
SHEET: Final = "A spreadsheet"
"""Whom a link to the files of a schedule is for."""
_TOO_MANY = "This workspace has 100 open links. Close one first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a link is to be like. ``name`` is whom it is for; an empty password asks for none."""

    name: str
    days: int = USUAL_DAYS
    password: str = field(default="", repr=False)
    shows_contacts: bool = False
    allows_download: bool = False


def make_for_campaign(person: Person, campaign_id: UUID, wish: Wish) -> UUID:
    """A link to all leads of a campaign, also those that are still to come; returns its id.

    Raises NotAllowed, NotFound, Invalid for ``name``, ``days`` and ``password``, and Conflict for too many links.
    """
    require(person, Right.EXPORT_LEADS)
    link = _checked(person, wish)
    with transaction(Role.WEB, proof=person.proof) as conn:
        title = owned(conn, person, campaign_id).title
        _add(conn, person, link, title, campaign_id=campaign_id)
    return link.id


def make_for_view(person: Person, filter: LeadFilter, today: date, shows: str, wish: Wish) -> UUID:
    """A link to the companies of the book that a filter lets through now, under the name ``shows``; returns its id.

    Companies that match later are not on it; of those that are, it shows what is newest.

    Raises NotAllowed, Invalid for ``name``, ``days``, ``password``, ``title`` and a filter that lets none or too many
    through, and Conflict for too many links.
    """
    require(person, Right.EXPORT_LEADS)
    title, link = _titled(shows), _checked(person, wish)
    with transaction(Role.WEB, proof=person.proof) as conn:
        companies = book.company_ids(conn, person.workspace_id, filter.where(today))
        if not companies:
            raise Invalid("No company matches these filters, so there is nothing to show.")
        if len(companies) > MOST_COMPANIES:
            raise Invalid(f"A link shows {MOST_COMPANIES:,} companies at most. Narrow the filters first.")
        _add(conn, person, link, title)
        client_links.put_in(conn, person.workspace_id, link.id, companies)
    return link.id


def add_sheet(conn: Connection, person: Person, schedule_id: UUID, shows: str, days: int) -> None:
    """A link to the newest file of a schedule of the person's, where they have none that is open.

    Raises Conflict for too many links, and without APP_SECRET.
    """
    rows = client_links.listing(conn, person.workspace_id, MOST_SHOWN)
    if any(row.schedule_id == schedule_id and row.is_open for row in rows):
        return
    link = _checked(person, Wish(name=SHEET, days=days, shows_contacts=True, allows_download=True))
    try:
        client_links.add(conn, (person.workspace_id, person.id), link, shows, schedule_id=schedule_id)
    except TooManyLinks:
        raise Conflict(_TOO_MANY) from None


def listing(person: Person) -> tuple[LinkRow, ...]:
    """The links of the workspace, the newest first, those that ended as well. Raises NotAllowed."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(client_links.listing(conn, person.workspace_id, MOST_SHOWN))


def revoke(person: Person, link_id: UUID) -> None:
    """Close a link for good. Raises NotAllowed, and NotFound when it is not open, or somebody else's to close."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not client_links.revoke(conn, person.workspace_id, link_id):
            raise NotFound("This link is closed already, or only who made it or an admin may close it.")


def may_revoke(person: Person, row: LinkRow) -> bool:
    """Whether closing it is offered: to who made it, and to admins."""
    return row.is_open and (row.made_by == person.id or may(person, Right.MANAGE_PEOPLE))


def address(link_id: UUID) -> str:
    """The link itself, to be sent to the client. Raises Conflict on a web server without APP_SECRET."""
    try:
        return client_links.address_of(link_id)
    except settings.SettingsError:
        raise Conflict(identity.NO_SECRET) from None


def formula(link_id: UUID) -> str:
    """What a cell of Google Sheets holds to show the file that a link gives. Raises Conflict as ``address`` does."""
    return f'=IMPORTDATA("{address(link_id)}{SHEET_FILE}")'


def _titled(shows: str) -> str:
    try:
        return named(shows, MAX_NAME)
    except Invalid:
        raise Invalid({"title": f"Type a title of 1 to {MAX_NAME} characters."}) from None


def _checked(person: Person, wish: Wish) -> NewLink:
    if person.guest_until is not None:
        raise NotAllowed(NEEDS_ACCOUNT)
    name = named(wish.name, MAX_NAME, "Say whom the link is for, in")
    if not 1 <= wish.days <= MOST_DAYS:
        raise Invalid({"days": f"A link is open for 1 to {MOST_DAYS} days."})
    if wish.password:
        passwords.check_new(wish.password, person.email)
    link_id = new_id()
    address(link_id)
    return NewLink(
        id=link_id,
        name=name,
        days=wish.days,
        password_hash=passwords.hash_new(wish.password) if wish.password else None,
        shows_contacts=wish.shows_contacts,
        allows_download=wish.allows_download,
    )


def _add(
    conn: Connection, person: Person, link: NewLink, shows: str, *, campaign_id: UUID | None = None
) -> None:
    try:
        client_links.add(conn, (person.workspace_id, person.id), link, shows, campaign_id=campaign_id)
    except TooManyLinks:
        raise Conflict(_TOO_MANY) from None
