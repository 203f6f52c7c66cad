"""Whom to credit for what is shown or taken away, and under which licence it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.lead import Origin
from pipeline.licences import in_words
from pipeline.providers.registry import registry

BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Credit:
    """Who asks to be named, and the licence in words; empty where the source grants none."""

    attribution: str
    licence: str


def credits_of(origins: Iterable[Origin]) -> tuple[Credit, ...]:
    """What records are to be credited with, each once: what they say themselves, else what the terms of their source
    ask for, else its name."""
    return tuple(
        dict.fromkeys([credit(origin.source, origin.licence, origin.attribution) for origin in origins])
    )


def attributions(credits: Iterable[Credit]) -> str:
    """Everybody to name, in one line."""
    return BETWEEN.join(dict.fromkeys(credit.attribution for credit in credits))


def licences(credits: Iterable[Credit]) -> str:
    """All licences, in one line."""
    return BETWEEN.join(dict.fromkeys(credit.licence for credit in credits if credit.licence))


@lru_cache(maxsize=1024)
def credit(source: str, licence: str | None, attribution: str | None) -> Credit:
    """The credit for records of a source that say this of themselves."""
    said = in_words(licence) if licence else registry().terms(source).licence
    return Credit(attribution or registry().credit(source), said)
