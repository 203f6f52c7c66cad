"""What the issuer of the settings says of somebody, verified against its keys (OpenID Connect Core 1.0, 3.1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

import settings
from pipeline.network.issuer import IssuerAway, asked

# Only signatures that need the issuer's private key; what this list leaves out, such as "none", is refused.
_ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
]
# How far the issuer's clock may be off.
_LEEWAY_S = 60


class Unbelievable(Exception):
    """What came is not what the issuer signed for this sign-in."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the issuer says of itself (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Whom the issuer signed for."""

    subject: str
    email: str
    email_verified: bool


def description() -> Description:
    """The issuer's description of itself. Raises IssuerAway."""
    issuer = settings.get().oidc_issuer
    found = asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration", proxy=_proxy())
    if found.get("issuer") != issuer:
        raise IssuerAway("calls itself by another name than OIDC_ISSUER")
    made = Description(
        authorization_endpoint=_address(found, "authorization_endpoint"),
        token_endpoint=_address(found, "token_endpoint"),
        jwks_uri=_address(found, "jwks_uri"),
        userinfo_endpoint=_address(found, "userinfo_endpoint") if found.get("userinfo_endpoint") else "",
    )
    return made


def claims(code: str, callback: str, verifier: str, nonce: str) -> Claims:
    """Exchange a code for what the issuer says. Raises IssuerAway and Unbelievable."""
    ours, where = settings.get(), description()
    secret = ours.oidc_client_secret.get_secret_value()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": verifier,
    }
    tokens = asked(where.token_endpoint, form=form, auth=(ours.oidc_client_id, secret), proxy=_proxy())
    said = _verified(str(tokens.get("id_token", "")), asked(where.jwks_uri, proxy=_proxy()), nonce)
    if "email" not in said and where.userinfo_endpoint:
        more = asked(where.userinfo_endpoint, bearer=str(tokens.get("access_token", "")), proxy=_proxy())
        if more.get("sub") != said["sub"]:
            raise Unbelievable
        said = {**more, **said}
    return Claims(
        subject=str(said["sub"]),
        email=str(said.get("email", "")),
        # Some issuers write it as text.
        email_verified=str(said.get("email_verified", "")).casefold() == "true"
        and "@" in str(said.get("email")),
    )


def _verified(id_token: str, keys: dict[str, object], nonce: str) -> dict[str, object]:
    ours = settings.get()
    registry = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": ours.oidc_issuer},
        aud={"essential": True, "value": ours.oidc_client_id},
        sub={"essential": True},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        said = jwt.decode(id_token, key_set, algorithms=_ALGORITHMS).claims
        registry.validate(said)
    except (JoseError, ValueError, KeyError, TypeError):
        raise Unbelievable from None
    if said.get("azp", ours.oidc_client_id) != ours.oidc_client_id or not isinstance(said["sub"], str):
        raise Unbelievable
    return dict(said)


def _proxy() -> str:
    return settings.get().outbound_proxy.get_secret_value()


def _address(found: dict[str, object], field: str) -> str:
    """An address of the description; as safe from eavesdroppers as the issuer's own."""
    address = str(found.get(field, ""))
    if urlsplit(address).scheme != urlsplit(settings.get().oidc_issuer).scheme:
        raise IssuerAway(f"names no {field} that can be used")
    return address
