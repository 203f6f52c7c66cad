"""A language model of somebody's choice, asked by the interface that OpenAI's has made usual."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np

from pipeline.money.outlook import Expectation, Outlook
from pipeline.money.shares import DRAWS, between
from pipeline.network.http import Timeouts
from pipeline.providers.context import RunContext, micros
from pipeline.providers.declaration import Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.language_model.answers import NAME
from pipeline.providers.language_model.model import (
    AT_ONCE,
    JUDGE,
    KEY,
    PATIENCE_S,
    READ,
    LanguageModel,
    Prices,
)

_TOKENS = (1_500, 9_000)
"""Tokens that the pages of one company usually come to."""
_WRITTEN = 1.4
"""What is written, beside what is read: few tokens at a few times the price."""
_ANSWER_S = (1.0, 6.0)


def _expected(outlook: Outlook) -> Expectation:
    """The pages of every company with a website, a few at a time; nothing is held before they were read."""
    rng, figures = outlook.rng, outlook.figures
    asked = (outlook.leads & outlook.domain & ~outlook.repeats()).sum(axis=1)
    each = figures.price_micros * between(rng, *_TOKENS) * between(rng, 1.0, _WRITTEN) / 1_000_000
    cost = np.minimum(np.ceil(asked * each).astype(np.int64), outlook.left_micros)
    after = replace(outlook, left_micros=np.maximum(outlook.left_micros - cost, 0))
    return Expectation(
        questions=asked,
        cost_micros=cost,
        duration_s=asked / AT_ONCE * between(rng, *_ANSWER_S) + np.zeros(DRAWS),
        limited_s=figures.slowest_s(asked),
        after=after,
    )


def _build(context: RunContext) -> LanguageModel:
    return LanguageModel(
        context.calls,
        context.http(KEY),
        key=context.text("LLM_API_KEY"),
        model=context.text("LLM_MODEL"),
        prices=Prices(micros(context.values["LLM_INPUT_USD"]), micros(context.values["LLM_OUTPUT_USD"])),
    )


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label=NAME,
        kind=Kind.QUALIFIER,
        help="Reads companies' own pages for the criteria of an order; every answer is held against the page.",
        build=_build,
        endpoint="LLM_BASE_URL",
        needs="LLM_BASE_URL",
        needs_also=("LLM_MODEL",),
        timeouts=Timeouts(read_s=PATIENCE_S, total_s=PATIENCE_S),
        limits=(Limit(setting="LLM_PER_MINUTE", window_s=60),),
        operations=(
            Operation(
                name=READ,
                label="Read a company's pages",
                price="LLM_INPUT_USD",
                unit="a million tokens read",
                counts=("company", "companies"),
                about=("site",),
            ),
            Operation(
                name=JUDGE,
                label="Judge quotations by themselves",
                price="LLM_OUTPUT_USD",
                unit="a million tokens written",
                counts=("company", "companies"),
                about=("site",),
            ),
        ),
        terms=Terms(url="https://platform.openai.com/docs/api-reference/chat"),
        settings=(
            Setting(
                name="LLM_BASE_URL",
                help="Address of an interface like OpenAI's, such as http://localhost:11434/v1; empty switches it off.",
            ),
            Setting(name="LLM_API_KEY", help="Its key; a server of your own may need none.", is_secret=True),
            Setting(name="LLM_MODEL", help="The model's name there."),
            Setting(
                name="LLM_INPUT_USD",
                help="Price of a million tokens it reads; 0 for a server of your own.",
                default=Decimal(1),
                most=1000,
            ),
            Setting(
                name="LLM_OUTPUT_USD",
                help="Price of a million tokens it writes; 0 for a server of your own.",
                default=Decimal(4),
                most=1000,
            ),
            Setting(
                name="LLM_PER_MINUTE",
                help="Questions a minute that the model is asked for the whole installation.",
                default=120,
                least=1,
                most=100_000,
            ),
        ),
        expect=_expected,
    ),
)
