"""What Reacher's answers mean here: at most that a mail server accepts an address, never that it is verified.

Its ``is_reachable`` calls every shared mailbox risky, whatever the mail server said of it, and every address whose
mail server could not be asked unknown. So the parts of the answer are read, too, and the weaker reading counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pipeline.lead import EmailStatus
from pipeline.money.calls import Json

NAME = "Reacher"


class Finding(StrEnum):
    """What an answer says of an address; its value is what is kept of the answer."""

    ACCEPTED = "accepted"
    CATCHALL = "catchall"
    DISPOSABLE = "disposable"
    INVALID = "invalid"
    FULL = "full"
    BLOCKED = "blocked"
    NAMELESS = "nameless"
    UNREACHED = "unreached"
    SILENT = "silent"
    UNCLEAR = "unclear"

    @property
    def status(self) -> EmailStatus:
        """What is known of the address by it."""
        return _STATUSES.get(self, EmailStatus.UNKNOWN)

    @property
    def is_unreached(self) -> bool:
        """Whether no mail server was spoken to, as when port 25 is closed to Reacher."""
        return self in (Finding.UNREACHED, Finding.SILENT)


_STATUSES = {
    Finding.ACCEPTED: EmailStatus.ACCEPTED,
    Finding.CATCHALL: EmailStatus.CATCHALL,
    Finding.DISPOSABLE: EmailStatus.DISPOSABLE,
    Finding.INVALID: EmailStatus.INVALID,
}
SAID = {
    Finding.ACCEPTED: "Its mail server accepts the address, by your Reacher.",
    Finding.CATCHALL: "Its mail server accepts any address, so nobody can tell.",
    Finding.DISPOSABLE: "It is a throw-away address.",
    Finding.INVALID: "Its mail server does not know the address, by your Reacher.",
    Finding.FULL: "Its mailbox is full.",
    Finding.BLOCKED: "Its mail server refuses to talk to your Reacher, whose address is on a blocklist.",
    Finding.NAMELESS: "Its mail server refuses to talk to your Reacher, which has no reverse DNS name.",
    Finding.UNREACHED: (
        "Your Reacher got no word from its mail server: greylisting, a blocklist or a closed port 25."
    ),
    Finding.SILENT: "Your Reacher came to no end with its mail server in time.",
    Finding.UNCLEAR: "Your Reacher says too little about it.",
}
# The two reasons Reacher tells apart (core/src/smtp/error.rs of its repository).
_DESCRIPTIONS: dict[Json, Finding] = {"IpBlacklisted": Finding.BLOCKED, "NeedsRDNS": Finding.NAMELESS}
_REACHABLE = ("safe", "risky", "invalid", "unknown")


def finding(body: Json) -> Finding | None:
    """What an answer of ``check_email`` says; None for one that is not what is documented."""
    if not isinstance(body, Mapping) or body.get("is_reachable") not in _REACHABLE:
        return None
    reachable, smtp = body["is_reachable"], _part(body, "smtp")
    if _part(body, "syntax").get("is_valid_syntax") is False:
        return Finding.INVALID
    if _part(body, "misc").get("is_disposable") is True:
        return Finding.DISPOSABLE
    if reachable == "unknown":
        return _unknown(smtp)
    if reachable == "invalid" and _part(body, "mx").get("accepts_mail") is False:
        return Finding.INVALID
    return _told(reachable, smtp)


def _told(reachable: Json, smtp: Mapping[str, Json]) -> Finding:
    """What the mail server said, where it was asked."""
    if smtp.get("can_connect_smtp") is False:
        # Nobody was asked, so nothing is known of the mailbox, whatever the word for it.
        return Finding.UNREACHED
    if smtp.get("is_catch_all") is True:
        return Finding.CATCHALL
    if smtp.get("has_full_inbox") is True:
        return Finding.FULL
    if reachable == "invalid" or smtp.get("is_disabled") is True or smtp.get("is_deliverable") is False:
        return Finding.INVALID
    is_accepted = smtp.get("can_connect_smtp") is True and smtp.get("is_deliverable") is True
    return Finding.ACCEPTED if is_accepted else Finding.UNCLEAR


def _unknown(smtp: Mapping[str, Json]) -> Finding:
    return next(
        (found for name, found in _DESCRIPTIONS.items() if smtp.get("description") == name), Finding.UNREACHED
    )


def kept(body: Json) -> Finding:
    """The finding in an answer as we keep it."""
    value = body.get("finding") if isinstance(body, Mapping) else None
    return next((found for found in Finding if found.value == value), Finding.UNCLEAR)


def _part(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}
