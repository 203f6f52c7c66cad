"""The step that answers criteria: what it reads, what it spares, and what becomes of the confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from pipeline.campaign import CRITERIA, CampaignSpec
from pipeline.contact.email_checks import FreeChecks
from pipeline.enrichment.qualifying import IfQualified, IfQualifiedTogether, QualificationStep
from pipeline.lead import Lead, StepOutcome
from pipeline.money.outlook import Candidate, ProviderFigures, begin
from pipeline.ports import Turn
from pipeline.providers.registry import registry
from pipeline.providers.website.crawl import Crawler
from pipeline.providers.website.guard import Fetcher
from pipeline.providers.website.statements import NO_SITE, OFFLINE, Statements
from pipeline.providers.website.step import WebsiteStep
from pipeline.qualification.criteria import Answer, Criterion, Importance, Verdict
from pipeline.run import run
from pipeline.scoring.criteria import POINTS
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored, scored_lead
from pipeline.words.understanding import match_types
from tests.pipeline.memory import TODAY, ListMemory, ListSearch, from_places, full_place, ports, spec
from tests.support.calls import ListSuppressions
from tests.support.sites import hosted
from tests.support.wire import wire

KITCHEN = Criterion("has its own kitchen", Importance.MUST_HAVE)
HIRING = Criterion("hiring", Importance.NICE_TO_HAVE)
CONTEXT = ScoreContext(types=match_types(["cafe"]), today=TODAY)


def a_lead(**values: object) -> Lead:
    given = {"website": "https://anchor.test/", **values}
    (business,) = from_places([full_place(**given)], "FI", TODAY)
    return Lead(business=scored(business, CONTEXT))


def visited(
    pages: Mapping[str, str], lead: Lead, *criteria: Criterion, online: bool = True
) -> tuple[Lead, list[str]]:
    """The lead after its website was read for contacts and for criteria, and what its site was asked for."""
    with wire(hosted({"anchor.test": pages})) as server:
        fetcher = Fetcher("ProspectPro/1", gateway=server.url)
        crawler = Crawler(fetcher, wait=lambda _: None)
        checks = FreeChecks(ListSuppressions(), lambda _: None)
        reader = Statements(
            crawler, checks=checks, online=lambda: online, simulated=lambda: None, today=TODAY
        )
        website = WebsiteStep(
            crawler, checks=checks, online=lambda: online, simulated=lambda: None, today=TODAY
        )
        try:
            lead = QualificationStep(criteria, reader, None).enrich(website.enrich(lead))
        finally:
            fetcher.close()
        return lead, [request.split(b" ")[1].decode() for request in server.requests]


def test_no_page_is_asked_for_twice_and_the_one_that_may_say_it_is_read() -> None:
    pages = {
        "/": '<h1>Anchor</h1><a href="/contact">Contact</a><a href="/jobs">We are hiring</a><a href="/news">News</a>',
        "/contact": "<p>Anchor, write to info@anchor.test</p>",
        "/jobs": "<p>We are hiring a baker for our own kitchen.</p>",
        "/news": "<p>Nothing new.</p>",
    }
    lead, asked = visited(pages, a_lead(), KITCHEN, HIRING)
    assert [verdict.answer for verdict in lead.verdicts] == [Answer.YES, Answer.YES]
    assert all(verdict.page and verdict.page.endswith("//anchor.test/jobs") for verdict in lead.verdicts)
    assert sorted(asked) == ["/", "/contact", "/jobs", "/robots.txt"]
    assert lead.steps[-1].outcome is StepOutcome.FOUND


@pytest.mark.parametrize(
    ("lead", "pages", "online", "outcome", "why"),
    [
        (a_lead(website=None), {}, True, StepOutcome.SKIPPED, NO_SITE),
        (a_lead(), {}, False, StepOutcome.SKIPPED, OFFLINE),
        (a_lead(), {}, True, StepOutcome.FAILED, "Its website could not be read"),
    ],
)
def test_what_cannot_be_read_is_not_said_and_says_why(
    lead: Lead, pages: Mapping[str, str], online: bool, outcome: StepOutcome, why: str
) -> None:
    lead, _ = visited(pages, lead, KITCHEN, online=online)
    (verdict,) = lead.verdicts
    assert (verdict.answer, lead.steps[-1].outcome) == (Answer.NOT_SAID, outcome)
    assert why in verdict.why


def test_a_website_that_was_read_for_criteria_alone_is_confirmed_by_itself() -> None:
    known = a_lead(email="info@anchor.test")
    assert known.business.provenance["website"].source == "openstreetmap"
    lead, asked = visited({"/": "<p>Anchor has its own kitchen.</p>"}, known, KITCHEN)
    assert lead.steps[0].outcome is StepOutcome.SKIPPED
    assert lead.verdicts[0].answer is Answer.YES
    assert lead.business.provenance["website"].source == "website"
    assert sorted(asked) == ["/", "/robots.txt"]


def test_what_a_model_costs_is_in_the_plan() -> None:
    order = spec(max_results=2, budget_usd=1, must_have=("hiring",))
    candidates = (Candidate(domain="anchor.test"), Candidate(domain=None))
    provider = registry().providers["language_model"]
    assert provider.expect is not None
    outlook = replace(
        begin(order, candidates), figures=ProviderFigures(key=provider.key, price_micros=1_000_000)
    )
    expected = provider.expect(outlook)
    assert set(expected.questions) == {1}
    assert 1_000 < min(expected.cost_micros) < max(expected.cost_micros) < 20_000
    assert max(expected.after.left_micros) < 1_000_000


def judged(criterion: Criterion, answer: Answer) -> Verdict:
    quote = None if answer is Answer.NOT_SAID else "It says so here."
    return Verdict(
        criterion=criterion.text,
        importance=criterion.importance,
        answer=answer,
        why="w",
        quote=quote,
        page="p",
    )


def with_verdicts(*verdicts: Verdict) -> Lead:
    lead = a_lead()
    return Lead(business=lead.business, verdicts=verdicts)


def test_criteria_are_parts_of_the_confidence() -> None:
    plain = a_lead().business
    both = scored_lead(with_verdicts(judged(KITCHEN, Answer.YES), judged(HIRING, Answer.YES)), CONTEXT)
    some = scored_lead(with_verdicts(judged(KITCHEN, Answer.YES), judged(HIRING, Answer.NOT_SAID)), CONTEXT)
    out = scored_lead(with_verdicts(judged(KITCHEN, Answer.NO), judged(HIRING, Answer.YES)), CONTEXT)
    assert [part.name for part in both.score_parts[-2:]] == [KITCHEN.text, HIRING.text]
    assert sum(part.weight for part in both.score_parts) == 100
    assert [part.weight for part in both.score_parts[-2:]] == [30, 10]
    assert both.confidence == sum(part.points for part in both.score_parts)
    assert both.confidence > some.confidence > out.confidence == both.confidence - POINTS
    assert scored_lead(a_lead(), CONTEXT).confidence == plain.confidence


class Paid:
    """A look-up that is paid, alone or for many."""

    name = "paid"

    def __init__(self) -> None:
        self.asked: list[Lead] = []

    def enrich(self, lead: Lead) -> Lead:
        self.asked.append(lead)
        return lead

    def take_turn(self, leads: Sequence[Lead], coming: int | None) -> Turn:
        self.asked += leads
        return Turn(done=leads)


@pytest.mark.parametrize(
    ("importance", "answer", "is_asked"),
    [
        (Importance.MUST_HAVE, Answer.YES, True),
        (Importance.MUST_HAVE, Answer.NOT_SAID, True),
        (Importance.MUST_HAVE, Answer.NO, False),
        (Importance.NICE_TO_HAVE, Answer.NO, True),
        (Importance.MUST_NOT, Answer.YES, False),
        (Importance.MUST_NOT, Answer.NO, True),
    ],
)
def test_who_is_ruled_out_is_spared_what_is_paid(
    importance: Importance, answer: Answer, is_asked: bool
) -> None:
    paid, lead = Paid(), with_verdicts(judged(Criterion("hiring", importance), answer))
    told = IfQualified(paid).enrich(lead)
    (done,) = IfQualifiedTogether(paid).take_turn([lead], 0).done
    assert len(paid.asked) == (2 if is_asked else 0)
    for each in (told, done):
        assert ("“hiring”" in (each.steps[-1].detail if each.steps else "")) is not is_asked


@pytest.mark.parametrize("field", CRITERIA)
def test_a_criterion_of_an_order_has_its_importance(field: str) -> None:
    order = CampaignSpec(business_types=("cafe",), location="Helsinki", **{field: (" hiring ",)})
    assert order.criteria == (Criterion("hiring", Importance(field)),)


def test_a_run_without_criteria_has_no_verdicts() -> None:
    memory = ListMemory()
    run(spec(), ports(ListSearch([full_place()]), memory=memory))
    assert [lead.verdicts for lead in memory.stored.values()] == [()]
