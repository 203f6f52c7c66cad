"""What is claimed of a company's pages, held against the pages themselves.

Whoever claims a yes or a no, a language model or our own reading, has to name the passage it rests on. We believe none
of them: the passage has to stand there letter by letter, in what a visitor sees, on a page of this company, and to
speak to its customers. Otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.qualification.criteria import Answer, Criterion, Verdict, not_said
from pipeline.qualification.injections import addresses_a_reader, evidence_of
from pipeline.qualification.pages import Page, Passage, is_citable, passage_of, repeats, sentences
from pipeline.qualification.saying import asked

SILENT = "The pages of its website that were read do not say."
BOTH_WAYS = "Its pages say both."
TURNED_OUT = (
    "A page of its website holds text that tells a machine how to read it; that, and what stands beside it, does not"
    " count."
)
NOT_THERE = "What was quoted does not stand on the pages of its website, so it does not count."
NO_EVIDENCE = "What was quoted is no evidence: it is no statement of the company's to its customers."
TURNED = "What was quoted says the opposite, or not surely what was concluded from it."
NOT_BORNE_OUT = "What was quoted does not say so by itself."
BY_WORDS = "Found by words and phrases."


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody makes of the pages: the answer, and the passage and the page it rests on."""

    answer: Answer
    quote: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pages of one company as far as they count. ``is_marred``: some of them held text that speaks to a model."""

    pages: tuple[Page, ...]
    is_marred: bool = field(default=False)

    @classmethod
    def of(cls, pages: Sequence[Page]) -> Evidence:
        """What of these pages counts."""
        return cls(*evidence_of(pages))

    @property
    def silence(self) -> str:
        """Why nothing is said."""
        return TURNED_OUT if self.is_marred else SILENT

    def verified(self, criterion: Criterion, claim: Claim | None, by: str) -> Verdict:
        """The verdict that a claim comes to; ``by`` says who made it."""
        if claim is None or claim.answer is Answer.NOT_SAID:
            return not_said(criterion, self.silence)
        passage = self._passage(claim)
        if passage is None:
            return not_said(criterion, TURNED_OUT if self.is_marred else NOT_THERE)
        why = _why_not(criterion, claim, passage)
        if why:
            return not_said(criterion, why)
        return _verdict(criterion, claim.answer, passage, by)

    def read(self, criterion: Criterion) -> Verdict:
        """What the pages say by words and phrases alone."""
        wanted, found = asked(criterion.text), dict[Answer, Passage]()
        for page in self.pages:
            for sentence in sentences(page):
                said = wanted.said_in(sentence) if is_citable(sentence) else None
                if said and _counts(criterion, sentence):
                    found.setdefault(said, Passage(sentence, page.url))
        if len(found) > 1:
            return not_said(criterion, BOTH_WAYS)
        for answer, passage in found.items():
            return _verdict(criterion, answer, passage, BY_WORDS)
        return not_said(criterion, self.silence)

    def _passage(self, claim: Claim) -> Passage | None:
        """Where a quotation stands: on the page it names, of those that were given."""
        found = (passage_of(claim.quote, page) for page in self.pages if page.url == claim.page)
        return next(filter(None, found), None)


def _why_not(criterion: Criterion, claim: Claim, passage: Passage) -> str | None:
    """Why a passage that stands there is no evidence all the same."""
    if not _counts(criterion, passage.text) or not is_citable(claim.quote):
        return NO_EVIDENCE
    wanted = asked(criterion.text)
    if wanted.is_named_in(passage.text) and wanted.said_in(passage.text) is not claim.answer:
        return TURNED
    return None


def needs_judging(verdict: Verdict) -> bool:
    """Whether a verdict rests on a passage in other words than the criterion, which somebody has to judge by itself:
    on a page that tells a model what to quote, it may have nothing to do with what was asked."""
    if verdict.quote is None:
        return False
    return asked(verdict.criterion).said_in(verdict.quote) is not verdict.answer


def _counts(criterion: Criterion, text: str) -> bool:
    return is_citable(text) and not repeats(text, criterion.text) and not addresses_a_reader(text)


def _verdict(criterion: Criterion, answer: Answer, passage: Passage, by: str) -> Verdict:
    return Verdict(
        criterion=criterion.text,
        importance=criterion.importance,
        answer=answer,
        why=by,
        quote=passage.text,
        page=passage.page,
    )
