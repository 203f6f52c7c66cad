"""Working with companies of the book: status, owner, tags and follow-up, one by one and many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from pipeline.campaign import clean_text
from services.errors import Invalid
from services.identity import Person
from services.lead_filter import LeadFilter
from services.permissions import Right, require
from store import book, book_work, limits
from store.book_work import Change as Change
from store.book_work import Standing as Standing
from store.database import Role, transaction

MOST_TAGS, LONGEST_TAG = 20, 40
MOST_AT_ONCE = book.MOST_COUNTED
"""Companies one act may change."""


def change(person: Person, companies: Sequence[UUID], desired: Change) -> tuple[Standing, ...]:
    """Change what the team says of companies, and return how the changed ones were, for ``undo``.

    Companies that are gone are left out. Raises NotAllowed, and Invalid for a tag or an owner that cannot be and for
    more than ``MOST_AT_ONCE`` companies.
    """
    require(person, Right.WORK_LEADS)
    if len(companies) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE:,} companies are changed at once. Narrow the filters.")
    desired = replace(desired, adds=_tags(desired.adds), takes=tuple(desired.takes))
    with transaction(Role.WEB, proof=person.proof) as conn:
        if desired.owner_id and desired.owner_id not in dict(limits.members(conn, person.workspace_id)):
            raise Invalid({"owner": "This person is not in the workspace any more."})
        before = book_work.standing(conn, person.workspace_id, companies)
        after = [_changed(one, desired) for one in before]
        moved = [(was, now) for was, now in zip(before, after, strict=True) if was != now]
        book_work.write(conn, person.workspace_id, [now for _, now in moved])
    return tuple(was for was, _ in moved)


def matching(person: Person, filter: LeadFilter, today: date) -> tuple[UUID, ...]:
    """Every company the filter lets through, at most ``MOST_AT_ONCE``."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(book.company_ids(conn, person.workspace_id, filter.where(today)))


def undo(person: Person, before: Sequence[Standing]) -> None:
    """Set everything back to how it was; owners who have left since are left out. Raises NotAllowed."""
    require(person, Right.WORK_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        there = {one.company_id for one in book_work.standing(conn, person.workspace_id, _ids(before))}
        people = dict(limits.members(conn, person.workspace_id))
        book_work.write(
            conn,
            person.workspace_id,
            [
                replace(one, owner_id=one.owner_id if one.owner_id in people else None)
                for one in before
                if one.company_id in there
            ],
        )


def _ids(standings: Sequence[Standing]) -> list[UUID]:
    return [one.company_id for one in standings]


def _changed(one: Standing, wanted: Change) -> Standing:
    kept = [tag for tag in one.tags if tag not in wanted.takes]
    tags = tuple(dict.fromkeys((*kept, *wanted.adds)))
    if len(tags) > MOST_TAGS:
        raise Invalid({"tags": f"A company has at most {MOST_TAGS} tags. Take some away first."})
    return replace(
        one,
        status=wanted.status or one.status,
        owner_id=wanted.owner_id if wanted.sets_owner else one.owner_id,
        follow_up_on=wanted.follow_up_on if wanted.sets_follow_up else one.follow_up_on,
        tags=tags,
    )


def _tags(given: Sequence[str]) -> tuple[str, ...]:
    try:
        tags = tuple(dict.fromkeys(str(clean_text(tag)) for tag in given))
    except ValueError as error:
        raise Invalid({"tags": f"A tag {error}."}) from None
    if any(not tag or len(tag) > LONGEST_TAG for tag in tags):
        raise Invalid({"tags": f"A tag has 1 to {LONGEST_TAG} characters."})
    return tags
