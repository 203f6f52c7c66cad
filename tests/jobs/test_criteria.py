"""Whole campaigns with criteria by a real worker: verdicts on the leads, in the ledger what the model billed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import settings
from pipeline.campaign import CampaignSpec
from pipeline.qualification.criteria import Answer, Importance
from services import campaigns, catalogue, exporting, results
from services.results import LeadFilter, LeadSort
from store.ids import new_id
from tests.support.people import person
from tests.support.providers import SECRETS, providers
from tests.support.servers import Database, rows
from tests.support.workers import eventually, worker

ORDER = CampaignSpec(
    business_types=("cafe",),
    location="Helsinki",
    max_results=12,
    budget_usd=Decimal(5),
    sources=("google_places",),
    waterfall=("website", "hunter"),
    must_have=("delivers",),
    nice_to_have=("likes its work",),
)
FREE = CampaignSpec(
    **{**ORDER.model_dump(), "budget_usd": Decimal(0), "sources": ("osm_live",), "waterfall": ("website",)}
)


def test_every_lead_has_its_verdicts_and_the_ledger_what_they_cost(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with providers("--synthetic", "50", "--no-limited") as stand_in:
        for name, value in stand_in.settings().items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        catalogue.ensure_first_fill()
        owner = person("owner")
        with worker(tmp_path):
            paid, free = (campaigns.submit(owner, order, str(new_id())) for order in (ORDER, FREE))
            both = (paid, free)
            eventually(lambda: all(campaigns.get(owner, one).status.is_final for one in both), "the end")
        bill = stand_in.bill("language_model")
        hunted = {line["argument"] for line in stand_in.bill("hunter")}
        billed = stand_in.billed_micros()
    view = campaigns.get(owner, paid)
    page = results.leads(owner, paid, LeadFilter(), LeadSort.NAME, limit=50)
    leads = [results.lead(owner, paid, row.id) for row in page.rows]
    assert len(leads) == 12
    read = [lead for lead in leads if any(verdict.quote for verdict in lead.verdicts)]
    assert {lead.verdicts[0].answer for lead in read} == {Answer.YES, Answer.NO}
    for lead in leads:
        assert [verdict.importance for verdict in lead.verdicts] == [
            Importance.MUST_HAVE,
            Importance.NICE_TO_HAVE,
        ]
        assert [part.name for part in lead.score_parts[-2:]] == ["delivers", "likes its work"]
        if lead.verdicts[0].answer is Answer.NO:
            assert lead.business.domain not in hunted
            assert "Its website says no to “delivers”" in lead.steps[-1].detail
        for verdict in lead.verdicts:
            assert (verdict.quote is None) == (verdict.answer is Answer.NOT_SAID)
            assert bool(verdict.quote) == bool(verdict.page and verdict.page.endswith("/about"))
    assert bill
    assert view.spent_micros == billed
    asked = rows(
        database.superuser_url,
        "select sum(cost_micros) from provider_calls where provider = 'language_model'",
    )
    assert asked == [(sum(line["price_micros"] for line in bill),)]
    assert sum(lead.cost_micros for lead in leads) <= view.spent_micros
    # With nothing to pay it with, the same order is answered by words and phrases.
    by_words = results.leads(owner, free, LeadFilter(), LeadSort.NAME, limit=50).rows
    said = [verdict.why for row in by_words for verdict in row.verdicts if verdict.quote]
    assert set(said) == {"Found by words and phrases."}
    file = exporting.export(owner, paid, LeadFilter(), LeadSort.NAME, "csv").data.decode("utf-8-sig")
    assert "Yes: delivers (must have): “" in file
    held = "".join(str(row) for row in rows(database.superuser_url, "select steps, verdicts from leads"))
    assert not any(secret in held for secret in SECRETS)
