"""Customer systems (CRMs) a workspace hands companies to: connected by its admins, used by its members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.crm import adapter
from pipeline.crm.adapter import COLUMNS as COLUMNS
from pipeline.crm.adapter import Kind as Kind
from pipeline.crm.crms import CRMS as CRMS
from services import identity
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import crm, sealing
from store.crm import PURPOSE
from store.crm import ConnectionRow as ConnectionRow
from store.database import Role, transaction

_GONE = "The workspace is not connected to this system any more."
_Figure = Annotated[int, Field(ge=0, le=100)]


class Rules(BaseModel):
    """What is handed over: into which of their properties our columns go (empty: nowhere), from which confidence and
    reach on, and whether with a contact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mapping: Mapping[str, Annotated[str, Field(max_length=100)]]
    min_confidence: _Figure = 0
    min_reach: _Figure = 0
    with_contacts: bool = True


def listing(person: Person) -> tuple[ConnectionRow, ...]:
    """The systems the workspace is connected to. Raises NotAllowed."""
    require(person, Right.HAND_OFF)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(row for row in crm.listing(conn, person.workspace_id) if row.crm in CRMS)


def connect(person: Person, system: str, credentials: Mapping[str, str]) -> None:
    """Connect a system with what was typed into its fields, or give its connection other ones; a worker checks it at
    once.

    Raises NotAllowed, NotFound, Invalid by field of the system, and Conflict without APP_SECRET.
    """
    require(person, Right.CONNECT_CRM)
    kind = _kind(system)
    read = {each.key: each.read(credentials.get(each.key, "")) for each in kind.fields}
    typed = {key: value for key, value in read.items() if value is not None}
    wrong = {each.key: each.wrong for each in kind.fields if each.key not in typed}
    if wrong:
        raise Invalid(wrong)
    if not identity.can_vouch():
        raise Conflict(identity.NO_SECRET)
    sealed = sealing.seal(PURPOSE, adapter.kept(kind, typed))
    with transaction(Role.WEB, proof=person.proof) as conn:
        crm.connect(conn, person.workspace_id, person.id, kind.key, sealed, kind.defaults)


def change(person: Person, system: str, rules: Mapping[str, object]) -> None:
    """Say anew what is handed over; a worker checks the properties. Raises NotAllowed, NotFound, and Invalid by field
    of ``Rules``."""
    require(person, Right.CONNECT_CRM)
    kind = _kind(system)
    wanted = _rules(rules)
    mapping = {column: name.strip() for column, name in wanted.mapping.items() if name.strip()}
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = [row for row in crm.listing(conn, person.workspace_id) if row.crm == kind.key]
        if not found:
            raise NotFound(_GONE)
        _check_mapping(kind, mapping, found[0])
        crm.change(
            conn,
            person.workspace_id,
            kind.key,
            {**wanted.model_dump(exclude={"mapping"}), "mapping": mapping},
        )


def check(person: Person, system: str) -> None:
    """Have a worker try whether it answers, and which properties it has. Raises NotAllowed and NotFound."""
    require(person, Right.CONNECT_CRM)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(crm.check(conn, person.workspace_id, _kind(system).key))


def fetch_customers(person: Person, system: str) -> None:
    """Have a worker fetch whom it calls customers, as a list of customers that takes the place of the one before.

    Raises NotAllowed, NotFound, and Conflict for a system that cannot be asked.
    """
    require(person, Right.CONNECT_CRM)
    if not _kind(system).customers:
        raise Conflict(f"{_kind(system).label} cannot be asked for customers.")
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(crm.fetch_customers(conn, person.workspace_id, person.id, _kind(system).key))


def disconnect(person: Person, system: str) -> None:
    """Forget the credentials and what was handed over; what is there stays there. Raises NotAllowed and NotFound."""
    require(person, Right.CONNECT_CRM)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(crm.disconnect(conn, person.workspace_id, _kind(system).key))


def _rules(given: Mapping[str, object]) -> Rules:
    try:
        return Rules.model_validate(given)
    except ValidationError as error:
        names = {str(each["loc"][0]) for each in error.errors()}
        said = {"mapping": "A property's name has at most 100 characters."}
        raise Invalid({name: said.get(name, "Type a number from 0 to 100.") for name in names}) from None


def _check_mapping(kind: Kind, mapping: Mapping[str, str], row: ConnectionRow) -> None:
    twice = {name for name in mapping.values() if list(mapping.values()).count(name) > 1}
    if twice:
        raise Invalid({"mapping": f"Two columns go into {', '.join(sorted(twice))}. Choose one of them."})
    if mapping.keys().isdisjoint(kind.needs) or not mapping.keys() <= COLUMNS.keys():
        needs = " or the ".join(COLUMNS[column].lower() for column in kind.needs)
        raise Invalid({"mapping": f"{kind.label} needs the {needs}. Say where it goes."})
    missing = set(mapping.values()) - set(row.properties or mapping.values())
    if missing:
        raise Invalid(
            {
                "mapping": f"{kind.label} has no property {', '.join(sorted(missing))} for companies. Choose another."
            }
        )


def _kind(system: str) -> Kind:
    if system not in CRMS:
        raise NotFound(_GONE)
    return CRMS[system]


def _found(is_there: bool) -> None:
    if not is_there:
        raise NotFound(_GONE)
