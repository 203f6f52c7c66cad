"""What a person can do with campaigns: order, watch, stop, repeat, delete."""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass, fields
from uuid import UUID

from jobs import endings, queue, tracing
from pipeline import events
from pipeline.campaign import MAX_TEXT, CampaignSpec, CampaignStatus
from pipeline.causes import Cause
from pipeline.money.amounts import money
from pipeline.money.order_prices import dearest_price_micros, first_price_micros
from pipeline.output.notices import unknown_location
from pipeline.providers.declaration import Kind
from pipeline.words.text import one_line
from services import guests, kept_answers, limits, paging, places, providers, understanding
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import campaigns, crash_points, forgetting, jobs, outbox, own_lists, progress, provider_setup
from store.campaigns import CampaignRow, NewCampaign, Which
from store.database import Connection, Role, transaction
from store.ids import new_id

log = logging.getLogger(__name__)

UNKNOWN = "We can't find that campaign. It may have been deleted, or the link is incomplete."
NONE_IS_NEW = (
    "Every company chosen from the book is in it: none would be left. Include them, or look them up anew."
)
_CONTINUABLE = (CampaignStatus.PARTIAL, CampaignStatus.COMPLETED, CampaignStatus.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView(CampaignRow):
    """A campaign as its owner sees it; ``remaining_s`` is an estimate, None until there is ground for one.

    ``can_continue``: it ended with something left undone. ``lacks_budget``: what stopped it is its budget, so
    that only more of it helps.
    """

    remaining_s: int | None
    lacks_budget: bool

    @property
    def can_continue(self) -> bool:
        return self.status is CampaignStatus.FAILED or (self.status in _CONTINUABLE and self.open_leads)

    @property
    def cost_per_lead_micros(self) -> int | None:
        return self.spent_micros // self.lead_count if self.lead_count else None

    @property
    def cost_per_usable_lead_micros(self) -> int | None:
        """Of a qualified lead with a verified address."""
        return self.spent_micros // self.emails_verified if self.emails_verified else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage:
    """One page of a list, newest first; ``total`` counts all that match."""

    rows: tuple[CampaignView, ...]
    next_cursor: str | None
    total: int


def submit(person: Person, spec: CampaignSpec, idem_key: str) -> UUID:
    """Order a campaign and return its id; the same ``idem_key`` again returns the first one.

    Campaign, job and outbox row are one transaction; the answer does not wait for Redis. Raises NotAllowed, Conflict
    when the key was used for another order, a money limit leaves too little, a guest has ordered enough or its own list
    is gone, and Invalid when nobody understands one of its types, when a chosen provider is not set up here, when
    nobody it asks knows the place, when it wants new companies alone of a list of the book, or when the budget is below
    the price of the first paid call.
    """
    require(person, Right.RUN_CAMPAIGNS)
    spec = understanding.ordered(spec)
    check(spec)
    new = NewCampaign(
        workspace_id=person.workspace_id,
        campaign_id=new_id(),
        job_id=new_id(),
        created_by=person.id,
        idem_key=idem_key[:200],
        spec=spec,
    )
    with tracing.ordered(new.job_id, new.campaign_id):
        return _ordered(person, new)


def _ordered(person: Person, new: NewCampaign) -> UUID:
    spec = new.spec
    with limits.opening(), guests.ordering(person), transaction(Role.WEB, proof=person.proof) as conn:
        if not campaigns.insert(conn, new):
            return _earlier(conn, new)
        if spec.own_list and not own_lists.order(
            conn, person.workspace_id, spec.own_list, is_of_book=spec.is_of_book
        ):
            raise Conflict(unknown_location(spec))
        promise = outbox.promise(conn, person.workspace_id, new.job_id, 0)
        crash_points.here("submit.committing")
    crash_points.here("submit.committed")
    events.info(log, "campaign_ordered", campaign_id=new.campaign_id, job_id=new.job_id)
    wake(person, promise)
    return new.campaign_id


def check(spec: CampaignSpec) -> None:
    """Raises Invalid for an order that ``submit`` would refuse, with what to change."""
    if problem := understanding.refusal(spec):
        raise Invalid({"business_types": problem})
    providers.check(spec)
    if not spec.own_list:
        places.check(providers.order(spec))
    check_budget(spec)


def check_budget(spec: CampaignSpec) -> None:
    """The part of it that nobody has to be asked about."""
    if spec.is_of_book and spec.skips_known:
        raise Invalid({"known_companies": NONE_IS_NEW})
    chosen = providers.chosen_by(spec)
    first = first_price_micros(chosen, provider_setup.step_prices)
    only_paid = all(source.paid for source in chosen if source.kind is Kind.PLACES)
    if first is not None and spec.budget_micros < first and (spec.budget_micros > 0 or only_paid):
        raise Invalid(
            f"The first paid call costs {money(first)}, more than the budget. Raise the budget, or set it to $0 and"
            " choose a free source."
        )


def _earlier(conn: Connection, new: NewCampaign) -> UUID:
    campaign_id, spec = campaigns.by_idem_key(conn, new.workspace_id, new.idem_key)
    if spec != new.spec:
        raise Conflict("This form was already sent with other values. Reload the page and try again.")
    return campaign_id


def wake(person: Person, promise: outbox.WakeUp) -> None:
    """Try at once; when Redis is away the reconciler keeps the promise."""
    if queue.wake(promise.job_id, promise.attempt, in_a_hurry=True):
        with transaction(Role.WEB, proof=person.proof) as conn:
            outbox.mark_sent(conn, promise)


def get(person: Person, campaign_id: UUID) -> CampaignView:
    """One of the person's campaigns. Raises NotFound, also for somebody else's."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return view_of(owned(conn, person, campaign_id))


def list_mine(
    person: Person,
    *,
    status: CampaignStatus | None = None,
    text: str | None = None,
    bulk_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> CampaignPage:
    """The person's campaigns, newest first; with ``bulk_id`` those of a bulk order."""
    limit = max(1, min(limit, 100))
    wanted = unicodedata.normalize("NFC", one_line(text or ""))[:MAX_TEXT] or None
    which = Which(status=status, text=wanted, bulk_id=bulk_id)
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = campaigns.page(conn, person.workspace_id, which, paging.after(cursor), limit + 1)
        total = campaigns.count(conn, person.workspace_id, which)
    shown = rows[:limit]
    more = len(rows) > limit
    last = paging.following(shown[-1].created_at, shown[-1].id) if more else None
    return CampaignPage(rows=tuple(view_of(row) for row in shown), next_cursor=last, total=total)


def cancel(person: Person, campaign_id: UUID) -> None:
    """Stop a campaign; what it found stays. Stopping an ended one changes nothing. Raises NotFound and NotAllowed."""
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        row = owned(conn, person, campaign_id)
        if not jobs.request_cancel(conn, person.workspace_id, row.job_id):
            progress.finish(conn, person.workspace_id, row.job_id, endings.cancelled())


def delete(person: Person, campaign_id: UUID) -> None:
    """Remove an ended campaign with everything it was about: leads, history, answers, the order.

    What it cost stays, and so do answers kept for everybody that another campaign asked for as well. Raises NotFound,
    NotAllowed, and Conflict while it still runs.
    """
    require(person, Right.DELETE_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        row = owned(conn, person, campaign_id)
        if not row.status.is_final:
            raise Conflict("This campaign is still running. Stop it first, then delete it.")
        questions = forgetting.asked(conn, person.workspace_id, campaign_id)
        forgetting.delete_campaign(conn, campaign_id, kept_answers.of_questions(questions))


def run_again(person: Person, campaign_id: UUID, idem_key: str) -> UUID:
    """Order the same campaign once more. Raises NotFound and what ``submit`` raises."""
    require(person, Right.RUN_CAMPAIGNS)
    return submit(person, get(person, campaign_id).spec, idem_key)


def owned(conn: Connection, person: Person, campaign_id: UUID) -> CampaignRow:
    """One of the person's campaigns, inside a transaction of theirs. Raises NotFound."""
    row = campaigns.get(conn, person.workspace_id, campaign_id)
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def view_of(row: CampaignRow) -> CampaignView:
    """A stored campaign as its owner sees it."""
    values = {field.name: getattr(row, field.name) for field in fields(CampaignRow)}
    return CampaignView(**values, remaining_s=_remaining_s(row), lacks_budget=_lacks_budget(row))


def _lacks_budget(row: CampaignRow) -> bool:
    if row.status is CampaignStatus.FAILED:
        return False
    left = row.budget_micros - row.spent_micros
    is_short = left < dearest_price_micros(providers.chosen_by(row.spec), provider_setup.step_prices)
    return is_short or row.outcome_cause is Cause.OUT_OF_BUDGET


def _remaining_s(row: CampaignRow) -> int | None:
    """What is left at the pace so far; nothing is claimed before a tenth is done, nor while nothing moves."""
    halted = row.waiting_for is not None or row.is_stuck
    if row.status is not CampaignStatus.PROCESSING or row.progress < 10 or halted:
        return None
    return max(1, row.elapsed_s * (100 - row.progress) // row.progress)
