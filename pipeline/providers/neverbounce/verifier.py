"""NeverBounce v4: whether a mailbox exists. A handful by single check, more as a list.

Rules of the provider (developers.neverbounce.com): key and address go into a POST body; errors come inside HTTP 200
under ``status``; walking a list through single checks can get the account locked, so lists are jobs; each address
checked costs one credit. Only ``valid`` means verified.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from pipeline.causes import Billed, Cause
from pipeline.contact.contacts import email_address
from pipeline.contact.email_checks import FreeChecks, Verdict
from pipeline.enrichment.contact_choice import with_contacts, with_statuses
from pipeline.enrichment.step_results import ended, failed, skipped
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import EmailStatus, Lead, StepOutcome
from pipeline.money.calls import Answer, Call, Earlier, Json, ProviderCalls, Reply
from pipeline.network.http import ProviderHttp, unreadable
from pipeline.network.json_body import readable_items
from pipeline.providers.neverbounce.answers import NAME, SAID, body_of, kept_status, status_of

HANDFUL = 20
"""Up to so many addresses are checked one by one; our reading of "a handful"."""
KEEP_DAYS = 30
KEEP_VAGUE_DAYS = 7
"""An unclear answer may be clear next week; a clear one stays so for a month. Our own choice."""
_SINGLE_TIMEOUT_S = 8  # Less than we wait for an answer, so that NeverBounce says "unknown" itself.
_PAGE = 1000
_FIRST_POLL_S, _LONGEST_POLL_S = 0.25, 2.0
_LONGEST_JOB_S = 600.0
KEY = "neverbounce"
SINGLE, LIST = "single_check", "jobs_create"

_VAGUE = (EmailStatus.CATCHALL, EmailStatus.UNKNOWN)


class NeverBounceStep:
    """Verifies the address of each lead, the best leads first when the budget is short."""

    name = KEY

    def __init__(
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        key: str,
        *,
        price_micros: int,
        checks: FreeChecks,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._http = http
        self._key = key
        self._price_micros = price_micros
        self._checks = checks
        self._wait = wait

    def enrich_all(self, leads: Sequence[Lead]) -> Iterator[Lead]:
        """Each lead with what is known of its address."""
        unsettled: list[Lead] = []
        with ThreadPoolExecutor(HANDFUL, thread_name_prefix="check") as threads:
            for lead, settled in zip(leads, threads.map(self._free, leads), strict=True):
                if settled is None:
                    unsettled.append(lead)
                else:
                    yield settled
            waiting = yield from self._from_earlier_lists(unsettled)
            if len({_address(lead) for lead in waiting}) <= HANDFUL:
                yield from threads.map(self._single, waiting)
                return
        yield from self._as_list(waiting)

    def _free(self, lead: Lead) -> Lead | None:
        """The lead when no paid check is needed, None when one is."""
        email = lead.business.email
        if email is None:
            return skipped(lead, self.name, "There is no address to check.")
        if lead.email_status is EmailStatus.VERIFIED:
            return skipped(lead, self.name, "The address is verified already.")
        verdict = self._checks.address(email)
        return None if verdict is None else self._spared(lead, verdict)

    def _spared(self, lead: Lead, verdict: Verdict) -> Lead:
        self._calls.spare(self._check_call(lead), "free check")
        if verdict.status is not None:
            lead = with_statuses(lead, {_address(lead): verdict.status})
        return skipped(lead, self.name, verdict.why)

    def _check_call(self, lead: Lead) -> Call:
        return Call(
            provider=KEY,
            operation=SINGLE,
            arguments={"email": _address(lead)},
            price_micros=self._price_micros,
            subject=lead.business.key,
            keep_days=KEEP_DAYS,
        )

    def _single(self, lead: Lead) -> Lead:
        call = self._check_call(lead)
        try:
            reply = self._calls.ask(call, lambda: self._check(_address(lead)))
        except (SourceError, BudgetReached) as error:
            return failed(lead, self.name, error, self._price_micros)
        return self._replied(lead, reply)

    def _replied(self, lead: Lead, reply: Reply) -> Lead:
        cost = reply.cost_micros if reply.subject in (None, lead.business.key) else 0
        return self._with(lead, kept_status(reply.body), cost)

    def _with(self, lead: Lead, status: EmailStatus, cost: int) -> Lead:
        checked = with_statuses(with_contacts(lead, []), {_address(lead): status})
        outcome = StepOutcome.NOT_FOUND if status is EmailStatus.UNKNOWN else StepOutcome.FOUND
        return ended(checked, self.name, outcome, SAID[status], cost)

    def _check(self, email: str) -> Answer:
        reply = self._http.post_form(
            "single/check", {"key": self._key, "email": email, "timeout": str(_SINGLE_TIMEOUT_S)}
        )
        status = status_of(body_of(reply).get("result"))
        return Answer(
            http_status=reply.status,
            body={"result": status.value},
            cost_micros=self._price_micros,
            found=status is not EmailStatus.UNKNOWN,
            simulated=reply.simulated,
            keep_days=KEEP_VAGUE_DAYS if status in _VAGUE else None,
        )

    def _from_earlier_lists(self, leads: Sequence[Lead]) -> Generator[Lead, None, list[Lead]]:
        """Leads whose addresses stood in a list an interrupted run had sent; returns the others.

        The lists of a resumed run would be others, so the question is not recognised by its arguments.
        """
        asked = _by_address(leads)
        for earlier in self._calls.earlier(KEY, LIST):
            emails = [str(email) for email in _listed(earlier) if email in asked]
            again = {email: asked.pop(email) for email in emails}
            yield from self._results_of(again, partial(self._read, earlier))
        return [lead for lead in leads if _address(lead) in asked]

    def _read(self, earlier: Earlier) -> dict[str, Json]:
        if earlier.reply is None:
            raise SourceError(Cause.INTERRUPTED, NAME, billed=Billed.UNKNOWN)
        return self._answers(earlier.reply, len(_listed(earlier)))

    def _as_list(self, leads: Sequence[Lead]) -> Iterator[Lead]:
        """Held answers first, then one job for the rest, as many of them as the budget pays."""
        open_leads: list[Lead] = []
        for lead in leads:
            held = self._calls.held(self._check_call(lead))
            if held is not None:
                yield self._replied(lead, held)
            else:
                open_leads.append(lead)
        asked = _by_address(open_leads)
        affordable = self._calls.affordable(self._price_micros)
        emails = list(asked)[:affordable]
        for email in list(asked)[affordable:]:
            yield from (failed(lead, self.name, BudgetReached()) for lead in asked[email])
        if emails:
            yield from self._results_of({email: asked[email] for email in emails}, lambda: self._job(emails))

    def _results_of(
        self, asked: Mapping[str, Sequence[Lead]], ask: Callable[[], Mapping[str, Json]]
    ) -> Iterator[Lead]:
        """The leads of a list, each with its result or with why there is none."""
        if not asked:
            return
        try:
            found = ask()
        except (SourceError, BudgetReached) as error:
            for first, *others in asked.values():
                yield failed(first, self.name, error, self._price_micros)
                yield from (failed(lead, self.name, error) for lead in others)
            return
        for email, leads in asked.items():
            yield from self._told(leads, found.get(email))

    def _told(self, leads: Sequence[Lead], result: Json) -> Iterator[Lead]:
        """The leads of one address; the first bears its cost. The result is kept for single checks to come."""
        status = status_of(result)
        if result is not None:
            self._calls.remember(self._check_call(leads[0]), {"result": status.value})
        for number, lead in enumerate(leads):
            yield self._with(lead, status, 0 if number else self._price_micros)

    def _job(self, emails: Sequence[str]) -> dict[str, Json]:
        """Results by address, from one job."""
        call = Call(
            provider=KEY,
            operation=LIST,
            arguments={"emails": list(emails)},
            price_micros=self._price_micros * len(emails),
        )
        return self._answers(self._calls.ask(call, lambda: self._create(emails)), len(emails))

    def _answers(self, reply: Reply, number: int) -> dict[str, Json]:
        """What a list came to. It is paid for, whatever keeps us from reading it."""
        body: Any = reply.body
        job = str(body["job_id"])
        try:
            self._until_complete(job)
            pages = range(1, -(-number // _PAGE) + 1)
            return {email: result for page in pages for email, result in self._results(job, page)}
        except SourceError as error:
            raise SourceError(error.cause, NAME, billed=Billed.YES) from None

    def _create(self, emails: Sequence[str]) -> Answer:
        reply = self._http.post_json(
            "jobs/create",
            {
                "key": self._key,
                "input_location": "supplied",
                "input": [{"email": email} for email in emails],
                "auto_parse": True,
                "auto_start": True,
            },
        )
        job = body_of(reply).get("job_id")
        if not isinstance(job, int | str) or isinstance(job, bool):
            raise unreadable(NAME)
        cost = self._price_micros * len(emails)
        return Answer(http_status=200, body={"job_id": job}, cost_micros=cost, simulated=reply.simulated)

    def _until_complete(self, job: str) -> None:
        waited, pause_s = 0.0, _FIRST_POLL_S
        while waited < _LONGEST_JOB_S:
            body = self._free_question("jobs/status", {"job_id": job})
            state = body.get("job_status")
            if state == "complete":
                return
            if state in ("failed", "under_review"):
                raise SourceError(Cause.LIST_FAILED, NAME)
            self._wait(pause_s)
            waited += pause_s
            pause_s = min(_LONGEST_POLL_S, pause_s * 1.3)
        raise SourceError(Cause.LIST_UNFINISHED, NAME)

    def _results(self, job: str, page: int) -> Iterator[tuple[str, Json]]:
        body = self._free_question(
            "jobs/results", {"job_id": job, "page": str(page), "items_per_page": str(_PAGE)}
        )
        for row in readable_items(body.get("results")):
            data = row.get("data") if isinstance(row, dict) else None
            verification = row.get("verification") if isinstance(row, dict) else None
            if isinstance(data, dict) and isinstance(verification, dict):
                yield _normal(str(data.get("email", ""))), verification.get("result")

    def _free_question(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        def send() -> Answer:
            reply = self._http.post_form(path, {"key": self._key, **fields})
            body: dict[str, Json] = body_of(reply, in_parts=True)
            return Answer(http_status=reply.status, body=body, simulated=reply.simulated)

        call = Call(provider=KEY, operation=path.replace("/", "_"), arguments=dict(fields))
        waited = 0.0
        while True:
            try:
                body: Any = self._calls.ask_free(call, send).body
                return dict(body)
            except SourceError as error:
                # Nothing is billed for asking how a list is, so an answer that broke off is worth asking for again.
                if not error.cause.may_pass or waited >= _LONGEST_JOB_S:
                    raise
            self._wait(_LONGEST_POLL_S)
            waited += _LONGEST_POLL_S


def _address(lead: Lead) -> str:
    return _normal(lead.business.email or "")


def _normal(email: str) -> str:
    """An address as it is asked for and compared: the part before the @ keeps its case for the server that owns it."""
    return (email_address(email).value or email).casefold()


def _by_address(leads: Sequence[Lead]) -> dict[str, list[Lead]]:
    found: dict[str, list[Lead]] = {}
    for lead in leads:
        found.setdefault(_address(lead), []).append(lead)
    return found


def _listed(earlier: Earlier) -> Sequence[Json]:
    emails = earlier.arguments.get("emails")
    return emails if isinstance(emails, list) else []
