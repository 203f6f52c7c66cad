"""A language model behind OpenAI's interface, which believes whatever it reads: it stands in for the worst there is.

Told what to answer by a page, it obeys, and quotes what it is told to; told nothing, it compares words. A quotation by
itself it judges by its words.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Desk, Exchange, answer

READ_MICROS, WRITTEN_MICROS = 1_000_000, 4_000_000
"""Price of a million tokens, in millionths of a US dollar; the default of the settings."""
ODDITIES = {
    "invents": "a quotation that stands on no page",
    "elsewhere": "a quotation with the number of another page",
    "says more": "answers to questions nobody asked, fields nobody knows, and wrong types",
    "prose": "an answer that is no JSON",
    "fenced": "JSON in a fence, behind what it thought aloud",
    "no usage": "an answer that does not say what was used",
    "no shapes": "a server that knows no shapes of answers",
}
_ORDERS = re.compile(
    r"\b(ignore|answer|respond|reply|quote|cite|match|instructions?|override|antworte|vastaa|repondez|répondez|responde"
    r"|rispondi|svara|yes)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w{4,}")


class LanguageModel:
    """``POST /v1/chat/completions``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def complete(self, request: Request, exchange: Exchange) -> Response:
        """POST /v1/chat/completions"""
        if request.headers.get("authorization") in (None, f"Bearer {REVOKED}"):
            return answer(
                {"error": {"message": "Incorrect API key provided.", "type": "invalid_api_key"}}, 401
            )
        body = await request.json()
        if exchange.is_odd("no shapes") and "response_format" in body:
            return answer({"error": {"message": "response_format is not supported"}}, 400)
        if self._desk.too_fast("language_model"):
            exchange.refuse_too_fast()
            return answer({"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}, 429)
        asked = json.loads(body["messages"][-1]["content"])
        said = {"answers": _judged(asked["quotations"]) if "quotations" in asked else _read(asked, exchange)}
        content = json.dumps(said, ensure_ascii=False)
        if exchange.is_odd("prose"):
            content = "The company seems to be a good match."
        if exchange.is_odd("fenced"):
            content = f"<think>Which {{page}} is it?</think>Here it is:\n```json\n{content}\n```"
        read, written = len(json.dumps(body)) // 4, len(content) // 4
        exchange.charge(body["model"], -(-(read * READ_MICROS + written * WRITTEN_MICROS) // 1_000_000))
        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        message = {"role": "assistant", "content": content}
        completion: dict[str, Any] = {
            "id": f"chatcmpl-{exchange.number}",
            "object": "chat.completion",
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": usage,
        }
        if exchange.is_odd("no usage"):
            del completion["usage"]
        return answer(completion)


def _read(asked: dict[str, Any], exchange: Exchange) -> list[dict[str, Any]]:
    found = [_answered(question, asked["pages"]) for question in asked["questions"]]
    for item in found:
        if exchange.is_odd("invents"):
            item |= {"answer": "yes", "quote": "They said so on the telephone."}
        if exchange.is_odd("elsewhere"):
            item["page"] += 1
    if exchange.is_odd("says more"):
        spoilt = {"number": "1", "answer": True, "quote": 7, "page": None}
        other = {**found[0], "number": 99, "confidence": 1.0, "reason": "It is a good company."}
        return [spoilt, other, *({**item, "confidence": 0.9} for item in found)]
    return found


def _answered(question: dict[str, Any], pages: list[dict[str, Any]]) -> dict[str, Any]:
    """Where a page gives orders: yes, by the line behind them. Otherwise by the line that shares most words."""
    lines = [(page["page"], line) for page in pages for line in page["lines"]]
    for place, (page, line) in enumerate(lines):
        if _ORDERS.search(line):
            quoted = lines[place + 1][1] if place + 1 < len(lines) else line
            return _verdict(question, "yes", quoted, page)
    shared = [(len(_shared(question["question"], line)), page, line) for page, line in lines]
    best, page, line = max(shared, key=lambda one: one[0], default=(0, 0, ""))
    if not best:
        return _verdict(question, "not_said", "", 0)
    return _verdict(question, "no" if " not " in f" {line} " else "yes", line, page)


def _judged(quotations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"number": item["number"], "stated": "yes" if _shared(item["question"], item["quotation"]) else "no"}
        for item in quotations
    ]


def _verdict(question: dict[str, Any], said: str, quote: str, page: int) -> dict[str, Any]:
    return {"number": question["number"], "answer": said, "quote": quote, "page": page}


def _shared(one: str, other: str) -> set[str]:
    """Words of both, by their beginnings."""
    first, second = ({word[:4] for word in _WORDS.findall(text.casefold())} for text in (one, other))
    return first & second
