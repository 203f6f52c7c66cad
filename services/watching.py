"""A campaign that runs, as its page watches it: one question each second, and all of it only when there is news."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from time import monotonic
from uuid import UUID

from services import campaigns, history, spend_sums, spending
from services.campaigns import CampaignView
from services.errors import NotFound
from services.history import EventView
from services.identity import Person
from services.spend_sums import SpendView
from services.spending import CostPoint
from store import watching
from store.database import Role, by_itself, transaction

_CAMPAIGNS, _FRESH_S = 200, 3.0


class News(Enum):
    """What became of a campaign since a page showed it."""

    NONE = auto()
    SOME = auto()
    SESSION_OVER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A campaign as everybody who may see it sees it. ``state`` stands for all that there is to be seen of it: another
    one means news. ``at_s`` is when it was read, by the clock of this process."""

    campaign: CampaignView
    state: str
    at_s: float
    _seen: watching.Seen

    def events(self) -> tuple[EventView, ...]:
        """Its story, oldest first."""
        return history.as_told(self._seen.events())

    def spend(self) -> SpendView:
        """Its cost by provider."""
        return spend_sums.by_provider(self._seen.costs())

    def points(self) -> tuple[CostPoint, ...]:
        """How its cost grew, by provider."""
        return spending.growing(self._seen.moments())


class _Board:
    """What was read last of a campaign in this process, for all who watch it."""

    def __init__(self) -> None:
        self.latest: Watched | None = None


@lru_cache(maxsize=_CAMPAIGNS)
def _board(campaign_id: UUID) -> _Board:
    return _Board()


def news(proof: str, campaign_id: UUID, state: str) -> News:
    """Whether there is anything to be seen of a campaign that was not there in ``state``, for whoever's session gave
    ``proof``."""
    found = _state(proof, campaign_id)
    if found is None:
        return News.SESSION_OVER
    return News.NONE if found == state else News.SOME


def look(person: Person, campaign_id: UUID, shown: str = "") -> Watched | None:
    """A campaign of the workspace the person works in; None when their session is over. Raises NotFound.

    Where somebody else's look brought news of the state that is ``shown``, it is enough that the database confirms it.
    """
    board = _board(campaign_id)
    known = board.latest
    if known and known.state != shown and monotonic() - known.at_s < _FRESH_S:
        state = _state(person.proof, campaign_id)
        if state is None or state == known.state:
            return known if state else None
    board.latest = _read(person, campaign_id)
    return board.latest


def _state(proof: str, campaign_id: UUID) -> str | None:
    with by_itself(Role.WEB) as conn:
        return watching.state(conn, proof, campaign_id)


def _read(person: Person, campaign_id: UUID) -> Watched | None:
    at_s = monotonic()
    with transaction(Role.WEB, proof=person.proof) as conn:
        seen = watching.look(conn, person.workspace_id, campaign_id)
    if seen is None or seen.who.session_id is None:
        return None
    if seen.campaign is None:
        raise NotFound(campaigns.UNKNOWN)
    return Watched(
        campaign=campaigns.view_of(seen.campaign),
        state=seen.state,
        at_s=at_s,
        _seen=seen,
    )
