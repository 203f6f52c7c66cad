"""Answers that providers allow to be kept for everybody, as far as a question, an address or a domain names them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.money.calls import Json
from pipeline.providers.registry import registry
from pipeline.suppression import Subject
from store import forgetting, provider_setup
from store.forgetting import Asked


def of_questions(questions: Iterable[Asked]) -> str:
    """The answers to these, and to what a list of addresses asked about each, for ``forgetting.delete_campaign``."""
    asked = list(questions)
    single = [
        each
        for question in asked
        for email in _listed(question.arguments.get("emails"))
        for each in about(question.provider, "email", email)
    ]
    return _kept([*asked, *single])


def of_subject(subject: Subject, found: Iterable[tuple[str, str]]) -> str:
    """The answers about somebody: their own address or domain, and what was ``found`` to be theirs."""
    own = [(subject.kind.value, subject.value)]
    asked = {
        (provider, what, value)
        for what, value in [*own, *found]
        if what in ("email", "domain")
        for provider in registry().providers
    }
    return _kept(question for each in sorted(asked) for question in about(*each))


def about(provider: str, what: str, value: str) -> list[Asked]:
    """What a provider may have been asked about one address or domain alone."""
    spec, found = registry().providers.get(provider), []
    for operation in spec.operations if spec else ():
        if operation.about == (what,):
            kept = spec.kept if spec and spec.kept and spec.kept.operation == operation.name else None
            found.append(Asked(provider, operation.name, kept.arguments(value) if kept else {what: value}))
    return found


def _kept(questions: Iterable[Asked]) -> str:
    return forgetting.kept_under(
        questions, {key: endpoint.base_url for key, endpoint in provider_setup.endpoints().items()}
    )


def _listed(found: Json) -> list[str]:
    return [str(email) for email in found] if isinstance(found, list) else []
