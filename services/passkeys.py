"""Passkeys (WebAuthn Level 3): a device signs a challenge after it has checked who holds it, which counts as both
factors.

What a ceremony needs to go on stands sealed in a cookie of the browser that began it, for five minutes; the database
takes each challenge once.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers.base64url_to_bytes import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services import identity, own_account
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person, SignedIn, Visitor
from store import passkeys, sealing
from store.database import Role, transaction
from store.passkeys import NewPasskey, Signed
from store.passkeys import Passkey as Passkey

SECONDS = 300
LONGEST_NAME = 60
NOT_KNOWN = "This passkey opens no account here. Sign in with your password, then add it under My account."
NOT_ADDED = "The passkey could not be added. Begin again."
TOO_LONG = f"Use at most {LONGEST_NAME} characters."
_ADD, _SIGN_IN = "passkey to add", "passkey sign-in"
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Site:
    """The site a passkey is for: its name without a port, and the origin of its pages."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser is asked, as JSON, and what it has to bring back."""

    options: str
    kept: str


def site_of(address: str) -> Site | None:
    """The site at an address of ours; None where browsers make no passkeys: without encryption, or a name."""
    found = urlsplit(address)
    host = (found.hostname or "").rstrip(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_safe = found.scheme == "https" or host == "localhost"
        return Site(host, f"{found.scheme}://{found.netloc}") if host and is_safe else None
    return None


def all_of(person: Person) -> tuple[Passkey, ...]:
    """The person's passkeys, oldest first."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return passkeys.all_of(conn)


def begin_adding(person: Person, site: Site, password: str, name: str) -> Ceremony:
    """Begin to add a passkey that the person will call ``name``.

    Raises Invalid for the field ``name`` or ``password``, and TooMany.
    """
    called = " ".join(identity.plain(name).split())
    if len(called) > LONGEST_NAME:
        raise Invalid({"name": TOO_LONG})
    shown = own_account.shown_password(person, password, "password")
    with transaction(Role.WEB, proof=person.proof) as conn:
        is_theirs = passkeys.confirm_password(conn, shown)
    if not is_theirs:
        raise Invalid({"password": own_account.WRONG_PASSWORD})
    challenge = secrets.token_bytes(32)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="ProspectPro",
        user_id=person.id.bytes,
        user_name=person.email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in all_of(person)],
    )
    kept = {"challenge": challenge.hex(), "session": str(person.session_id), "name": called}
    return Ceremony(webauthn.options_to_json(options), sealing.seal(_ADD, json.dumps(kept)))


def add(person: Person, site: Site, kept: str, credential: str) -> None:
    """Keep the passkey that the browser made. Raises Conflict when it was not made for this."""
    found = _unsealed(_ADD, kept)
    if found is None or found["session"] != str(person.session_id):
        raise Conflict(NOT_ADDED)
    challenge = bytes.fromhex(found["challenge"])
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise Conflict(NOT_ADDED) from None
    new = NewPasskey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        challenge=challenge,
        name=found["name"],
    )
    with transaction(Role.WEB, proof=person.proof) as conn:
        is_kept = passkeys.add(conn, new)
    if not is_kept:
        raise Conflict(NOT_ADDED)


def remove(person: Person, passkey_id: UUID, password: str) -> None:
    """It opens nothing any more. Raises Invalid for the field ``current``, NotFound, and TooMany."""
    shown = own_account.shown_password(person, password)
    with transaction(Role.WEB, proof=person.proof) as conn:
        came_to = passkeys.remove(conn, shown, passkey_id)
    if came_to == "wrong":
        raise Invalid({"current": own_account.WRONG_PASSWORD})
    if came_to == "gone":
        raise NotFound("This passkey was removed already.")


def begin_sign_in(site: Site) -> Ceremony:
    """Begin a sign-in by any passkey the browser has for this site."""
    challenge = secrets.token_bytes(32)
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, user_verification=_VERIFIED
    )
    kept = json.dumps({"challenge": challenge.hex()})
    return Ceremony(webauthn.options_to_json(options), sealing.seal(_SIGN_IN, kept))


def sign_in(site: Site, kept: str, credential: str, visitor: Visitor) -> SignedIn:
    """Open the session of whoever signed the challenge. Raises Conflict for anything else."""
    found = _unsealed(_SIGN_IN, kept)
    if found is None:
        raise Conflict(NOT_KNOWN)
    signed = _checked(site, bytes.fromhex(found["challenge"]), credential)
    new = identity.new_tokens(visitor)
    with transaction(Role.WEB) as conn:
        session = identity.new_session(new.token, visitor)
        is_in = passkeys.sign_in(conn, signed, session, identity.hash_of(new.device_token))
    if not is_in:
        raise Conflict(NOT_KNOWN)
    return new


def _checked(site: Site, challenge: bytes, credential: str) -> Signed:
    try:
        credential_id = base64url_to_bytes(str(json.loads(credential)["rawId"]))
        with transaction(Role.WEB) as conn:
            known = passkeys.find(conn, credential_id)
        if known is None:
            raise Conflict(NOT_KNOWN)
        made = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Conflict(NOT_KNOWN) from None
    return Signed(credential_id=credential_id, sign_count=made.new_sign_count, challenge=challenge)


def _unsealed(purpose: str, kept: str) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads(sealing.unseal(purpose, kept, SECONDS))
    except sealing.Unreadable:
        return None
    return found
