"""Lists at NeverBounce: sent once, found again when their number was lost, read for nothing, paid as stated.

Rules of the provider (developers.neverbounce.com): each address checked costs one credit, and ``total.billable`` of a
list says how many that were; duplicates and what is no address are free. A list may fail, or be put aside for a review
by people, which is switched off here. ``jobs/search`` finds a list by its file name, which is ours.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.causes import Billed, Cause
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import EmailStatus
from pipeline.money.calls import Answer, Call, Earlier, Json, ProviderCalls, Reply
from pipeline.network.http import unreadable
from pipeline.providers.neverbounce.answers import KEY, NAME, body_of, shares, stated_billable
from pipeline.providers.neverbounce.list_questions import ListQuestions

LIST = "jobs_create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one address: its ``status``, or the ``error`` that left it without one.

    ``bearer`` is the business whose lead bears the cost, None for the first that asks. ``list_price_micros``: what a
    list asks for each of its addresses, 0 for an address that was checked alone. ``is_earlier``: an earlier run sent
    that list; ``ask_again``: it said nothing of the address.
    """

    status: EmailStatus | None = None
    error: SourceError | BudgetReached | None = None
    cost_micros: int = 0
    bearer: str | None = None
    list_price_micros: int = 0
    is_earlier: bool = False
    ask_again: bool = False


class Lists:
    """Sends and reads lists; used by several threads."""

    def __init__(self, calls: ProviderCalls, questions: ListQuestions, *, price_micros: int) -> None:
        self._calls = calls
        self._questions = questions
        self._price_micros = price_micros

    def send(self, borne_by: Mapping[str, str]) -> dict[str, Told]:
        """What a new list says of each address, given the business that bears its cost."""
        call = Call(
            provider=KEY,
            operation=LIST,
            # The name has to be new: the same addresses may have been sent before, and perhaps by somebody else.
            arguments={
                "emails": list(borne_by),
                "leads": list(borne_by.values()),
                "filename": f"prospectpro-{secrets.token_hex(12)}.csv",
            },
            price_micros=self._price_micros * len(borne_by),
        )
        try:
            return self._read(call, self._calls.ask(call, lambda: self._create(call)))
        except (SourceError, BudgetReached) as error:
            return _unanswered(call, error)

    def earlier(self) -> list[Earlier]:
        """The lists an earlier run of the campaign sent, but for those that are known to have failed."""
        return [each for each in self._calls.earlier(KEY, LIST) if not _has_failed(each.reply)]

    def read_again(self, earlier: Earlier) -> dict[str, Told]:
        """What an earlier list says of its addresses; none of one that may not exist and is to be asked again."""
        price = earlier.price_micros or self._price_micros * len(_listed(earlier.arguments, "emails"))
        call = Call(provider=KEY, operation=LIST, arguments=earlier.arguments, price_micros=price)
        try:
            reply = earlier.reply or self._found_after_all(call)
            if reply is None and earlier.may_repeat:
                return {}
            if reply is None:
                raise SourceError(Cause.INTERRUPTED, NAME, billed=Billed.UNKNOWN)
            told = self._read(call, reply)
        except SourceError as error:
            told = _unanswered(call, error)
        return {
            email: replace(each, is_earlier=True, ask_again=_cause(each) is Cause.NO_RESULT)
            for email, each in told.items()
        }

    def _create(self, call: Call) -> Answer:
        """Make the list. An answer that is lost on its way is looked for among the account's lists."""
        try:
            reply = self._questions.made(
                {
                    "input_location": "supplied",
                    "input": [{"email": email} for email in _listed(call.arguments, "emails")],
                    "filename": call.arguments["filename"],
                    "auto_parse": True,
                    "auto_start": True,
                    "allow_manual_review": False,
                }
            )
            job = body_of(reply).get("job_id")
            if not isinstance(job, int | str) or isinstance(job, bool):
                raise unreadable(NAME)
        except SourceError as error:
            found = None if error.is_free else self._questions.found(call.arguments["filename"])
            if found is None:
                raise
            job = found
        return self._answer({"job_id": job}, call.price_micros)

    def _answer(self, body: dict[str, Json], cost_micros: int) -> Answer:
        is_simulated = self._questions.is_simulated
        return Answer(http_status=200, body=body, cost_micros=cost_micros, simulated=is_simulated)

    def _found_after_all(self, call: Call) -> Reply | None:
        """The answer to a list that was made although no answer came, or None."""
        job = self._questions.found(call.arguments.get("filename"))
        if job is None:
            return None
        answer = self._answer({"job_id": job}, call.price_micros)
        self._calls.restate(call, answer)
        return Reply(body=answer.body, cost_micros=answer.cost_micros)

    def _read(self, call: Call, reply: Reply) -> dict[str, Told]:
        """What a list came to, at the cost the provider states. It counts as paid while nobody can read it."""
        body: Any = reply.body
        job, emails = str(body["job_id"]), [str(email) for email in _listed(call.arguments, "emails")]
        try:
            state = self._questions.when_over(job)
            is_complete = state["job_status"] == "complete"
            rows = dict(self._questions.rows(job, len(emails))) if is_complete else {}
        except SourceError as error:
            raise SourceError(error.cause, NAME, billed=Billed.YES) from None
        billable = stated_billable(state, len(emails))
        if billable is None and not is_complete:
            raise SourceError(Cause.LIST_FAILED, NAME, billed=Billed.UNKNOWN)
        paid = shares(emails, rows, len(emails) if billable is None else billable, call.price_micros)
        stated: dict[str, Json] = {"job_id": job} if is_complete else {"job_id": job, "failed": True}
        self._calls.restate(call, self._answer(stated, sum(paid.values())))
        borne_by, told = bearers(call), {}
        missing = SourceError(Cause.NO_RESULT if is_complete else Cause.LIST_FAILED, NAME)
        for email in emails:
            status = rows[email].status if email in rows else None
            told[email] = Told(
                status=status,
                error=missing if status is None else None,
                cost_micros=paid[email],
                bearer=borne_by.get(email),
                list_price_micros=call.price_micros // len(emails),
            )
        return told


def _unanswered(call: Call, error: SourceError | BudgetReached) -> dict[str, Told]:
    """A list without an answer; one that may have been billed counts in full."""
    emails = [str(email) for email in _listed(call.arguments, "emails")]
    may_be_billed = isinstance(error, SourceError) and not error.is_free
    price, borne_by = call.price_micros // len(emails), bearers(call)
    return {
        email: Told(
            error=error,
            cost_micros=price if may_be_billed else 0,
            bearer=borne_by.get(email),
            list_price_micros=price,
        )
        for email in emails
    }


def addresses(earlier: Earlier) -> list[str]:
    """The addresses of a list."""
    return [str(email) for email in _listed(earlier.arguments, "emails")]


def bearers(question: Call | Earlier) -> dict[str, str]:
    """The business whose lead bears the cost of each address of a list; none of lists that were sent before that was
    noted."""
    emails, leads = _listed(question.arguments, "emails"), _listed(question.arguments, "leads")
    return {str(email): str(lead) for email, lead in zip(emails, leads, strict=False)}


def _listed(arguments: Mapping[str, Json], name: str) -> list[Json]:
    found = arguments.get(name)
    return found if isinstance(found, list) else []


def _has_failed(reply: Reply | None) -> bool:
    return reply is not None and isinstance(reply.body, dict) and bool(reply.body.get("failed"))


def _cause(told: Told) -> Cause | None:
    return told.error.cause if told.error else None
