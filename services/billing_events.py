"""What Stripe tells: kept once, before anything is done about it."""

from __future__ import annotations

import logging

from pipeline import events
from services import billing_setup
from services.billing_setup import BadEvent
from services.errors import Invalid, NotFound
from store import billing
from store.database import Role, transaction

log = logging.getLogger(__name__)


def told(body: bytes, signature: str) -> None:
    """Stripe tells something: it is kept, once, and a worker asks Stripe how the customer stands. Raises NotFound where
    plans are not sold, and Invalid for what Stripe has not signed, or long ago."""
    if not billing_setup.is_on():
        raise NotFound("There is nothing here.")
    with billing_setup.stripe_api() as api:
        try:
            head = api.event(body, signature)
        except BadEvent:
            events.warning(log, "stripe_event_refused")
            raise Invalid("The signature does not fit the body, or is too old.") from None
    with transaction(Role.WEB) as conn:
        billing.keep_event(conn, head)
