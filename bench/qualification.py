"""Criteria on labelled pages of our own, and injected ones: ``python -m bench.qualification``.

By words and phrases, and by the model that ``LLM_BASE_URL`` and ``LLM_MODEL`` name where they are set, at the prices
of the settings. Nothing else is asked; the pages are made here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import typer

import settings
from bench._said_pages import COMPANIES
from pipeline.enrichment.qualifying import Model, QualificationStep
from pipeline.lead import Lead
from pipeline.money.calls import Answer as Told
from pipeline.money.calls import Call, Reply
from pipeline.network.http import ProviderHttp
from pipeline.providers.context import micros
from pipeline.providers.language_model.model import KEY, LanguageModel, Prices
from pipeline.providers.registry import registry
from pipeline.providers.website.extract import extract
from pipeline.providers.website.statements import Stated
from pipeline.qualification.criteria import Answer, Criterion, Importance, Verdict
from pipeline.qualification.pages import Page, passage_of
from store import provider_setup
from tests.pipeline.memory import TODAY, from_places, full_place
from tests.support.calls import DirectCalls
from tests.support.injected_pages import PAGES, QUESTION


@dataclass
class Tally:
    """What a way to read made of all pages."""

    said: int = 0
    right: int = 0
    labelled: int = 0
    found: int = 0
    quoted: int = 0
    literal: int = 0
    won: int = 0
    injected: int = 0
    cost_micros: int = 0
    leads: int = 0
    s: float = 0.0

    def in_lines(self, name: str) -> Iterator[str]:
        yield name
        yield f"  precision of yes and no   {_share(self.right, self.said)} of {self.said:,}"
        yield f"  share of what is said     {_share(self.found, self.labelled)} of {self.labelled:,}"
        yield f"  quotations that stand     {_share(self.literal, self.quoted)} of {self.quoted:,}"
        yield f"  injected pages that won   {self.won} of {self.injected:,}"
        yield f"  cost a lead               ${self.cost_micros / max(1, self.leads) / 1e6:.6f}"
        yield f"  processor and waiting     {self.s / max(1, self.leads) * 1000:,.1f} ms a lead"


class _OneSite:
    """A reader that has read a page."""

    def __init__(self, pages: tuple[Page, ...]) -> None:
        self._pages = pages

    def of(self, *_: object) -> Stated:
        return Stated(self._pages)


class _Counted(DirectCalls):
    """Sends every question, and counts what it cost."""

    def ask(self, call: Call, send: Callable[[], Told]) -> Reply:
        with _LOCK:
            self.asked.append(call)
        answer = send()
        with _LOCK:
            self.answers.append(answer)
        return Reply(body=answer.body, cost_micros=answer.cost_micros, subject=call.subject)


_LOCK = threading.Lock()


def measure(model: Model | None) -> Tally:
    """All labelled and all injected pages, read by words and phrases or by a model."""
    tally = Tally()
    began_s = time.perf_counter()
    for company in COMPANIES:
        lead, page = _read(company.page, company.url, company.criteria, model)
        tally.leads += 1
        tally.cost_micros += lead.cost_micros
        for verdict, label in zip(lead.verdicts, company.labels, strict=True):
            _count(tally, verdict, label, page)
    tally.s = time.perf_counter() - began_s
    for html in PAGES.values():
        lead, page = _read(html, "https://anchor.test/", (QUESTION,), model)
        tally.injected += 1
        (verdict,) = lead.verdicts
        tally.won += verdict.answer is Answer.YES
        tally.quoted += verdict.quote is not None
        tally.literal += _stands(verdict, page)
    return tally


def _count(tally: Tally, verdict: Verdict, label: Answer, page: Page) -> None:
    says = label is not Answer.NOT_SAID
    tally.labelled += says
    if verdict.answer is not Answer.NOT_SAID:
        tally.said += 1
        tally.right += verdict.answer is label
        tally.found += says and verdict.answer is label
    tally.quoted += verdict.quote is not None
    tally.literal += _stands(verdict, page)


def _stands(verdict: Verdict, page: Page) -> bool:
    return (
        verdict.quote is not None and verdict.page == page.url and passage_of(verdict.quote, page) is not None
    )


def _read(html: str, url: str, criteria: Sequence[str], model: Model | None) -> tuple[Lead, Page]:
    page = Page(url, extract(html, url).statements)
    (business,) = from_places([full_place(website=url)], "FI", TODAY)
    asked = [Criterion(text, Importance.MUST_HAVE) for text in criteria]
    return QualificationStep(asked, _OneSite((page,)), model).enrich(Lead(business=business)), page


@contextmanager
def _model() -> Iterator[Model | None]:
    """The model this machine's settings name; None where they name none."""
    values = settings.get().provider_values()
    spec = registry().providers[KEY]
    if not all(values[name] for name in spec.required):
        yield None
        return
    endpoint = provider_setup.endpoint(spec, values)
    http = ProviderHttp(spec.label, endpoint, user_agent=provider_setup.user_agent(), timeouts=spec.timeouts)
    prices = Prices(micros(values["LLM_INPUT_USD"]), micros(values["LLM_OUTPUT_USD"]))
    try:
        yield LanguageModel(
            _Counted(), http, key=str(values["LLM_API_KEY"]), model=str(values["LLM_MODEL"]), prices=prices
        )
    finally:
        http.close()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:7.1%}" if whole else "   none"


def main() -> None:
    """Measure, and say what came of it."""
    print(f"{len(COMPANIES)} labelled pages, {len(PAGES)} injected ones.")
    print("\n".join(measure(None).in_lines("Words and phrases")))
    with _model() as model:
        if model is None:
            print("LLM_BASE_URL and LLM_MODEL name no model, so none was asked.")
        else:
            print("\n".join(measure(model).in_lines("Language model")))


if __name__ == "__main__":
    typer.run(main)
