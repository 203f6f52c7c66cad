"""A site people sign in by, on a real socket: a mock of an OpenID provider, held to PKCE; answers can be twisted."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import httpx
import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

Json = dict[str, Any]
SECRET = "a secret of the client"


class Issuer:
    """``twist`` changes what is signed; ``key`` and ``header`` are what it is signed with."""

    def __init__(self) -> None:
        self.url = ""
        self.published = RSAKey.generate_key(2048, {"kid": "one"})
        self.key: RSAKey | OctKey = self.published
        self.header: Json = {"alg": "RS256", "kid": "one"}
        self.twist: Callable[[Json], Json] = lambda claims: claims
        self.description: Json = {}
        self.asked: list[str] = []
        self._challenges: set[str] = set()
        self._app = oidc_provider_mock.app()

    def knows(self, subject: str, **claims: object) -> None:
        """Somebody who can sign in there."""
        httpx.put(f"{self.url}/users/{subject}", json=claims).raise_for_status()

    def settings(self) -> dict[str, str]:
        """Environment variables under which people sign in here."""
        return {
            "OIDC_ISSUER": self.url,
            "OIDC_CLIENT_ID": "prospectpro",
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": "Lantern",
        }

    def __call__(self, environ: Json, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path == "/oauth2/authorize":
            query = parse_qs(environ["QUERY_STRING"])
            assert query["code_challenge_method"] == ["S256"]
            self._challenges.update(query["code_challenge"])
        if path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(body)
            verifier = parse_qs(body.decode())["code_verifier"][0]
            digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
            assert digest.rstrip(b"=").decode() in self._challenges
        parts, status, headers = run_wsgi_app(self._app.wsgi_app, environ)
        answer = self._twisted(path, b"".join(parts))
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(answer)))])
        return [answer]

    def _twisted(self, path: str, answer: bytes) -> bytes:
        if path == "/jwks":
            return json.dumps({"keys": [self.published.as_dict(private=False)]}).encode()
        if path == "/.well-known/openid-configuration":
            return json.dumps({**json.loads(answer), **self.description}).encode()
        if path != "/oauth2/token" or b"id_token" not in answer:
            return answer
        tokens = json.loads(answer)
        part = tokens["id_token"].split(".")[1]
        claims = self.twist(json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))))
        tokens["id_token"] = self._signed(claims)
        return json.dumps(tokens).encode()

    def _signed(self, claims: Json) -> str:
        if self.header["alg"] == "none":
            parts = (
                urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (self.header, claims)
            )
            return b".".join([*parts, b""]).decode()
        return jwt.encode(self.header, claims, self.key, algorithms=[self.header["alg"]])


@contextmanager
def issuer() -> Iterator[Issuer]:
    """A running site on a free port."""
    made = Issuer()
    server = make_server("127.0.0.1", 0, made, threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()


def come_back(location: str, subject: str, **more: str) -> str:
    """Sign in at the site as ``subject`` does in a browser; returns the way back."""
    answer = httpx.post(location, data={"sub": subject, **more})
    return answer.headers["location"]
