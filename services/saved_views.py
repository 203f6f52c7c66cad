"""Views of leads: filters, order and columns of a list under a name, one's own or shared with the workspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from uuid import UUID

from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.names import named
from services.permissions import Right, require
from store import saved_views
from store.database import Connection, Role, transaction
from store.ids import new_id
from store.saved_views import Query as Query
from store.saved_views import SavedView as SavedView

MAX_NAME = 60
"""Characters of a view's name; our own choice."""
MOST_VIEWS = 100
"""Views one person may keep of a list; our own choice, more than a menu can show."""
_MOST_VALUES, _LONGEST_VALUE = 200, 200
_GONE = "That view is gone, or only its maker or an admin may change it."


class Listing(StrEnum):
    """Which list a view is of: all leads, or those of one campaign."""

    BOOK = "book"
    CAMPAIGN = "campaign"


def views(person: Person, listing: Listing) -> tuple[SavedView, ...]:
    """The views the person sees, their own first."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(saved_views.views(conn, person.workspace_id, person.id, listing.value))


def save(person: Person, listing: Listing, name: str, query: Query) -> UUID:
    """Keep what an address holds as a view of one's own; returns its id.

    Raises Conflict for a name that is taken, and Invalid for what cannot be kept.
    """
    view_id, title, kept = new_id(), named(name, MAX_NAME), _query(query)
    view = (view_id, listing.value, title)
    with _naming(title), transaction(Role.WEB, proof=person.proof) as conn:
        if not saved_views.add(conn, person.workspace_id, person.id, view, kept, MOST_VIEWS):
            raise Invalid({"name": f"You have {MOST_VIEWS} views. Delete one first."})
    return view_id


def rename(person: Person, view_id: UUID, name: str) -> None:
    """Give a view another name. Raises NotFound, Conflict for a name that is taken, and Invalid."""
    title = named(name, MAX_NAME)
    with _naming(title), _changing(person) as conn:
        _found(saved_views.rename(conn, person.workspace_id, view_id, title))


def overwrite(person: Person, view_id: UUID, query: Query) -> None:
    """Have a view hold what an address holds now. Raises NotFound, and Invalid for what cannot be kept."""
    kept = _query(query)
    with _changing(person) as conn:
        _found(saved_views.overwrite(conn, person.workspace_id, view_id, kept))


def share(person: Person, view_id: UUID) -> None:
    """Let everybody in the workspace see and use a view.

    Raises NotAllowed, NotFound, and Conflict when a shared one has its name.
    """
    require(person, Right.SHARE_VIEWS)
    with _naming(None), _changing(person) as conn:
        _found(saved_views.give_to(conn, person.workspace_id, view_id, None))


def keep_to_oneself(person: Person, view_id: UUID) -> None:
    """Take a view one made back from everybody. Raises NotFound, and Conflict when one has another of that name."""
    with _naming(None), _changing(person) as conn:
        _found(saved_views.give_to(conn, person.workspace_id, view_id, person.id))


def delete(person: Person, view_id: UUID) -> None:
    """Delete a view, a shared one for everybody. Raises NotFound."""
    with _changing(person) as conn:
        _found(saved_views.remove(conn, person.workspace_id, view_id))


def open_with(person: Person, view_id: UUID, *, wanted: bool) -> None:
    """Have the person's list open with a view, or no more. Raises NotFound."""
    with _changing(person) as conn:
        if wanted:
            _found(saved_views.set_default(conn, person.workspace_id, person.id, view_id))
        else:
            saved_views.drop_default(conn, person.workspace_id, person.id, view_id)


@contextmanager
def _changing(person: Person) -> Iterator[Connection]:
    with transaction(Role.WEB, proof=person.proof) as conn:
        yield conn


@contextmanager
def _naming(title: str | None) -> Iterator[None]:
    try:
        yield
    except saved_views.NameTaken:
        called = f"called “{title}”" if title else "of that name"
        raise Conflict(f"There is a view {called}. Choose another name.") from None


def _found(is_there: bool) -> None:
    if not is_there:
        raise NotFound(_GONE)


def _query(query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What is set of it, within bounds: an address may hold anything."""
    kept = {name: [str(value) for value in values] for name, values in query.items() if values}
    texts = [*kept, *(value for values in kept.values() for value in values)]
    if len(texts) > _MOST_VALUES or any(len(text) > _LONGEST_VALUE or "\x00" in text for text in texts):
        raise Invalid({"query": "This is more than a view can keep. Take some filters off."})
    return kept
