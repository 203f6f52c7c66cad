"""What a verification asks, on threads beside the one that decides; what comes of it is left to be taken up there."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipeline.contact.email_checks import FreeChecks
from pipeline.errors import BudgetReached, SourceError
from pipeline.lead import EmailStatus
from pipeline.money.calls import Answer, Call, Earlier, Json, ProviderCalls
from pipeline.network.http import ProviderHttp
from pipeline.providers.neverbounce.answers import KEY, body_of, kept_status, status_of
from pipeline.providers.neverbounce.cases import Case
from pipeline.providers.neverbounce.lists import Lists, Told, addresses

KEEP_DAYS = 30
KEEP_VAGUE_DAYS = 7
"""An unclear answer may be clear next week; a clear one stays so for a month. Our own choice."""
SINGLE = "single_check"
_SINGLE_TIMEOUT_S = 8  # Less than we wait for an answer, so that NeverBounce says "unknown" itself.
_VAGUE = (EmailStatus.CATCHALL, EmailStatus.UNKNOWN)


class Asking:
    """The questions of one run. ``looked``: cases that free checks are through with; ``news``: what became of
    addresses; ``put_back``: addresses that were not asked about; ``elsewhere``: questions somebody else is asking;
    ``unsent``: a list that was not sent, and whether for want of budget."""

    def __init__(
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        key: str,
        *,
        price_micros: int,
        checks: FreeChecks,
        lists: Lists,
    ) -> None:
        self._calls = calls
        self._http = http
        self._key = key
        self._price_micros = price_micros
        self._checks = checks
        self._lists = lists
        self.looked: deque[Case] = deque()
        self.news: deque[tuple[str, Told]] = deque()
        self.put_back: deque[str] = deque()
        self.elsewhere: deque[Sequence[Call]] = deque()
        self.unsent: deque[bool] = deque()

    def look(self, cases: Sequence[Case], listed: Collection[str]) -> None:
        """What can be known of addresses for nothing. Those of earlier lists (``listed``) are held, too, but were paid
        for there, whatever a free check says of them by now."""
        asked: list[Case] = []
        for case in cases:
            case.free = self._checks.address(case.email)
            if case.address in listed:
                continue
            if case.free is not None:
                self._calls.spare(self._call(case), "free check")
            else:
                asked.append(case)
        for place, reply in self._calls.held_many([self._call(case) for case in asked]).items():
            told = Told(status=kept_status(reply.body), cost_micros=reply.cost_micros, bearer=reply.subject)
            self.news.append((asked[place].address, told))
        self.looked.extend(cases)

    def check(self, case: Case) -> None:
        """Ask about one address alone."""
        address, key = case.address, case.key
        try:
            reply = self._calls.ask(self._call(case), lambda: self._answer(address))
        except (SourceError, BudgetReached) as error:
            self.news.append((address, self._failure(error, key)))
        else:
            bearer = reply.subject or key
            told = Told(status=kept_status(reply.body), cost_micros=reply.cost_micros, bearer=bearer)
            self.news.append((address, told))

    def _failure(self, error: SourceError | BudgetReached, key: str | None) -> Told:
        if isinstance(error, BudgetReached) or error.is_free:
            return Told(error=error)
        return Told(error=error, cost_micros=self._price_micros, bearer=error.subject or key)

    def send(self, cases: Sequence[Case], *, is_last: bool) -> None:
        """Ask about many addresses in a list, as many of them as the budget pays; before the last one only all."""
        calls = {case.address: self._call(case) for case in cases}
        mine = self._taken(list(calls.values()))
        number = min(self._calls.affordable(self._price_micros), len(mine))
        if number < len(mine) and not is_last:
            self._calls.release(mine)
            self.put_back.extend(_email(call) for call in mine)
            self.unsent.append(True)
            return
        for call in mine[number:]:
            self.news.append((_email(call), Told(error=BudgetReached())))
        told = self._lists.send({_email(call): str(call.subject) for call in mine[:number]}) if number else {}
        if not number:
            self.unsent.append(False)
        self._remember(told, {email: calls[email] for email in told})
        self._calls.release([call for call in mine if told.get(_email(call), Told()).status is None])
        self.news.extend(told.items())

    def _taken(self, calls: Sequence[Call]) -> Sequence[Call]:
        """Those of the questions that are ours to ask."""
        taken = self._calls.take(calls)
        for call, reply in taken.held:
            told = Told(status=kept_status(reply.body), cost_micros=reply.cost_micros, bearer=reply.subject)
            self.news.append((_email(call), told))
        for call, error in taken.uncertain:
            self.news.append((_email(call), self._failure(error, None)))
        if taken.elsewhere:
            self.elsewhere.append(taken.elsewhere)
        return taken.mine

    def wait_for(self, calls: Sequence[Call]) -> None:
        """Somebody else is asking about these."""
        self._calls.wait_for(calls)
        mine = self._taken(calls)
        self._calls.release(mine)
        self.put_back.extend(_email(call) for call in mine)

    def read_again(self, earlier: Earlier) -> None:
        """Read a list that an earlier run sent."""
        told = self._lists.read_again(earlier)
        self._remember(told, {email: self._call_for(email, None) for email in told})
        self.news.extend(told.items())
        self.put_back.extend(email for email in addresses(earlier) if email not in told)

    def _remember(self, told: Mapping[str, Told], calls: Mapping[str, Call]) -> None:
        """Keep the results of a list for single checks to come."""
        answers: list[tuple[Call, Json]] = [
            (
                replace(calls[email], keep_days=KEEP_VAGUE_DAYS if each.status in _VAGUE else KEEP_DAYS),
                {"result": each.status.value},
            )
            for email, each in told.items()
            if each.status is not None
        ]
        if answers:
            self._calls.remember_many(answers)

    def _call(self, case: Case) -> Call:
        return self._call_for(case.address, case.key)

    def _call_for(self, email: str, subject: str | None) -> Call:
        return Call(
            provider=KEY,
            operation=SINGLE,
            arguments={"email": email},
            price_micros=self._price_micros,
            subject=subject,
            keep_days=KEEP_DAYS,
        )

    def _answer(self, email: str) -> Answer:
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


def _email(call: Call) -> str:
    return str(call.arguments["email"])
