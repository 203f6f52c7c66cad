"""What a workspace holds about somebody: every value with its source, since when, what for, and who took it away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import settings
from pipeline.corrections import WORKED_OUT
from pipeline.fields import FIELDS
from pipeline.lead import Contact, Lead, Origin
from pipeline.output.subject_report import Told, as_json, as_text
from pipeline.providers.registry import registry
from pipeline.suppression import Subject, SuppressedKind
from services import kept_answers, subject_mentions
from services.exporting import ExportFile
from services.identity import Person
from services.permissions import Right, require
from services.spending import label_of
from services.subject_mentions import moment
from store import clock, crm_shown, privacy_notes, subjects, suppressions
from store.crm_shown import Handed
from store.database import Role, transaction
from store.subjects import HeldAnswer, HeldCall, HeldLead, Taken
from store.suppressions import EntryRow

Format = Literal["json", "txt"]
_WRITERS = {"json": (as_json, "application/json"), "txt": (as_text, "text/plain; charset=utf-8")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectReport:
    """What is held; ``told`` is all of it, the counts are for a glance."""

    leads: int
    businesses: int
    calls: int
    exports: int
    told: Mapping[str, Told]


def report(person: Person, subject: Subject) -> SubjectReport:
    """What the workspace holds about somebody. Raises NotAllowed."""
    require(person, Right.REPORT_SUBJECTS)
    workspace = person.workspace_id
    with transaction(Role.WEB, proof=person.proof) as conn:
        at = clock.now(conn)
        leads = subjects.leads(conn, workspace, subject)
        unused = subjects.businesses(conn, workspace, subject)
        calls = subjects.calls(conn, workspace, subject)
        questions = kept_answers.of_subject(subject, subjects.about(conn, workspace, subject))
        kept = subjects.kept(conn, workspace, subject, questions)
        exports = subjects.exports(conn, workspace, subject)
        handed = crm_shown.of_subject(conn, workspace, subject)
        mentions = subject_mentions.told(conn, workspace, subject)
        entry = suppressions.entry_of(conn, workspace, subject)
        basis = privacy_notes.get(conn, workspace)
    told: dict[str, Told] = {
        "legal_basis": basis or None,
        "about": f"{subject.name}, {subject.place}" if subject.name else subject.value,
        "found_as": subject.kind.value,
        "made_at": moment(at),
        "workspace": person.workspace_name,
        "leads": [_lead(held, subject) for held in leads],
        "businesses_that_became_no_lead": [_lead(held, subject) for held in unused],
        "questions_to_providers": [_call(call) for call in calls],
        "answers_kept_for_all_workspaces": [_kept(answer) for answer in kept],
        "exports": [_taken(taken) for taken in exports],
        "handed_to_customer_systems": [_handed(each) for each in handed],
        **mentions,
        "suppression_list": _entry(entry),
        "kept_for": _kept_for(),
    }
    return SubjectReport(
        leads=len(leads), businesses=len(unused), calls=len(calls), exports=len(exports), told=told
    )


def file(person: Person, subject: Subject, format: Format) -> ExportFile:
    """The report as a file; that it was taken is kept in the audit log. Raises NotAllowed."""
    found = report(person, subject)
    with transaction(Role.WEB, proof=person.proof) as conn:
        subjects.note_report(conn, person.workspace_id, subject)
        today = clock.today(conn)
    write, mime = _WRITERS[format]
    name = f"prospectpro-subject-report-{today:%Y%m%d}.{format}"
    return ExportFile(filename=name, mime=mime, data=write(found.told), rows=found.leads)


def _handed(handed: Handed) -> Mapping[str, Told]:
    return {
        "system": handed.crm,
        "its_id_there": handed.their_id,
        "at": moment(handed.pushed_at) if handed.pushed_at else None,
    }


def _lead(held: HeldLead, subject: Subject) -> Mapping[str, Told]:
    lead = held.lead
    return {
        "name": lead.business.name if held.is_whole else None,
        "found_for_the_campaign": held.campaign,
        "ordered_by": held.ordered_by,
        "held_since": moment(held.since),
        "last_changed": moment(held.updated_at),
        "some_values_go_on": held.retain_until,
        "last_in_a_file": moment(held.exported_at) if held.exported_at else None,
        "values": [*_values(held, subject)],
        "values_people_replaced": _covered(held, subject),
        "contacts": [
            _contact(contact) for contact in lead.contacts if held.is_whole or _names(contact.email, subject)
        ],
        "profiles": list(lead.profiles) if held.is_whole else None,
        "found_as_records": [_origin(origin) for origin in lead.business.origins] if held.is_whole else None,
        "look_ups": [*_steps(lead, subject, whole=held.is_whole)],
    }


def _covered(held: HeldLead, subject: Subject) -> list[Mapping[str, Told]]:
    """What sources gave where a value that a person typed stands."""
    return [
        {"field": field, "value": value}
        for field, said in held.found.items()
        if field not in WORKED_OUT
        and isinstance(value := said.get("value"), str)
        and (held.is_whole or _names(value, subject))
    ]


def _values(held: HeldLead, subject: Subject) -> Iterator[Mapping[str, Told]]:
    business = held.lead.business
    for field in FIELDS:
        value = business.value(field.name)
        if value and (held.is_whole or _names(value, subject)):
            origin = business.provenance.get(field.name)
            yield {"field": field.label, "value": value, **(_origin(origin) if origin else {})}


def _steps(lead: Lead, subject: Subject, *, whole: bool) -> Iterator[str]:
    for step in lead.steps:
        if whole or _names(step.detail, subject):
            yield f"{registry().order_label(step.step)}: {step.detail}"


def _names(text: str, subject: Subject) -> bool:
    """Whether a text of a lead that is somebody else's names the subject."""
    if subject.kind is SuppressedKind.PHONE:
        return subject.value in text
    return subject.value in text.casefold()


