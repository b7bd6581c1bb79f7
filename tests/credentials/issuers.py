"""Local servers that issue credentials as clouds do, and a provider that takes what they issue."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class Answers(ThreadingHTTPServer):
    """A local HTTP server that answers each request as a function says: ``(status, headers, body)``."""

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.asked.append(asked)
        status, headers, content = self.server.answer(asked)
        if isinstance(content, Iterator):  # a stream, to the end of the connection
            pieces, framing = content, {"connection": "close"}
        else:
            pieces = [content if isinstance(content, bytes) else json.dumps(content).encode()]
            framing = {"content-length": str(len(pieces[0]))}
        self.send_response(status)
        for name, value in {**framing, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the library's names

    def log_message(self, *_):
        pass


class Asked:
    def __init__(self, method, target, headers, body):
        self.method, self.headers, self.body = method, headers, body
        self.path = urlsplit(target).path
        self.target = target
        self.query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}


JSON = {"content-type": "application/json"}


class Issuer(Answers):
    """Issues numbered tokens in the shapes of all clouds.

    Attributes:
        lifetime: of what is issued, in seconds.
        failing: whether it answers 500 instead.
        delay: seconds before it answers.
        issued: how many times it did.
    """

    def __init__(self, lifetime=3600):
        super().__init__(self._issue)
        self.lifetime = lifetime
        self.failing = False
        self.delay = 0
        self.issued = 0
        self._lock = threading.Lock()

    def _issue(self, asked):
        time.sleep(self.delay)
        if self.failing:
            return 400, JSON, {"error": "invalid_grant", "error_description": "assertion SECRET-ASSERTION is too old"}
        with self._lock:
            return self._shaped(asked)

    def _shaped(self, asked):  # noqa: PLR0911 - a table of addresses
        expires = int(time.time()) + self.lifetime
        moment = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if asked.path == "/token":  # Google's OAuth
            return 200, JSON, {"access_token": self._next(), "expires_in": self.lifetime, "token_type": "Bearer"}
        if asked.path.startswith("/computeMetadata/v1/"):
            return self._google_metadata(asked)
        if asked.method == "POST" and b"Action=AssumeRole" in asked.body:
            return 200, {"content-type": "text/xml"}, _ASSUMED.format(token=self._next(), moment=moment).encode()
        if asked.path == "/":
            return 200, {"metadata-flavor": "Google"}, b"computeMetadata/"
        if asked.path == "/msi/token":  # Azure App Service's managed identity
            if asked.headers.get("x-identity-header") != "header-secret":
                return 401, JSON, {}
            return 200, JSON, {"access_token": self._next(), "expires_on": str(expires), "token_type": "Bearer",
                               "resource": asked.query.get("resource", "")}  # fmt: skip
        if asked.path == "/latest/api/token":
            return 200, {}, b"imds-session"
        if asked.path == "/latest/meta-data/iam/security-credentials/":
            return 200, {}, b"role-of-the-machine"
        if asked.path in ("/ecs", "/latest/meta-data/iam/security-credentials/role-of-the-machine"):
            token = self._next()
            return 200, JSON, {"Code": "Success", "AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "secret-key",
                               "Token": token, "Expiration": moment}  # fmt: skip
        return 404, JSON, {}

    def _google_metadata(self, asked):
        if asked.headers.get("metadata-flavor") != "Google":
            return 403, {}, b""
        flavor = {"metadata-flavor": "Google"}
        if asked.path.endswith("/project/project-id"):
            return 200, {**flavor, "content-type": "text/plain"}, b"metadata-project"
        if asked.path.endswith("/universe/universe-domain"):
            return 404, flavor, b""
        if asked.path.endswith("/token"):
            return 200, {**flavor, **JSON}, {"access_token": self._next(), "expires_in": self.lifetime}
        scopes = ["https://www.googleapis.com/auth/cloud-platform"]
        return 200, {**flavor, **JSON}, {"email": "robot@example", "scopes": scopes, "aliases": ["default"]}

    def _next(self):
        self.issued += 1
        return f"token-number-{self.issued}-of-this-issuer"

    @property
    def token(self):
        return f"token-number-{self.issued}-of-this-issuer"


_ASSUMED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>AKIDASSUMED</AccessKeyId><SecretAccessKey>secret-key</SecretAccessKey>
<SessionToken>{token}</SessionToken><Expiration>{moment}</Expiration></Credentials>
<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser>
</AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>"""


def service_account(issuer, **more):
    """The key file of a service account whose tokens an issuer gives out."""
    key = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return json.dumps({
        "type": "service_account", "project_id": "project-of-the-file", "private_key_id": "k1",
        "private_key": key.decode(), "client_email": "robot@example", "client_id": "1",
        "token_uri": f"{issuer.url}/token", **more,
    })  # fmt: skip
