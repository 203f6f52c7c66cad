"""A lead on its way through the verification: its addresses one after the other, what each came to and cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.contact.email_checks import Verdict
from pipeline.enrichment.contact_choice import USELESS, unchecked, with_contacts, with_statuses
from pipeline.enrichment.step_results import failed
from pipeline.enrichment.verdicts import MOST_ADDRESSES, TOO_MANY, said_of
from pipeline.lead import EmailStatus, Lead, StepOutcome, StepResult
from pipeline.providers.neverbounce.answers import KEY, SAID, normal
from pipeline.providers.neverbounce.lists import Told

_NO_MORE = "Its other addresses were not checked: this campaign has sent as many lists as it may."
_NOT_YET = "It was not checked: this campaign has sent as many lists as it may."


@dataclass(slots=True)
class Case:
    """A lead that waits for a verdict. ``former`` is what an earlier run left undone, ``free`` what a free check said
    of the present address. ``take…`` give the lead when it is through, None when its next address is to be checked."""

    lead: Lead
    former: tuple[StepResult, ...] = ()
    free: Verdict | None = None
    _cost_micros: int = 0
    _shared_micros: int = 0
    _said: list[tuple[str, str]] = field(default_factory=list)
    _checked: int = 0

    @classmethod
    def of(cls, lead: Lead, free: Verdict | None = None) -> Case:
        """The case of a lead; what an earlier run paid for it stays on it. ``free``: why nothing is to be asked."""
        former = tuple(result for result in lead.undone if result.step == KEY)
        return cls(
            lead=replace(lead, undone=tuple(result for result in lead.undone if result.step != KEY)),
            former=former,
            free=free,
            _cost_micros=sum(result.cost_micros for result in former),
            _shared_micros=sum(result.shared_micros for result in former),
        )

    @property
    def key(self) -> str:
        """The business it is about."""
        return self.lead.business.key

    @property
    def email(self) -> str:
        """The address to be checked, as the lead has it."""
        return self.lead.business.email or ""

    @property
    def address(self) -> str:
        """The address to be checked, as it is asked for."""
        return normal(self.email)

    @property
    def has_more(self) -> bool:
        """Whether another address would be checked if this one is of no use."""
        return self._checked + 1 < MOST_ADDRESSES and unchecked(self.lead) > 1

    def take_free(self, verdict: Verdict) -> Lead | None:
        """A free check settled the present address."""
        email = self.email
        if verdict.status is not None:
            self._judge(email, verdict.status)
        self._said.append((email, verdict.why))
        if verdict.status in USELESS and self._goes_on:
            return None
        return self._ended(StepOutcome.FOUND if self._checked else StepOutcome.SKIPPED, self._detail())

    def take(self, told: Told) -> Lead | None:
        """The present address was asked about; what a free check said of it since counts more."""
        self.bear_first(told)
        if self.free is not None:
            return self.take_free(self.free)
        if told.error is not None:
            got = failed(self.lead, KEY, told.error).steps[-1]
            named = f"{self.email} was not checked: {got.detail}" if self._said else got.detail
            return self._ended(got.outcome, self._detail(named), got)
        status = told.status or EmailStatus.UNKNOWN
        email = self.email
        self._judge(email, status)
        self._said.append((email, SAID[status]))
        self._checked += 1
        if status in USELESS and self._goes_on:
            if self._checked < MOST_ADDRESSES:
                return None
            return self._ended(StepOutcome.FOUND, self._detail(TOO_MANY))
        unclear = status is EmailStatus.UNKNOWN
        return self._ended(StepOutcome.NOT_FOUND if unclear else StepOutcome.FOUND, self._detail())

    def take_nothing(self) -> Lead:
        """Nobody may be asked about the present address any more."""
        if self._checked:
            return self._ended(StepOutcome.FOUND, self._detail(_NO_MORE))
        undone = StepResult(step=KEY, outcome=StepOutcome.SKIPPED, detail=_NOT_YET, is_open=True)
        return self._ended(undone.outcome, self._detail(_NOT_YET), undone)

    def bear_first(self, told: Told) -> None:
        """Put the cost of an answer on the lead, if it is this one's. Its shares of earlier lists are there already."""
        if told.bearer is None or (told.bearer == self.key and not told.is_earlier):
            self.bear(told)

    def bear(self, told: Told) -> None:
        """Put the cost of an answer on the lead."""
        cost = told.cost_micros - (self._counted(told) if told.is_earlier else 0)
        self._cost_micros += cost
        self._shared_micros += cost if told.list_price_micros else 0

    def _counted(self, told: Told) -> int:
        """What of an earlier list's price is on the lead already: it counted as billed while nobody knew."""
        if told.ask_again:
            return told.cost_micros if self.former else 0
        unclear = [result for result in self.former if result.outcome is StepOutcome.UNCERTAIN]
        # Lists sent before shares were noted name no bearers.
        noted = sum(result.cost_micros if told.bearer is None else result.shared_micros for result in unclear)
        return min(noted, told.list_price_micros)

    @property
    def _goes_on(self) -> bool:
        return self.lead.email_status is EmailStatus.UNVERIFIED

    def _judge(self, email: str, status: EmailStatus) -> None:
        self.lead = with_statuses(with_contacts(self.lead, []), {email.casefold(): status})

    def _detail(self, last: str | None = None) -> str:
        return said_of(self._said, self.email, last)

    def _ended(self, outcome: StepOutcome, detail: str, got: StepResult | None = None) -> Lead:
        result = StepResult(
            step=KEY,
            outcome=outcome,
            detail=detail,
            cost_micros=self._cost_micros,
            is_open=got is not None and got.is_open,
            cause=got.cause if got else None,
            shared_micros=self._shared_micros,
        )
        return replace(self.lead, steps=(*self.lead.steps, result))
