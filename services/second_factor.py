"""The second factor: codes of an authenticator app (TOTP, RFC 6238) and ten recovery codes.

A code counts for its own half minute and one before and after it (RFC 6238, 5.2), once; five wrong ones in a quarter
of an hour are the most that are compared."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass, field

import pyotp

from services import identity, own_account
from services.errors import Conflict, Invalid, NotFound, TooMany
from services.identity import Person, SignedIn, Visitor
from store import sealing, second_factor
from store.database import Role, transaction
from store.second_factor import Asked, Code
from store.second_factor import Ways as Ways

RECOVERY_CODES = 10
WRONG_CODE = (
    "This code is not the current one, or was used before. Wait for the next one, or use a recovery code."
)
UNREADABLE = (
    "The code cannot be checked, because this installation's APP_SECRET changed since it was set up. A recovery code"
    " still works."
)
TIMED_OUT = "This took too long. Sign in again."
_PURPOSE = "second factor"
_STEP_S, _DRIFT = 30, 1
# Sixteen letters of base 32 are 80 bits, too many to try; they are shown in four groups.
_CODE_BYTES, _GROUP = 10, 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret somebody may begin to use; ``uri`` is what an authenticator app reads from the picture."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


def ways(person: Person) -> Ways:
    """How the person may sign in. Raises Conflict unless they ask by a session of a browser."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = second_factor.ways(conn)
    if found is None:
        raise Conflict(own_account.IN_A_BROWSER)
    return found


def propose(person: Person) -> Proposal:
    """A new secret for the person; nothing is kept until ``switch_on``."""
    secret = pyotp.random_base32()
    return Proposal(secret, pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="ProspectPro"))


def switch_on(person: Person, proposal: Proposal, code: str, password: str) -> tuple[str, ...]:
    """Ask for a code at each sign-in from now on, once the person showed that their app makes the right ones. Returns
    the recovery codes, which are kept as hashes.

    Raises Invalid for the field ``code`` or ``current``, Conflict when there is one already, and TooMany.
    """
    if not identity.can_vouch():
        raise Conflict(identity.NO_SECRET)
    shown = own_account.shown_password(person, password)
    codes = _new_codes()
    with transaction(Role.WEB, proof=person.proof) as conn:
        step = _fitting_step(proposal.secret, code, -1, second_factor.now_s(conn))
        if step is None:
            raise Invalid({"code": WRONG_CODE})
        sealed = sealing.seal(_PURPOSE, proposal.secret)
        came_to = second_factor.switch_on(conn, shown, sealed, step, [_hash(each) for each in codes])
    if came_to == "wrong":
        raise Invalid({"current": own_account.WRONG_PASSWORD})
    if came_to == "already":
        raise Conflict("There is a second factor already. Switch it off first.")
    return codes


def switch_off(person: Person, password: str, code: str) -> None:
    """Ask for no code any more. Raises Invalid for the field ``current`` or ``code``, and TooMany."""
    taken = _compared(person.proof, code)
    shown = own_account.shown_password(person, password)
    with transaction(Role.WEB, proof=person.proof) as conn:
        came_to = second_factor.switch_off(conn, shown, taken)
    if came_to == "wrong":
        raise Invalid({"current": own_account.WRONG_PASSWORD})
    if came_to == "refused":
        raise Invalid({"code": WRONG_CODE})


def new_codes(person: Person, code: str) -> tuple[str, ...]:
    """Ten other recovery codes; those before count no more. Raises Invalid for the field ``code``, and TooMany."""
    taken = _compared(person.proof, code)
    codes = _new_codes()
    with transaction(Role.WEB, proof=person.proof) as conn:
        are_kept = second_factor.new_codes(conn, taken, [_hash(each) for each in codes])
    if not are_kept:
        raise Invalid({"code": WRONG_CODE})
    return codes


def pass_by(token: str | None, code: str, visitor: Visitor) -> SignedIn:
    """Finish a sign-in that waits for the second factor; the session has another token afterwards.

    Raises Invalid for the field ``code``, NotFound when no sign-in waits, and TooMany.
    """
    proof = identity.proof_of(token or "")
    taken = _compared(proof, code)
    new = identity.new_tokens(visitor)
    with transaction(Role.WEB, proof=proof) as conn:
        session = identity.new_session(new.token, visitor)
        is_passed = second_factor.pass_by(conn, taken, session, identity.hash_of(new.device_token))
    # Outside of the transaction, which keeps the note that a code was refused.
    if not is_passed:
        raise Invalid({"code": WRONG_CODE})
    return new


def _compared(proof: str, typed: str) -> Code:
    """What was typed, as the database takes it; the attempt is counted before it is compared."""
    if not identity.can_vouch():
        raise Conflict(identity.NO_SECRET)
    with transaction(Role.WEB, proof=proof) as conn:
        asked = second_factor.begin(conn)
    if asked is False:
        raise TooMany(identity.TOO_MANY)
    if not isinstance(asked, Asked):
        raise NotFound(TIMED_OUT)
    simple = _simple(typed)
    if not simple.isdigit():
        return Code(recovery=_hash(simple))
    try:
        secret = sealing.unseal(_PURPOSE, asked.sealed)
    except sealing.Unreadable:
        raise Conflict(UNREADABLE) from None
    return Code(step=_fitting_step(secret, simple, asked.last_step, asked.now_s))


def _fitting_step(secret: str, typed: str, last_step: int, now_s: int) -> int | None:
    """The half minute whose code this is, later than the last one that was used."""
    now = now_s // _STEP_S
    code, app = _simple(typed), pyotp.TOTP(secret)
    fitting = [
        step
        for step in range(now - _DRIFT, now + _DRIFT + 1)
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode()) and step > last_step
    ]
    return fitting[0] if fitting else None


def _new_codes() -> tuple[str, ...]:
    texts = (b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES))
    return tuple("-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP)) for text in texts)


def _simple(typed: str) -> str:
    return "".join(char for char in typed[:100].upper() if char.isascii() and char.isalnum())


def _hash(code: str) -> bytes:
    return hashlib.sha256(f"recovery code {_simple(code)}".encode()).digest()
