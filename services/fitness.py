"""Whether a web server can do its work, for whoever watches it from outside."""

from __future__ import annotations

import logging

from pipeline import events
from services import identity
from store import readiness
from store.database import DatabaseError, Role, transaction
from store.readiness import WrongSecret

log = logging.getLogger(__name__)


def trouble() -> str | None:
    """What keeps this process from its work, in a word that gives nothing away: ``secret`` or ``database``; None when
    it can work. The log has the sentence."""
    try:
        with transaction(Role.WEB) as conn:
            readiness.check_secret(conn)
        identity.needs_first_admin()
    except WrongSecret as error:
        events.error(log, "secret_wrong", reason=error)
        return "secret"
    except DatabaseError as error:
        if readiness.refuses_login(error):
            events.error(log, "locked_out", reason=readiness.refusal(Role.WEB, error))
            return "secret"
        return "database"
    return None
