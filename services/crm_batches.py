"""One batch of companies on its way into a customer system: who is left out, who is there already, what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pipeline.crm import matching
from pipeline.crm.adapter import Crm, CrmError, Known, Outgoing, Refused
from pipeline.crm.crms import CRMS
from pipeline.suppression import emails_of, keys_of
from services import export_terms
from services.crm_marks import mark
from services.leaving import row_that_leaves
from store import crm_work
from store.crm_work import Run, Waiting
from store.database import Role, transaction

SKIPPED: Final[Mapping[str, str]] = {
    "gone": "Its leads are gone",
    "simulated": "Simulated: a stand-in gave its contacts",
    "customer": "A customer already",
    "suppressed": "On the suppression list",
    "below_confidence": "Below the minimum confidence",
    "below_reach": "Below the minimum reach",
    "nameless": "The name, or domain, that the system needs may not leave",
    "same": "Another company of yours is the same one there: same domain, e-mail or phone",
}
"""Why a company is not handed over, as people read it."""
Outcome = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Write:
    """A company that is written: what of it, and where when it is there."""

    one: Outgoing
    known: Known | None
    values: Mapping[str, str]

    @property
    def action(self) -> str:
        if self.known is None:
            return "create"
        return "update" if self.values else "same"


def carried_out(system: Crm, run: Run, waiting: Sequence[Waiting]) -> tuple[list[Outcome], int]:
    """What came of each company, and of how many nobody knows. Raises CrmError before anything is written, or with
    what was written found again by the next try."""
    kept_here, listed = _facts(run, waiting)
    outcomes: list[Outcome] = []
    wanted: list[Outgoing] = []
    for each in waiting:
        row = row_that_leaves(each.stored, kept_here, is_simulated=each.is_simulated)
        one = matching.outgoing(
            str(each.company_id),
            row,
            run.mapping,
            known_id=each.their_id,
            contact_id=each.contact_id,
            sent=each.sent,
        )
        why = _why_not(each, one, run, listed)
        if why:
            outcomes.append({"company_id": one.key, "state": "skipped", "why": why})
        else:
            wanted.append(one)
    found = system.find(wanted, sorted(set(run.mapping.values()))) if wanted else {}
    writes, same = _told_apart(run, wanted, found)
    outcomes += [{"company_id": one.key, "state": "skipped", "why": "same"} for one in same]
    if not run.is_push:
        return [*outcomes, *(_planned(write) for write in writes)], 0
    pushed = _pushed(system, run, writes)
    return [*outcomes, *pushed], len(writes) - len(pushed)


def _facts(run: Run, waiting: Sequence[Waiting]) -> tuple[frozenset[str], frozenset[str]]:
    """Origins whose values stay here, and which values of these companies are on the suppression list."""
    with transaction(Role.WORKER) as conn:
        kept_here = export_terms.withheld_as_of(conn)
    values = [value for each in waiting for value in _listable(each)]
    with transaction(Role.SYSTEM) as conn:
        return kept_here, crm_work.listed(conn, run, values)


def _listable(each: Waiting) -> list[str]:
    business = each.stored.business
    return [*keys_of(business), *emails_of(business)]


def _why_not(each: Waiting, one: Outgoing, run: Run, listed: frozenset[str]) -> str | None:
    business = each.stored.business
    reasons = (
        ("simulated", each.is_simulated),
        ("customer", each.is_customer),
        ("suppressed", each.is_suppressed or not listed.isdisjoint(_listable(each))),
        ("below_confidence", business.confidence < run.min_confidence),
        ("below_reach", (business.reach or 0) < run.min_reach),
        ("nameless", not {run.mapping.get(column) for column in CRMS[run.crm].needs} & one.values.keys()),
    )
    return next((why for why, holds in reasons if holds), None)


def _told_apart(
    run: Run, wanted: Sequence[Outgoing], found: Mapping[str, Known]
) -> tuple[list[_Write], list[Outgoing]]:
    """Whom to write, and who is the same company there as another one of ours: the first one stands for both."""
    marks = {one.key: matching.marks(one, mark) for one in wanted}
    ids = [known.id for known in found.values()]
    with transaction(Role.SYSTEM) as conn:
        others = crm_work.taken(
            conn, run, [UUID(one.key) for one in wanted], ids, [each for of in marks.values() for each in of]
        )
    seen_ids = {other.their_id for other in others if other.their_id}
    seen_marks = {each for other in others for each in other.marks}
    writes: list[_Write] = []
    same: list[Outgoing] = []
    # Whoever was pushed before goes first: it is the one that stands for the others.
    for one in sorted(wanted, key=lambda one: one.known_id is None):
        known = found.get(one.key)
        is_other = not one.known_id and (
            (known is not None and known.id in seen_ids) or not seen_marks.isdisjoint(marks[one.key])
        )
        if is_other:
            same.append(one)
            continue
        seen_ids |= {known.id} if known else set()
        seen_marks |= set(marks[one.key])
        values = matching.changes(one, known, mark) if known else one.values
        writes.append(_Write(one, known, values))
    return writes, same


def _planned(write: _Write) -> Outcome:
    return {
        "company_id": write.one.key,
        "state": "planned",
        "action": write.action,
        "fields": sorted(write.values) if write.values else [],
        "their_id": write.known.id if write.known else None,
        "marks": matching.marks(write.one, mark),
    }


def _pushed(system: Crm, run: Run, writes: Sequence[_Write]) -> list[Outcome]:
    new = [write.one for write in writes if write.known is None]
    created = system.create(new) if new else {}
    try:
        return _joined(system, run, writes, created)
    except CrmError as error:
        # What was made shows in searches some moments later: nobody may look for it before.
        error.is_lost = error.is_lost or bool(created)
        raise


def _joined(
    system: Crm, run: Run, writes: Sequence[_Write], created: Mapping[str, str | Refused]
) -> list[Outcome]:
    """What came of those that were made, and of the others once they are written, with their contacts."""
    changes = {write.known.id: write.values for write in writes if write.known and write.values}
    refused = system.update(changes)
    ids: dict[str, str] = {key: came for key, came in created.items() if isinstance(came, str)}
    ids |= {
        write.one.key: write.known.id for write in writes if write.known and write.known.id not in refused
    }
    joined: Mapping[str, str | Refused] = {}
    if run.with_contacts:
        joined = system.contacts(
            {ids[one.key]: one for one in (write.one for write in writes) if one.key in ids and one.email}
        )
    outcomes: list[Outcome] = []
    for write in writes:
        key = write.one.key
        came = created.get(key) if write.known is None else refused.get(write.known.id, write.known.id)
        if came is not None:
            outcomes.append(_outcome(write, came, joined.get(key)))
    return outcomes


def _outcome(write: _Write, came: str | Refused, contact: str | Refused | None) -> Outcome:
    problem = next((each.why for each in (came, contact) if isinstance(each, Refused)), None)
    is_written = isinstance(came, str)
    return {
        **_planned(write),
        "state": "failed" if problem else "done",
        "why": problem,
        "their_id": came if is_written else None,
        "contact_id": contact if isinstance(contact, str) else None,
        "sent": matching.sent(write.values, mark) if is_written else {},
        "seen": None if problem else matching.seen(write.one, mark),
    }
