"""When a person gets mails about their campaigns and about notes that mention them."""

from __future__ import annotations

import settings
from pipeline.output.ending_mail import MailWhen
from services.identity import Person
from services.permissions import Right, require
from store import in_force, mails, users
from store.database import Role, transaction
from store.mails import MailHealth as MailHealth


def are_on() -> bool:
    """Whether this installation has a mail server to send with."""
    return in_force.has_mail(Role.WEB)


def is_in_settings() -> bool:
    """Whether the environment names a mail server."""
    return bool(settings.get().smtp_host)


def wish(person: Person) -> MailWhen:
    """When the person wants a mail about the end of a campaign."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return users.mail_when(conn, person.id)


def choose(person: Person, when: MailWhen) -> None:
    """Keep when the person wants mails; it holds for every campaign that has not been told about yet."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        users.choose_mail_when(conn, person.id, when)


def wants_mentions(person: Person) -> bool:
    """Whether the person wants a mail when they are mentioned in notes."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return users.mail_mentions(conn, person.id)


def choose_mentions(person: Person, wanted: bool) -> None:
    """Keep whether the person wants mails about mentions; it holds for those that were not sent yet, too."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        users.choose_mail_mentions(conn, person.id, wanted)


def health(person: Person) -> MailHealth:
    """How sending mails goes. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_MAIL_HEALTH)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return mails.health(conn)