def _contact(contact: Contact) -> Mapping[str, Told]:
    return {
        "email": contact.email,
        "name": contact.name,
        "position": contact.position,
        "status": contact.status.value,
        **_origin(contact.origin),
    }


def _origin(origin: Origin) -> Mapping[str, Told]:
    day = origin.observed_on.isoformat() if origin.observed_on else None
    return {"source": origin.label, "record": origin.ref, "read_at": origin.url, "observed_on": day}


def _call(call: HeldCall) -> Mapping[str, Told]:
    return {
        "provider": label_of(call.provider),
        "question": call.operation,
        "campaign": call.campaign,
        "asked_at": moment(call.asked_at),
        "answer_is_held": call.is_answer_held,
    }


def _kept(answer: HeldAnswer) -> Mapping[str, Told]:
    return {
        "provider": label_of(answer.provider),
        "since": moment(answer.fetched_at),
        "until": moment(answer.expires_at),
    }


def _taken(taken: Taken) -> Mapping[str, Told]:
    return {
        "campaign": taken.campaign,
        "taken_by": taken.by,
        "at": moment(taken.at),
        "format": taken.format,
        "leads_in_the_file": taken.rows,
    }


def _entry(entry: EntryRow | None) -> Mapping[str, Told] | None:
    if entry is None:
        return None
    return {"since": moment(entry.since), "reason": entry.reason, "source": entry.source.value}


def _kept_for() -> Mapping[str, Told]:
    values = settings.get()
    days = values.provider_values()
    briefly = {
        registry().origin_label(origin): f"{days[name]} days"
        for origin, name in registry().retained_briefly().items()
    }
    return {
        "logs_and_answers_of_ended_campaigns": f"{values.retention_days} days",
        "leads": f"{values.lead_retention_days} days"
        if values.lead_retention_days
        else "until they are deleted",
        **{f"values only {label} gave": said for label, said in briefly.items()},
    }
