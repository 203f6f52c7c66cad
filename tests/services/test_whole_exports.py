"""Leads from the database to a file: all of what was stored is read, and a file holds it byte by byte as ever."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from pipeline.lead import Lead
from services import exporting
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import book, differences
from store import leads as stored
from store.database import Role, transaction
from tests.support.campaigns import SPEC, finished
from tests.support.people import person
from tests.support.servers import Database
from tests.support.varied_leads import varied_leads

LEADS = varied_leads(40)
AS_EVER = Path(__file__).parent / "whole_exports"
_ID, _WRITTEN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}"), re.compile(r"REV:[0-9TZ]+")


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def campaign(owner: Person) -> UUID:
    return finished(owner, LEADS, SPEC.model_copy(update={"max_results": len(LEADS)}))


def _by_ref(leads: Iterable[Lead]) -> dict[str, Lead]:
    return {lead.business.key: lead for lead in leads}


def _in_a_list(lead: Lead) -> Lead:
    """As lists and files read it: without how its figures came about."""
    return replace(lead, business=replace(lead.business, score_parts=(), reach_parts=()))


def test_what_is_read_is_what_was_stored(owner: Person, campaign: UUID) -> None:
    whole, expected, whose = _by_ref(LEADS), _by_ref(map(_in_a_list, LEADS)), (owner.workspace_id, campaign)
    where = LeadFilter().where()
    with transaction(Role.WEB, proof=owner.proof) as conn:
        page = [lead for _, lead in stored.page(conn, whose, where, LeadSort.NAME, None, None)]
        parts = [*book.every(conn, owner.workspace_id, where, LeadSort.NAME)]
        one_by_one = [stored.get(conn, whose, lead.id) for lead in page]
        compared = differences.leads_of(conn, owner.workspace_id, [lead.id for lead in page])
    assert len(expected) == len(page) == len(LEADS)
    assert _by_ref(lead.lead for lead in page) == expected
    assert _by_ref(one.lead for one in one_by_one if one) == whole
    assert compared == {lead.id: lead for lead in page}
    # The book has each company once: leads with the same website or number are of one.
    every = [lead for part in parts for _, lead in part]
    assert every
    assert all(lead.lead == expected[lead.business.key] for lead in every)


@pytest.mark.parametrize("format", ["csv", "vcard", "salesforce"])
def test_a_file_is_byte_by_byte_as_ever(owner: Person, campaign: UUID, format: str) -> None:
    """After a change that is meant, the file it now is belongs into the folder, read as a difference."""
    file = exporting.export(owner, campaign, LeadFilter(), LeadSort.CONFIDENCE, format)
    data = _WRITTEN.sub("REV:", _ID.sub("id", file.data.decode())).encode()
    assert data == (AS_EVER / f"{format}.txt").read_bytes()
