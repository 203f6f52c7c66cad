"""The waterfall's reading of what companies say of themselves, before anybody is paid for looking them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.enrichment.step_results import bearing, ended, failed, skipped
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import Business, Lead, StepOutcome
from pipeline.ports import BatchStep, EnrichmentStep, Turn
from pipeline.qualification.criteria import Answer, Criterion, Verdict, not_said, ruled_out
from pipeline.qualification.evidence import NOT_BORNE_OUT, Claim, Evidence, needs_judging
from pipeline.qualification.pages import Page
from pipeline.qualification.saying import asked

KEY = "qualification"


class Reading(Protocol):
    """The pages of a company, or why there are none."""

    @property
    def pages(self) -> tuple[Page, ...]: ...

    @property
    def why_not(self) -> str: ...

    @property
    def is_failure(self) -> bool: ...

    @property
    def business(self) -> Business | None: ...


class Reader(Protocol):
    """Reads what companies state on their own websites."""

    def of(self, business: Business, roots: frozenset[str]) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Claims:
    """What a model claims, by the place of the criterion, and what that cost the lead it was asked for. ``is_read``:
    its answer could be read."""

    claims: Mapping[int, Claim]
    cost_micros: int
    is_read: bool


class Asking(Protocol):
    """A question to a model, and the most it costs."""

    price_micros: int

    def ask(self) -> Claims:
        """Raises SourceError, BudgetReached and Stopped."""


class Model(Protocol):
    """A language model; nothing it says is believed before it is verified."""

    label: str

    @property
    def is_paid(self) -> bool: ...

    def reading(self, pages: Sequence[Page], criteria: Sequence[Criterion], subject: str) -> Asking:
        """The question what the pages of one company say to criteria."""

    def judging(self, given: Mapping[int, Verdict], subject: str) -> Asking:
        """The question whether quotations, without the pages around them, say what was made of them."""


class QualificationStep:
    """Answers every criterion of the order by the company's own pages; with a language model where there is one, and by
    words and phrases otherwise, or where that gives out."""

    name = KEY

    def __init__(self, criteria: Sequence[Criterion], reader: Reader, model: Model | None) -> None:
        self._criteria = tuple(criteria)
        self._reader = reader
        self._model = model
        self._roots = frozenset().union(*(asked(criterion.text).roots for criterion in criteria))

    def enrich(self, lead: Lead) -> Lead:
        """The lead with a verdict on each criterion."""
        read = self._reader.of(lead.business, self._roots)
        lead = replace(lead, business=read.business or lead.business)
        if not read.pages:
            lead = replace(lead, verdicts=tuple(not_said(each, read.why_not) for each in self._criteria))
            if read.is_failure:
                return ended(lead, self.name, StepOutcome.FAILED, read.why_not)
            return skipped(lead, self.name, read.why_not)
        evidence = Evidence.of(read.pages)
        if self._model is None or not any(page.lines for page in evidence.pages):
            return self._by_words(lead, evidence)
        return self._by_model(lead, evidence, self._model)

    def _by_model(self, lead: Lead, evidence: Evidence, model: Model) -> Lead:
        cost, asking = 0, model.reading(evidence.pages, self._criteria, lead.business.key)
        try:
            read = asking.ask()
            cost += read.cost_micros
            if not read.is_read:
                told = f"{_begun(model.label)} gave no answer that can be read, so words and phrases were compared. "
                return self._by_words(lead, evidence, told, cost)
            verdicts = [
                evidence.verified(criterion, read.claims.get(place), f"Found by {model.label}, and checked.")
                for place, criterion in enumerate(self._criteria)
            ]
            doubted = {place: verdict for place, verdict in enumerate(verdicts) if needs_judging(verdict)}
            if doubted:
                asking = model.judging(doubted, lead.business.key)
                judged = asking.ask()
                cost += judged.cost_micros
                for place in doubted.keys() - judged.claims.keys():
                    verdicts[place] = not_said(self._criteria[place], NOT_BORNE_OUT)
        except (SourceError, BudgetReached) as error:
            # By words meanwhile; a continued campaign asks again where nothing was billed.
            return bearing(failed(self._judged(lead, evidence), self.name, error, asking.price_micros), cost)
        return self._told(replace(lead, verdicts=tuple(verdicts)), evidence, f"By {model.label}. ", cost)

    def _judged(self, lead: Lead, evidence: Evidence) -> Lead:
        return replace(lead, verdicts=tuple(map(evidence.read, self._criteria)))

    def _by_words(
        self, lead: Lead, evidence: Evidence, told: str = "By words and phrases. ", cost: int = 0
    ) -> Lead:
        return self._told(self._judged(lead, evidence), evidence, told, cost)

    def _told(self, lead: Lead, evidence: Evidence, told: str, cost: int) -> Lead:
        count = Counter(verdict.answer for verdict in lead.verdicts)
        said = ", ".join(f"{count[answer]} {answer.label.lower()}" for answer in Answer if count[answer])
        pages = f"{len(evidence.pages)} page{'' if len(evidence.pages) == 1 else 's'}"
        is_found = any(verdict.quote for verdict in lead.verdicts)
        outcome = StepOutcome.FOUND if is_found else StepOutcome.NOT_FOUND
        against = ruled_out(lead.verdicts)
        detail = f"{told}{_begun(said)}; {pages} read.{f' {against}' if against else ''}"
        return ended(lead, self.name, outcome, detail, cost)


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


class IfQualified:
    """A paid look-up that is spared companies which are not what was asked for."""

    def __init__(self, step: EnrichmentStep) -> None:
        self.name = step.name
        self._step = step

    def enrich(self, lead: Lead) -> Lead:
        """As the step does, unless the company's own website rules it out."""
        against = ruled_out(lead.verdicts)
        return skipped(lead, self.name, against) if against else self._step.enrich(lead)


class IfQualifiedTogether:
    """The same of one that takes many leads together."""

    def __init__(self, step: BatchStep) -> None:
        self.name = step.name
        self._step = step

    def take_turn(self, leads: Sequence[Lead], coming: int | None) -> Turn:
        """As the step does, without those their own websites rule out."""
        against = {lead.business.key: ruled_out(lead.verdicts) for lead in leads}
        out = [skipped(lead, self.name, why) for lead in leads if (why := against[lead.business.key])]
        turn = self._step.take_turn([lead for lead in leads if not against[lead.business.key]], coming)
        return Turn(done=(*out, *turn.done), work=turn.work)
