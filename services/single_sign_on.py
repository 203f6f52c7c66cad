"""Signing in by another site (OpenID Connect): authorization code with PKCE, state and nonce.

Nothing is asked but the issuer of the settings and the addresses its own description names. What a sign-in that has
begun needs to go on stands sealed in a cookie of the browser that began it, for ten minutes."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

import settings
from pipeline.network.issuer import IssuerAway
from services import id_tokens, identity, own_account
from services.errors import Conflict, Invalid, NotAllowed
from services.identity import Person, SignedIn, Visitor
from store import identities, sealing
from store.database import Role, transaction

MINUTES = 10
_COOKIE, _CONNECT = "single sign-on", "connect single sign-on"
NOT_BEGUN = "This sign-in was not begun in this browser, or took too long. Try again."
REFUSED = "{name} did not sign you in. Try again, or sign in with your password."
UNVERIFIED = "{name} does not say that your e-mail address is verified, so it opens no account here."
WRONG_DOMAIN = "Addresses like yours do not sign in by {name} here. Ask an administrator."
UNKNOWN = "Nobody has an account with your address here. Ask an administrator to make one."
CONFLICT = (
    "Your account here is not opened by an address alone. Sign in as before, then connect {name} under My"
    " account."
)
TAKEN = "This account of {name} is connected already, or another one of yours is."


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what it has to bring back."""

    url: str
    kept: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Where to go on; ``signed_in`` is None when an account was connected from inside."""

    next_path: str
    signed_in: SignedIn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came back: the query of the address, what the browser kept, and the session it is signed in with."""

    query: Mapping[str, str]
    kept: str
    token: str | None
    visitor: Visitor


def is_on() -> bool:
    """Whether the settings name another site to sign in by."""
    return bool(settings.get().oidc_issuer) and identity.can_vouch()


def name() -> str:
    """What people call that site."""
    return settings.get().oidc_name


def begin(callback: str, next_path: str, connecting: Person | None = None) -> Begun:
    """Begin a sign-in that comes back to ``callback``; for a person inside, the connection of their account.

    Raises Conflict when the site does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": settings.get().oidc_client_id,
        "redirect_uri": callback,
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    try:
        address = id_tokens.description().authorization_endpoint
    except IssuerAway as error:
        raise _away(error) from None
    session = str(connecting.session_id) if connecting else ""
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": next_path, "session": session}
    joined = "&" if "?" in address else "?"
    return Begun(f"{address}{joined}{urlencode(query)}", sealing.seal(_COOKIE, json.dumps(kept)))


def finish(callback: str, returned: Returned) -> Arrived:
    """Open the session of whoever came back, or connect the account.

    Raises NotAllowed, and Conflict when the site does not answer or the account is not opened by it.
    """
    kept = _unsealed(returned.kept)
    if not hmac.compare_digest(returned.query.get("state", "").encode(), kept["state"].encode()):
        raise NotAllowed(NOT_BEGUN)
    if "code" not in returned.query:
        raise _refused(REFUSED)
    try:
        claims = id_tokens.claims(returned.query["code"], callback, kept["verifier"], kept["nonce"])
    except IssuerAway as error:
        raise _away(error) from None
    except id_tokens.Unbelievable:
        raise _refused(REFUSED) from None
    if kept["session"]:
        _connect(claims, kept["session"], returned.token)
        return Arrived(kept["next"], None)
    return Arrived(kept["next"], _sign_in(claims, returned.visitor))


def connect_key(person: Person) -> str:
    """What the link on My account holds, so that no other page begins a connection in somebody's name."""
    return sealing.seal(_CONNECT, str(person.session_id))


def is_connect_key(person: Person, key: str) -> bool:
    """Whether the person came by their own link, in time."""
    try:
        return sealing.unseal(_CONNECT, key, MINUTES * 60) == str(person.session_id)
    except sealing.Unreadable:
        return False


def connected_since(person: Person) -> datetime | None:
    """Since when the person signs in by the site; None when they do not."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return identities.since(conn, settings.get().oidc_issuer)


def disconnect(person: Person, password: str) -> None:
    """The person signs in by the site no more. Raises Invalid for the field ``current``, and TooMany."""
    shown = own_account.shown_password(person, password)
    with transaction(Role.WEB, proof=person.proof) as conn:
        is_done = identities.disconnect(conn, shown, settings.get().oidc_issuer)
    if not is_done:
        raise Invalid({"current": own_account.WRONG_PASSWORD})


def _connect(claims: id_tokens.Claims, session: str, token: str | None) -> None:
    person = identity.who_is(token)
    if person is None or str(person.session_id) != session:
        raise NotAllowed(NOT_BEGUN)
    with transaction(Role.WEB, proof=person.proof) as conn:
        is_new = identities.connect(conn, _identity(claims))
    if not is_new:
        raise _refused(TAKEN)


def _sign_in(claims: id_tokens.Claims, visitor: Visitor) -> SignedIn:
    ours = settings.get()
    if not claims.email_verified:
        raise _refused(UNVERIFIED)
    domains = {domain.strip().casefold() for domain in ours.oidc_domains.split(",") if domain.strip()}
    if domains and claims.email.rpartition("@")[2].casefold() not in domains:
        raise _refused(WRONG_DOMAIN)
    new = identity.new_tokens(visitor)
    with transaction(Role.WEB) as conn:
        session = identity.new_session(new.token, visitor)
        device = identity.hash_of(new.device_token)
        came_to = identities.sign_in(conn, _identity(claims), session, device, may_make=ours.oidc_sign_up)
    if came_to == "unknown":
        raise _refused(UNKNOWN)
    if came_to == "conflict":
        raise _refused(CONFLICT)
    return replace(new, is_half=came_to == "second_factor")


def _identity(claims: id_tokens.Claims) -> identities.Identity:
    return identities.Identity(
        issuer=settings.get().oidc_issuer, subject=claims.subject, email=identity.plain(claims.email)
    )


def _unsealed(kept: str) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(sealing.unseal(_COOKIE, kept, MINUTES * 60))
    except sealing.Unreadable:
        raise NotAllowed(NOT_BEGUN) from None
    return found


def _refused(sentence: str) -> Conflict:
    return Conflict(sentence.format(name=name()))


def _away(error: IssuerAway) -> Conflict:
    return Conflict(f"{name()} {error}. Try again, or sign in with your password.")
