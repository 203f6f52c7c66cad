"""Why fields of a lead are empty: what each source and each look-up was asked for it, and what came of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.fields import BY_NAME
from pipeline.lead import Business, Lead, StepOutcome, StepResult
from pipeline.providers.registry import registry
from pipeline.words.register_tags import REGISTERS


def not_listed(field: str, origins: Sequence[str]) -> str:
    """Why no record of these sources fills a field: they list nothing there, or nobody asked them for it."""
    noun, wanted = BY_NAME[field].noun, BY_NAME[field].asked_for
    asked = _labels([origin for origin in origins if registry().is_asked_for(origin, field)])
    others = [label for label in _labels(origins) if label not in asked]
    said: list[str] = []
    if asked:
        said.append(f"{_joined(asked)} {'list' if len(asked) > 1 else 'lists'} no {noun} for this business.")
    if others:
        said.append(f"{_joined(others)} {_was(others)} not asked for {wanted}.")
    return " ".join(said)


def why_empty(lead: Lead) -> Mapping[str, tuple[str, ...]]:
    """The reasons of each empty field as sentences: those of the sources, then those of the look-ups in their order."""
    return {
        field: (reason, *_looked_up(field, lead.steps))
        for field, reason in lead.business.empty_reasons.items()
    }


def not_on_the_map(business: Business) -> str:
    """Why nobody can say where a business is, in a sentence; empty where its position is known."""
    if business.lat is not None and business.lon is not None:
        return ""
    if any(origin.source in REGISTERS for origin in business.origins):
        return "Not on the map: its register states an address and no position."
    return "Not on the map: no source says where it is."


def as_text(*reasons: Sequence[str]) -> str:
    """Reasons of one or more fields as one text that says nothing twice."""
    return " ".join(dict.fromkeys(sentence for said in reasons for sentence in said))


def _looked_up(field: str, steps: Sequence[StepResult]) -> list[str]:
    """What the look-ups that could have filled a field came to."""
    known = registry().waterfall
    told = [
        (spec.order_label, step)
        for step in steps
        if (spec := known.get(step.step)) and spec.is_asked_for(field)
    ]
    skipped: dict[str, list[str]] = {}
    for label, step in told:
        if step.outcome is StepOutcome.SKIPPED:
            skipped.setdefault(step.detail, []).append(label)
    said: list[str] = []
    for label, step in told:
        if step.outcome is StepOutcome.FOUND:
            # It found something else.
            said.append(f"{label} gave no {BY_NAME[field].noun}.")
        elif label in step.detail:
            said.append(step.detail)
        elif step.outcome is StepOutcome.SKIPPED:
            labels = skipped[step.detail]
            said.append(f"{_joined(labels)} {_was(labels)} not asked: {step.detail}")
        else:
            said.append(f"{label}: {step.detail}")
    return list(dict.fromkeys(said))


def _labels(origins: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(map(registry().origin_label, origins)))


def _joined(labels: Sequence[str]) -> str:
    return " and ".join(labels)


def _was(labels: Sequence[str]) -> str:
    return "was" if len(labels) == 1 else "were"
