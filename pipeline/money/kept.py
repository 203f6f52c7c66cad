"""How many of the known businesses each setting of an order keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business
from pipeline.scoring.demands import DEMANDS
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import qualified
from pipeline.scoring.switches import SWITCHES as BY_NAME

SETTINGS = ("min_confidence", "min_reach", *BY_NAME, *DEMANDS)
"""The fields of an order that leave businesses out by what is known of them."""
SWITCHES = frozenset(BY_NAME)
"""Those that are on or off: what they keep is told of them switched on, whatever they are."""
_TAKES_ALL = {
    **{"min_confidence": 0, "min_reach": 0, "min_score": None},
    **dict.fromkeys(BY_NAME, False),
    **dict.fromkeys(DEMANDS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of ``known`` businesses, ``together`` meet all the order asks for and ``alone`` each of its settings by itself,
    switches as if they were on.

    ``asked`` names those settings of which nothing is known before a source is asked that costs money; they are in
    neither. ``is_whole``: these are all that are known; otherwise the nearest, which tell of the rest.
    """

    known: int
    together: int
    alone: Mapping[str, int]
    is_whole: bool = True
    asked: frozenset[str] = frozenset()


def kept_by(
    spec: CampaignSpec,
    businesses: Sequence[Business],
    context: ScoreContext,
    *,
    is_whole: bool,
    asked: frozenset[str] = frozenset(),
) -> Kept | None:
    """The counts for an order; None where no business is known. ``asked``: settings that nobody at hand can tell of."""
    if not businesses:
        return None
    spec = spec.model_copy(update={name: _TAKES_ALL[name] for name in asked})

    def count(**settings: object) -> int:
        return len(qualified(businesses, spec.model_copy(update=settings), context))

    return Kept(
        known=len(businesses),
        together=count(),
        alone={
            name: count(**_TAKES_ALL | {name: name in SWITCHES or getattr(spec, name)})
            for name in SETTINGS
            if name not in asked and not (name in DEMANDS and not getattr(spec, name))
        },
        is_whole=is_whole,
        asked=asked,
    )
