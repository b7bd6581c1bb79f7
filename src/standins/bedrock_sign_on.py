"""Who may call: a Bedrock API key, or a signature that the official SDK's signer makes of the same call."""

import re
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .wire import Call, Refused

ACCESS_KEY, SECRET_KEY = "AKIDSTANDIN", "stand-in secret"
SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/([a-z-]+)/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)
MUST_BE_SIGNED = {"host", "x-amz-date"}


def sign_on(call: Call, key: str | None) -> None:
    """Refuse whoever has neither the key (any, when there is none) nor a right signature."""
    given = call.headers.get("authorization", "")
    if call.bearer:
        if key is not None and call.bearer != key:
            raise Refused(403, "The security token included in the request is invalid.", "UnrecognizedClientException")
        return
    if not given:
        raise Refused(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
    found = SIGNATURE.fullmatch(given)
    if found is None:
        raise Refused(403, "The Authorization header is not what it should be.", "IncompleteSignatureException")
    access_key, day, region, service, names, signature = found.groups()
    if access_key != ACCESS_KEY:
        raise Refused(403, "The security token included in the request is invalid.", "UnrecognizedClientException")
    moment = call.headers.get("x-amz-date", "")
    signed = set(names.split(";"))
    if service != "bedrock" or not moment.startswith(day) or not signed >= MUST_BE_SIGNED:
        raise Refused(403, "Credential should be scoped to correct service: 'bedrock'.", "InvalidSignatureException")
    if signature != _signature(call, moment, region, signed):
        message = "The request signature we calculated does not match the signature you provided."
        raise Refused(403, message, "InvalidSignatureException")


def _signature(call: Call, moment: str, region: str, signed: set[str]) -> str:
    query = f"?{call.query}" if call.query else ""
    headers = {name: value for name, value in call.headers.items() if name in signed}
    request: Any = AWSRequest(
        method=call.method, url=f"http://{call.headers['host']}{call.path}{query}", headers=headers, data=call.body
    )
    request.context["timestamp"] = moment
    token = call.headers.get("x-amz-security-token")
    signer: Any = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY, token), "bedrock", region)
    words = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(words, request))
