"""``POST /chat/completions`` of an interface like OpenAI's, in the ledger from before it leaves.

What is reserved is the most a question can cost: a token is at least one byte of what is read, and no more is written
than is allowed. What is booked is what the answer says was used, or all of it where it does not say.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.enrichment.qualifying import Asking, Claims
from pipeline.money.calls import Answer, Call, Json, ProviderCalls, Reply
from pipeline.network.http import HttpReply, ProviderHttp
from pipeline.providers.language_model import questions
from pipeline.providers.language_model.answers import (
    Written,
    failure_of,
    refuses_shape,
    stated,
    verdicts,
    written,
)
from pipeline.qualification.criteria import Answer as Said
from pipeline.qualification.criteria import Criterion, Verdict
from pipeline.qualification.evidence import Claim
from pipeline.qualification.pages import Page

KEY = "language_model"
READ, JUDGE = "read_pages", "judge_quotations"
AT_ONCE = 4
"""Questions asked at a time: what a server of one's own may have room for. Our own choice."""
PATIENCE_S = 120.0
KEEP_DAYS = 30
"""What it made of pages serves everybody whose question, pages and model are the same for so long. Our own choice."""
_FORM = 1
"""Raised when questions are put in another way, so that no answer to the former ones is used."""
_AROUND = 300
"""Tokens a server may put around what is read, for the roles of a conversation and the shape of the answer."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Millionths of a US dollar for a million tokens that are read and that are written."""

    read: int
    written: int

    def of(self, read: int, written: int) -> int:
        """What so many tokens cost, in whole millionths."""
        return -(-(read * self.read + written * self.written) // 1_000_000)


class LanguageModel:
    """One model behind one address; a few questions at a time."""

    label = "the language model"

    def __init__(
        self, calls: ProviderCalls, http: ProviderHttp, *, key: str, model: str, prices: Prices
    ) -> None:
        self._calls = calls
        self._http = http
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._prices = prices
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._knows_shapes = True

    @property
    def is_paid(self) -> bool:
        """Whether a question costs anything."""
        return self._prices.of(1_000_000, 1_000_000) > 0

    def reading(self, pages: Sequence[Page], criteria: Sequence[Criterion], subject: str) -> Asking:
        """The question what the pages of one company say to criteria."""
        return _Reading(self, pages, criteria, subject)

    def judging(self, given: Mapping[int, Verdict], subject: str) -> Asking:
        """The question whether quotations by themselves say what was made of them."""
        return _Judging(self, given, subject)

    def price_micros(self, told: str, asked: str, shape: Json, count: int) -> int:
        """The most a question can cost."""
        most = len(f"{told}{asked}{json.dumps(shape)}".encode()) + _AROUND
        return self._prices.of(most, questions.most_written(count))

    def ask(self, call: Call, told: str, asked: str, shape: Json, count: int) -> Reply:
        """An answer, held or new. Raises SourceError, BudgetReached and Stopped."""
        with self._at_once:
            return self._calls.ask(call, lambda: self._answer(call, told, asked, shape, count))

    def call(
        self, operation: str, page: str, subject: str, arguments: Mapping[str, Json], price: int
    ) -> Call:
        """A question as the ledger knows it; of what is asked it holds where, and no page."""
        return Call(
            provider=KEY,
            operation=operation,
            arguments={
                "site": urlsplit(page).hostname or "",
                "model": self._model,
                "form": _FORM,
                **arguments,
            },
            price_micros=price,
            subject=subject,
            keep_days=KEEP_DAYS,
        )

    def _answer(self, call: Call, told: str, asked: str, shape: Json, count: int) -> Answer:
        reply = self._post(told, asked, shape if self._knows_shapes else None, count)
        if self._knows_shapes and refuses_shape(reply):
            # A refusal costs nothing. What comes without a shape is read all the same.
            self._knows_shapes = False
            reply = self._post(told, asked, None, count)
        if reply.status != 200:
            raise failure_of(reply)
        said = written(reply.body)
        return Answer(
            http_status=200,
            # Who asks to be erased is found by what an answer says, too.
            body={"site": call.arguments["site"], "answers": said.answers},
            cost_micros=min(call.price_micros, self._cost(said, call.price_micros)),
            found=said.answers is not None,
            simulated=reply.simulated,
        )

    def _post(self, told: str, asked: str, shape: Json, count: int) -> HttpReply:
        body = questions.request(self._model, told, asked, count, shape)
        return self._http.post_json("chat/completions", body, headers=self._headers)

    def _cost(self, said: Written, price: int) -> int:
        return (
            price if said.read is None or said.written is None else self._prices.of(said.read, said.written)
        )


class _Reading:
    def __init__(
        self, model: LanguageModel, pages: Sequence[Page], criteria: Sequence[Criterion], subject: str
    ) -> None:
        self._model = model
        self._pages = pages
        self._criteria = criteria
        self._subject = subject
        self._sent = questions.sent_pages(pages)
        self._asked = questions.about_pages(self._sent, criteria)
        self.price_micros = model.price_micros(
            questions.READING, self._asked, questions.VERDICTS, len(criteria)
        )

    def ask(self) -> Claims:
        """What the model makes of the pages; none where its answer cannot be read."""
        seen = json.dumps(self._sent, ensure_ascii=False).encode()
        arguments: dict[str, Json] = {
            "pages": hashlib.sha256(seen).hexdigest(),
            "questions": [criterion.text for criterion in self._criteria],
        }
        call = self._model.call(READ, self._pages[0].url, self._subject, arguments, self.price_micros)
        count = len(self._criteria)
        reply = self._model.ask(call, questions.READING, self._asked, questions.VERDICTS, count)
        answers = _answers_in(reply)
        found = verdicts(answers, count, len(self._pages))
        claims = {
            number - 1: Claim(
                Said(verdict.answer),
                verdict.quote,
                self._pages[verdict.page - 1].url if verdict.page else "",
            )
            for number, verdict in found.items()
        }
        return Claims(claims, _share(reply, self._subject), is_read=answers is not None)


class _Judging:
    def __init__(self, model: LanguageModel, given: Mapping[int, Verdict], subject: str) -> None:
        self._model = model
        self._given = given
        self._subject = subject
        self._quoted = [
            (place + 1, verdict.criterion, verdict.answer.value, verdict.quote or "")
            for place, verdict in given.items()
        ]
        self._asked = questions.about_quotations(self._quoted)
        self.price_micros = model.price_micros(
            questions.JUDGING, self._asked, questions.JUDGEMENTS, len(given)
        )

    def ask(self) -> Claims:
        """Those of the claims that the quotations bear out by themselves."""
        arguments: dict[str, Json] = {"quotations": [list(quoted) for quoted in self._quoted]}
        page = next(iter(self._given.values())).page or ""
        call = self._model.call(JUDGE, page, self._subject, arguments, self.price_micros)
        reply = self._model.ask(call, questions.JUDGING, self._asked, questions.JUDGEMENTS, len(self._given))
        borne_out = stated(_answers_in(reply))
        claims = {
            place: Claim(verdict.answer, verdict.quote or "", verdict.page or "")
            for place, verdict in self._given.items()
            if place + 1 in borne_out
        }
        return Claims(claims, _share(reply, self._subject), is_read=True)


def _answers_in(reply: Reply) -> Json:
    return reply.body.get("answers") if isinstance(reply.body, Mapping) else None


def _share(reply: Reply, subject: str) -> int:
    """Two leads of one company share one question; it is paid for by the lead it was made for."""
    return reply.cost_micros if reply.subject in (None, subject) else 0
