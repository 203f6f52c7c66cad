"""What is told of businesses that an order leaves out because no source states what it demands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business
from pipeline.scoring.demands import unstated


def unstated_lines(spec: CampaignSpec, found: Sequence[Business]) -> Iterator[str]:
    """``31 businesses left out: no rating is stated by their sources.``, a line for each demand that nothing is stated
    of."""
    for noun, number in unstated(spec, found).items():
        many, whose = ("1 business", "its") if number == 1 else (f"{number:,} businesses", "their")
        yield f"{many} left out: no {noun} is stated by {whose} sources."


def unstated_sentence(spec: CampaignSpec, found: Sequence[Business]) -> str:
    """``No rating is stated by the sources of 31 of them. ``; empty where all is stated."""
    return "".join(
        f"No {noun} is stated by the sources of {'all' if number == len(found) else f'{number:,}'} of them. "
        for noun, number in unstated(spec, found).items()
    )
