"""NeverBounce v4: whether a mailbox exists. A handful by single check, more as lists, while look-ups go on.

Rules of the provider (developers.neverbounce.com): key and address go into a POST body; errors come inside HTTP 200
under ``status``; each address checked costs one credit. Only ``valid`` means verified.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from pipeline.contact.email_checks import FreeChecks, Verdict
from pipeline.enrichment.step_results import skipped
from pipeline.lead import EmailStatus, Lead
from pipeline.money.calls import Earlier, ProviderCalls
from pipeline.network.http import ProviderHttp
from pipeline.ports import Turn
from pipeline.providers.neverbounce.answers import KEY
from pipeline.providers.neverbounce.asking import Asking
from pipeline.providers.neverbounce.cases import Case
from pipeline.providers.neverbounce.list_questions import ListQuestions
from pipeline.providers.neverbounce.lists import Lists, Told, addresses, bearers
from pipeline.providers.neverbounce.schedule import Schedule

_TOGETHER = 10  # Leads whose addresses are looked at for nothing in one piece of work.

Work = Callable[[], None]


class NeverBounceStep:
    """Verifies the address of each lead, and its next one when that is of no use; the best leads first when the budget
    is short."""

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
        questions = ListQuestions(calls, http, key, wait=wait)
        self._lists = Lists(calls, questions, price_micros=price_micros)
        self._asking = Asking(calls, http, key, price_micros=price_micros, checks=checks, lists=self._lists)
        self._schedule: Schedule | None = None
        self._unread: dict[str, Earlier] = {}
        self._listed: frozenset[str] = frozenset()
        # By lead, the addresses earlier lists were paid for on its behalf, and what those came to.
        self._owed: dict[str, list[str]] = defaultdict(list)
        self._shares: dict[str, list[Told]] = defaultdict(list)
        self._looking = 0
        # An address that cases wait for is to be done or is being asked about; any other may have been told of.
        self._waiting: dict[str, list[Case]] = defaultdict(list)
        self._todo: dict[str, None] = {}
        self._reading: set[str] = set()
        self._told: dict[str, Told] = {}

    def take_turn(self, leads: Sequence[Lead], coming: int | None) -> Turn:
        """Each lead with what is known of its address, as soon as it is known."""
        schedule = self._scheduled()
        work: list[Work] = []
        done, cases = self._taken_on(leads)
        for case, through in self._settled(work):
            if through is None:
                cases.append(case)
            else:
                done.append(through)
        self._looking += len(cases)
        for start in range(0, len(cases), _TOGETHER):
            work.append(partial(self._asking.look, cases[start : start + _TOGETHER], self._listed))
        while self._asking.elsewhere:
            work.append(partial(self._asking.wait_for, self._asking.elsewhere.popleft()))
        if self._todo:
            soon = None if coming is None else coming + self._looking + self._more()
            work += self._questions(schedule, soon)
            if schedule.is_used_up and soon == 0:
                done += self._given_up()
        return Turn(done, work)

    def _taken_on(self, leads: Sequence[Lead]) -> tuple[list[Lead], list[Case]]:
        """Leads without anything to find out, and the cases of those that are to be looked at."""
        done: list[Lead] = []
        cases: list[Case] = []
        for lead in leads:
            why = _needless(lead)
            if why is None:
                cases.append(Case.of(lead))
            elif lead.business.key in self._owed:
                self._looking += 1
                self._asking.looked.append(Case.of(lead, Verdict(None, why)))
            else:
                done.append(skipped(lead, self.name, why))
        return done, cases

    def _scheduled(self) -> Schedule:
        if self._schedule is None:
            lists = self._lists.earlier()
            for address, key in (pair for earlier in lists for pair in bearers(earlier).items()):
                self._owed[key].append(address)
            self._unread = {address: earlier for earlier in lists for address in addresses(earlier)}
            self._listed = frozenset(self._unread)
            self._schedule = Schedule(had_lists=bool(lists))
        while self._asking.unsent:
            self._schedule.no_list(is_tight=self._asking.unsent.popleft())
        return self._schedule

    def _settled(self, work: list[Work]) -> Iterator[tuple[Case, Lead | None]]:
        """Cases about whose address something is known now, each with its lead when it is through."""
        asking = self._asking
        while asking.put_back:
            address = asking.put_back.popleft()
            self._reading.discard(address)
            for case in self._waiting.pop(address, []):
                yield from self._after(case, work)
        while asking.news:
            address, told = asking.news.popleft()
            self._reading.discard(address)
            self._told[address] = told
            if told.is_earlier and told.bearer:
                self._shares[told.bearer].append(told)
            for case in self._waiting.pop(address, []):
                yield from self._after(case, work)
        while asking.looked:
            case = asking.looked.popleft()
            self._looking -= 1
            yield from self._after(case, work)

    def _after(self, case: Case, work: list[Work]) -> Iterator[tuple[Case, Lead | None]]:
        """A case whose address was told of or settled for nothing, or else it waits for that; first for all lists that
        were paid for its lead, whatever there is to ask by now."""
        owed = [address for address in self._owed.get(case.key, ()) if self._is_unread(address)]
        if owed:
            self._waiting[owed[0]].append(case)
            self._read(owed[0], work)
            return
        for told in self._shares.pop(case.key, ()):
            case.bear(told)
        yield from self._through(case, work)

    def _through(self, case: Case, work: list[Work]) -> Iterator[tuple[Case, Lead | None]]:
        address = case.address
        known = self._told.get(address)
        if known is not None and known.ask_again:
            case.bear_first(known)
            del self._told[address]
        elif known is not None:
            if known.bearer is None:
                self._told[address] = replace(known, bearer=case.key)
            yield case, case.take(known)
            return
        if case.free is not None:
            yield case, case.take_free(case.free)
            return
        is_first = address not in self._waiting
        self._waiting[address].append(case)
        if self._is_unread(address):
            self._read(address, work)
        elif is_first:
            self._todo[address] = None

    def _is_unread(self, address: str) -> bool:
        return address in self._unread or address in self._reading

    def _read(self, address: str, work: list[Work]) -> None:
        """Read the earlier list that holds an address, unless that is under way."""
        if address in self._unread:
            earlier = self._unread[address]
            self._reading.update(addresses(earlier))
            self._unread = {each: one for each, one in self._unread.items() if one is not earlier}
            work.append(partial(self._asking.read_again, earlier))

    def _more(self) -> int:
        """How many addresses may be to be checked when those that are being asked about are of no use."""
        asked = (cases for address, cases in self._waiting.items() if address not in self._todo)
        return sum(case.has_more for cases in asked for case in cases)

    def _questions(self, schedule: Schedule, soon: int | None) -> list[Work]:
        """What is to be asked now of the addresses that nobody has asked about."""
        alone = schedule.singles(len(self._todo), soon)
        if alone:
            return [partial(self._asking.check, case) for case in self._next(alone)]
        if schedule.has_list(len(self._todo), soon):
            return [partial(self._asking.send, self._next(len(self._todo)), is_last=soon == 0)]
        return []

    def _next(self, number: int) -> list[Case]:
        """So many of the addresses that are to be done, those of the best leads first."""
        cases = [self._waiting[address][0] for address in self._todo]
        chosen = sorted(cases, key=lambda case: -case.lead.business.confidence)[:number]
        for case in chosen:
            del self._todo[case.address]
        return chosen

    def _given_up(self) -> list[Lead]:
        cases = [case for address in self._todo for case in self._waiting.pop(address)]
        self._todo.clear()
        return [case.take_nothing() for case in cases]


def _needless(lead: Lead) -> str | None:
    """Why nothing about a lead's address needs to be found out."""
    if lead.business.email is None:
        return "There is no address to check."
    if lead.email_status is EmailStatus.VERIFIED:
        return "The address is verified already."
    return None
