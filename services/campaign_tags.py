"""Tags of campaigns, which everybody in the workspace shares."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pipeline.campaign import clean_text
from services.campaigns import owned
from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, require
from store import campaign_orders
from store.database import Role, transaction

MOST_TAGS, LONGEST_TAG = 20, 40
"""Of one campaign, and characters of one; as with companies of the book."""


def set_tags(person: Person, campaign_id: UUID, tags: Sequence[str]) -> None:
    """Give a campaign these tags and no others. Raises NotFound, NotAllowed, and Invalid for tags that cannot be."""
    require(person, Right.RUN_CAMPAIGNS)
    wanted = _cleaned(tags)
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        campaign_orders.set_tags(conn, person.workspace_id, campaign_id, wanted)


def _cleaned(tags: Sequence[str]) -> list[str]:
    """Each once, whatever its letter case: the first writing counts."""
    try:
        clean = [str(clean_text(tag)) for tag in tags]
    except ValueError as error:
        raise Invalid({"tags": f"A tag {error}."}) from None
    if any(not tag or len(tag) > LONGEST_TAG for tag in clean):
        raise Invalid({"tags": f"A tag has 1 to {LONGEST_TAG} characters."})
    wanted = list({tag.casefold(): tag for tag in reversed(clean)}.values())[::-1]
    if len(wanted) > MOST_TAGS:
        raise Invalid({"tags": f"A campaign has at most {MOST_TAGS} tags. Take some away first."})
    return wanted
