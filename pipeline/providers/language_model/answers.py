"""What a language model answers, read with distrust: whatever was not asked for or has another shape is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Json
from pipeline.network.http import HttpReply, server_error, too_fast
from pipeline.network.json_body import strict_json

NAME = "Language model"
_MOST_TOKENS = 100_000_000


class _Verdict(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    number: int = Field(ge=1)
    answer: Literal["yes", "no", "not_said"]
    quote: str = Field(default="", max_length=2_000)
    page: int = Field(default=0, ge=0)


class _Judgement(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)
    number: int = Field(ge=1)
    stated: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote, and how many tokens it says it read and wrote; None where it does not say."""

    answers: Json
    read: int | None
    written: int | None


def written(body: Json) -> Written:
    """What stands in an answer of the interface."""
    answers = None
    choices = body.get("choices") if isinstance(body, Mapping) else None
    if isinstance(choices, Sequence) and choices and isinstance(choices[0], Mapping):
        message = choices[0].get("message")
        content = message.get("content") if isinstance(message, Mapping) else None
        answers = _answers(content) if isinstance(content, str) else None
    usage = body.get("usage") if isinstance(body, Mapping) else None
    told = usage if isinstance(usage, Mapping) else {}
    return Written(answers, _tokens(told.get("prompt_tokens")), _tokens(told.get("completion_tokens")))


def verdicts(answers: Json, questions: int, pages: int) -> dict[int, _Verdict]:
    """The verdicts that were asked for, by their number; of two on one question neither counts."""
    found: dict[int, list[_Verdict]] = {}
    for item in answers if isinstance(answers, list) else ():
        try:
            verdict = _Verdict.model_validate(item)
        except ValidationError:
            continue
        if verdict.number <= questions and verdict.page <= pages:
            found.setdefault(verdict.number, []).append(verdict)
    return {number: given[0] for number, given in found.items() if len(given) == 1}


def stated(answers: Json) -> frozenset[int]:
    """The numbers of the quotations that state what was made of them."""
    yes, others = set[int](), set[int]()
    for item in answers if isinstance(answers, list) else ():
        try:
            judgement = _Judgement.model_validate(item)
        except ValidationError:
            continue
        (yes if judgement.stated == "yes" else others).add(judgement.number)
    return frozenset(yes - others)


def failure_of(reply: HttpReply) -> SourceError:
    """Why there is no answer. What is refused was not worked on, so it costs nothing."""
    if reply.status in (401, 403):
        return SourceError(Cause.KEY_REFUSED, NAME)
    if reply.status == 402 or (reply.status == 429 and "insufficient_quota" in reply.text):
        return SourceError(Cause.OUT_OF_CREDITS, NAME)
    if reply.status == 429:
        return too_fast(NAME, reply)
    if reply.status in (404, 405):
        return SourceError(Cause.NOT_UNDERSTOOD, NAME)
    if reply.status >= 500:
        return server_error(NAME, reply)
    return SourceError(Cause.NOT_ACCEPTED, NAME, billed=Billed.NO)


def refuses_shape(reply: HttpReply) -> bool:
    """Whether a server does not know how to keep an answer to a shape."""
    return reply.status in (400, 422) and any(
        word in reply.text for word in ("response_format", "json_schema", "schema", "grammar")
    )


def _answers(content: str) -> Json:
    """The list in a text that is JSON, or holds it in prose, a fence or behind what was thought aloud."""
    for start, end in ((0, len(content)), (content.find("{"), content.rfind("}") + 1)):
        value = strict_json(content[max(0, start) : end].encode("utf-8", "replace"))
        if isinstance(value, dict) and isinstance(value.get("answers"), list):
            answers: Json = value["answers"]
            return answers
    thought = content.rfind("</think>")
    return _answers(content[thought + 8 :]) if thought >= 0 else None


def _tokens(told: Json) -> int | None:
    is_number = isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= _MOST_TOKENS
    return told if is_number and isinstance(told, int) else None
