"""Reacher, ``POST /v0/check_email``: whether mail servers accept addresses, asked by a server somebody runs.

Its documentation (github.com/reacherhq/check-if-email-exists): the address goes into a JSON body as ``to_email``, a
shared secret into ``x-reacher-secret``; an answer is made while we wait, by a conversation with the mail server that
may take a minute; this endpoint knows no throttle of its own, so ours has to be kept.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from pipeline.causes import Billed, Cause
from pipeline.contact.contacts import email_address
from pipeline.contact.email_checks import FreeChecks
from pipeline.enrichment.contact_choice import USELESS, with_contacts, with_statuses
from pipeline.enrichment.step_results import ended, failed, skipped
from pipeline.enrichment.verdicts import MOST_ADDRESSES, TOO_MANY, said_of
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import EmailStatus, Lead, StepOutcome
from pipeline.money.calls import Answer, Call, ProviderCalls
from pipeline.network.http import HttpReply, ProviderHttp, too_fast, unreadable
from pipeline.providers.reacher.answers import NAME, SAID, Finding, finding, kept

KEY = "reacher"
CHECK = "check_email"
AT_ONCE = 5
"""Addresses checked at a time: the default of Reacher's own workers."""
PATIENCE_S = 75.0
"""How long an answer may take: its own default for one conversation was 45 s, and it may try a second time."""
IN_A_ROW = 5
"""After so many mail domains in a row that it spoke to none of, it is asked for nothing more. Our own choice."""
KEEP_DAYS = 7
"""What it found serves everybody for so long; greylisting read as a refusal is to mend itself. Our own choice."""
_OPEN = (EmailStatus.NONE, EmailStatus.UNVERIFIED, EmailStatus.UNKNOWN)


class ReacherStep:
    """Checks the address of each lead, and its next one when that is of no use; a few at a time."""

    name = KEY

    def __init__(self, calls: ProviderCalls, http: ProviderHttp, secret: str, *, checks: FreeChecks) -> None:
        self._calls = calls
        self._http = http
        self._headers = {"x-reacher-secret": secret} if secret else {}
        self._checks = checks
        self._guard = threading.Lock()
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._unreached: set[str] = set()

    def enrich(self, lead: Lead) -> Lead:
        """The lead with what its mail servers said."""
        email = lead.business.email
        if email is None:
            return skipped(lead, self.name, "There is no address to check.")
        if lead.email_status not in _OPEN:
            return skipped(lead, self.name, "More is known of the address already.")
        return self._checked(lead)

    def _checked(self, lead: Lead) -> Lead:
        """The lead after its addresses were checked, one after the other until one is of use."""
        said: list[tuple[str, str]] = []
        outcome, last = StepOutcome.SKIPPED, None
        while True:
            email = lead.business.email or ""
            try:
                status, text, is_asked = self._verdict(email, lead.business.key)
            except (SourceError, BudgetReached) as error:
                return _broken_off(failed(lead, self.name, error), email, said)
            if status is not None:
                lead = with_statuses(with_contacts(lead, []), {_normal(email): status})
            said.append((email, text))
            if is_asked:
                outcome = StepOutcome.NOT_FOUND if status is EmailStatus.UNKNOWN else StepOutcome.FOUND
            if status not in USELESS or lead.email_status is not EmailStatus.UNVERIFIED:
                break
            if len(said) == MOST_ADDRESSES:
                last = TOO_MANY
                break
        return ended(lead, self.name, outcome, said_of(said, lead.business.email, last))

    def _verdict(self, email: str, subject: str) -> tuple[EmailStatus | None, str, bool]:
        """What is known of an address, in a sentence, and whether Reacher was asked for it."""
        free = self._checks.address(email)
        if free is not None:
            return free.status, free.why, False
        with self._at_once:
            found = self._ask(_normal(email), subject)
        return found.status, SAID[found], True

    def _ask(self, email: str, subject: str) -> Finding:
        # Free, so that one whose answer was lost is simply asked again.
        call = Call(
            provider=KEY, operation=CHECK, arguments={"email": email}, subject=subject, repeatable=True
        )
        reply = self._calls.ask(call, lambda: self._send(email))
        found = kept(reply.body)
        if found.status is not EmailStatus.UNKNOWN:
            self._calls.remember(replace(call, keep_days=KEEP_DAYS), {"finding": found.value})
        return found

    def _send(self, email: str) -> Answer:
        try:
            reply = self._http.post_json("v0/check_email", {"to_email": email}, headers=self._headers)
            found = _read(reply)
        except SourceError as error:
            if error.cause is not Cause.NO_ANSWER:
                # Whatever went wrong with a server of one's own, it cost nothing.
                raise SourceError(error.cause, NAME, retry_after_s=error.retry_after_s) from None
            # Asking again would take as long again.
            return self._answer(Finding.SILENT, email, 0, is_simulated=False)
        return self._answer(found, email, reply.status, is_simulated=reply.simulated)

    def _answer(self, found: Finding, email: str, status: int, *, is_simulated: bool) -> Answer:
        """The answer, unless it is one of many that say that this server can speak to no mail server."""
        with self._guard:
            if found.is_unreached:
                self._unreached.add(email.rpartition("@")[2])
            else:
                self._unreached.clear()
            if len(self._unreached) >= IN_A_ROW:
                raise SourceError(Cause.NO_SMTP, NAME, detail=str(IN_A_ROW))
        return Answer(
            http_status=status,
            body={"finding": found.value},
            found=found.status is not EmailStatus.UNKNOWN,
            simulated=is_simulated,
        )


def _broken_off(lead: Lead, email: str, said: Sequence[tuple[str, str]]) -> Lead:
    """The lead whose last result names the addresses, when some were checked before Reacher gave out."""
    if not said:
        return lead
    *before, last = lead.steps
    detail = said_of(said, None, f"{email} was not checked: {last.detail}")
    return replace(lead, steps=(*before, replace(last, detail=detail)))


def _read(reply: HttpReply) -> Finding:
    if reply.status >= 500:
        raise SourceError(Cause.SERVER_ERROR, NAME, billed=Billed.NO, retry_after_s=reply.retry_after_s)
    if reply.status == 429:
        raise too_fast(NAME, reply)
    if reply.status in (400, 401, 403):
        # Reacher itself answers 400 to a missing or wrong secret; what we send is otherwise always well-formed.
        raise SourceError(Cause.KEY_REFUSED, NAME)
    if reply.status in (404, 405):
        raise SourceError(Cause.NOT_UNDERSTOOD, NAME)
    if reply.status >= 400:
        raise SourceError(Cause.NOT_ACCEPTED, NAME)
    found = finding(reply.body) if reply.status == 200 else None
    if found is None:
        raise unreadable(NAME)
    return found


def _normal(email: str) -> str:
    return (email_address(email).value or email).casefold()
