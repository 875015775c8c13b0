"""A provider of OpenID Connect on this machine, for tests: it signs whatever claims it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "the-desk", "between-the-two"


class Provider:
    """claims : what the next token says besides the usual. key : what it signs with. asked : forms of the token endpoint."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.published_key = self.key.public_key()
        self.claims: dict = {}
        self.told: dict = {}
        self.asked: list[dict] = []

    def answer(self, path: str, form: dict | None) -> dict | None:
        """What the endpoint says; None where there is no such endpoint."""
        if path == "/.well-known/openid-configuration":
            places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            ends = {f"{name}_endpoint": f"{self.issuer}/{place}" for name, place in places.items()}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **ends}
        if path == "/keys":
            key = jwt.algorithms.RSAAlgorithm.to_jwk(self.published_key, as_dict=True)
            return {"keys": [{**key, "kid": "1", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            self.asked.append(form)
            now = int(time.time())
            claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "7", "iat": now, "exp": now + 60, **self.claims}
            token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
            return {"id_token": token, "access_token": "open", "token_type": "Bearer"}
        return {"sub": "7", **self.told} if path == "/userinfo" else None


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that listens on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send({name: values[0] for name, values in parse_qs(body).items()})

        def _send(self, form: dict | None) -> None:
            said = one.answer(self.path, form)
            self.send_response(404 if said is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_) -> None:
            """A test says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one = Provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
