"""Columns saved under a name for the workspace, and how a person's spreadsheet wants text tables spelled."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from pipeline.output.export import Spelling
from services import export_choices, exporting
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from services.roles import MemberRole
from tests.support.campaigns import finished, lead
from tests.support.people import joins, person
from tests.support.servers import Database, rows

COLUMNS = ("City", "Name")


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def colleague(owner: Person, role: MemberRole, database: Database) -> Person:
    """Somebody who works in the owner's workspace."""
    return joins(database, person(role.value), owner, role)


def test_a_preset_is_the_workspaces(owner: Person, database: Database) -> None:
    assert export_choices.choices(owner).presets == ()
    made = export_choices.save(owner, "  For  the map ", "csv", [*COLUMNS, "City"])
    for asking in (owner, colleague(owner, MemberRole.VIEWER, database)):
        (kept,) = export_choices.choices(asking).presets
        assert (kept.id, kept.name, kept.format, kept.columns) == (made, "For the map", "csv", COLUMNS)
        assert kept.may_remove == (asking is owner)
    assert export_choices.choices(person("stranger")).presets == ()
    with pytest.raises(Conflict, match="“for THE map”"):
        export_choices.save(owner, "for THE map", "xlsx", COLUMNS)


@pytest.mark.parametrize(
    ("name", "format", "columns"),
    [
        ("", "csv", COLUMNS),
        ("x" * 61, "csv", COLUMNS),
        ("A name", "json", COLUMNS),
        ("A name", "hubspot", COLUMNS),
        ("A name", "csv", ()),
        ("A name", "csv", ("Name", "password")),
    ],
)
def test_what_cannot_be_kept_is_refused(
    owner: Person, name: str, format: str, columns: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid):
        export_choices.save(owner, name, format, columns)
    assert export_choices.choices(owner).presets == ()


def test_its_maker_or_an_admin_deletes_it(owner: Person, database: Database) -> None:
    member = colleague(owner, MemberRole.MEMBER, database)
    admin = colleague(owner, MemberRole.ADMIN, database)
    viewer = colleague(owner, MemberRole.VIEWER, database)
    owners, members = (export_choices.save(who, who.email, "xlsx", COLUMNS) for who in (owner, member))
    assert {kept.name: kept.may_remove for kept in export_choices.choices(member).presets} == {
        owner.email: False,
        member.email: True,
    }
    for asking in (member, person("stranger")):
        with pytest.raises(NotFound):
            export_choices.delete(asking, owners)
    with pytest.raises(NotAllowed):
        export_choices.delete(viewer, members)
    with pytest.raises(NotAllowed):
        export_choices.save(viewer, "A name", "csv", COLUMNS)
    export_choices.delete(member, members)
    export_choices.delete(admin, owners)
    assert export_choices.choices(owner).presets == ()


def test_the_spelling_is_the_persons_own_and_shapes_the_file(owner: Person, database: Database) -> None:
    campaign = finished(owner, [lead(1, city="Harbour Town"), lead(2)])
    assert export_choices.choices(owner).spelling == Spelling()
    wanted = Spelling(delimiter=";", has_mark=False, decimal_mark=",")
    export_choices.remember(owner, wanted)
    assert export_choices.choices(owner).spelling == wanted
    assert export_choices.choices(colleague(owner, MemberRole.MEMBER, database)).spelling == Spelling()
    layout = export_choices.layout([*COLUMNS, "Latitude", "gone"], wanted)
    file = exporting.export(owner, campaign, LeadFilter(), LeadSort.NAME, "csv", layout)
    head, first, _ = csv.reader(StringIO(file.data.decode(), newline=""), delimiter=";")
    assert head == ["City", "Name", "Latitude"]
    assert first[:2] == ["Harbour Town", "Cafe 001"]
    assert "," in first[2]
    assert export_choices.layout([], wanted).columns == export_choices.layout(["gone"], wanted).columns


def test_a_file_says_how_many_leads_it_cannot_take_and_is_noted_with_those_it_has(
    owner: Person, database: Database
) -> None:
    campaign = finished(
        owner, [lead(1, email="info@example.com"), lead(2), lead(3, email="shop@example.com")]
    )
    chosen = LeadFilter(text="Cafe")
    assert exporting.taken_by(owner, campaign, chosen, "mailing") == 2
    assert exporting.taken_by(owner, campaign, chosen, "csv") == 3
    file = exporting.export(owner, campaign, chosen, LeadSort.NAME, "mailing")
    assert (file.rows, file.left_out, file.filename.rpartition(".")[2]) == (2, 1, "xlsx")
    noted = rows(database.superuser_url, "select format, filter ->> 'text', row_count from exports")
    assert noted == [("mailing", "Cafe", 2)]
    with pytest.raises(Invalid, match="There is no format “docx”"):
        exporting.taken_by(owner, campaign, chosen, "docx")
