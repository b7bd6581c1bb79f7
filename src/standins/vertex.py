"""Stands in for Vertex AI: Google's own models by generateContent, Claude by rawPredict."""

import re
from typing import Any

import attrs

from . import anthropic, gemini_wire
from .gemini import GenerateContent
from .wire import Answer, Call, Refused, Reply, dump, json_reply, refuse

PATH = re.compile(
    r"/v1(?:beta1)?/projects/([\w-]+)/locations/([\w-]+)/publishers/(google|anthropic)/models/([\w.@-]+):(\w+)"
)
VERSION = "vertex-2023-10-16"
RAW = {"rawPredict": False, "streamRawPredict": True}
MISSING = ("container", "mcp_servers", "fallbacks", "inference_geo", "speed", "model")
"""Fields of Messages that this host does not take; the model is in the address."""


@attrs.frozen
class _Vertex:
    key: str | None
    google: GenerateContent
    claude: Answer

    def __call__(self, call: Call) -> Reply:
        try:
            return self._route(call)
        except Refused as refused:
            return json_reply(refused.status, gemini_wire.error(refused), refused.headers)

    def _route(self, call: Call) -> Reply:
        if not call.bearer or (self.key is not None and call.bearer != self.key):
            raise Refused(401, "Request had invalid authentication credentials. Expected OAuth 2 access token.")
        found = PATH.fullmatch(call.path)
        if found is None:
            raise Refused(404, "The requested URL was not found on this server.")
        _, _, publisher, name, method = found.groups()
        if publisher == "google":
            return self.google.answer(call, name, method)
        return self._raw_predict(call, name, method)

    def _raw_predict(self, call: Call, name: str, method: str) -> Reply:
        """Claude behind Google's door: the body says the version, the address says the model."""
        try:
            body: Any = call.json()
        except ValueError:
            body = None
        if method not in RAW or not isinstance(body, dict):
            refuse("The request is not one of rawPredict or streamRawPredict with a JSON body.")
        if body.pop("anthropic_version", None) != VERSION:
            refuse(f"anthropic_version: must be '{VERSION}'.")
        for key in MISSING:
            if key in body:
                refuse(f"{key}: Extra inputs are not permitted")
        if bool(body.get("stream")) != RAW[method]:
            refuse("stream: must be true for streamRawPredict, and for it alone.")
        if b'"type":"url"' in dump(body.get("messages")):
            refuse("URL sources are not supported.")
        kept = {key: value for key, value in call.headers.items() if key != "authorization"}
        headers = {**kept, "x-api-key": "vertex", "anthropic-version": "2023-06-01"}
        said = {**body, "model": name.replace("@", "-")}
        return self.claude(Call("POST", "/v1/messages", "", headers, dump(said)))


def provider(*, key: str | None = None) -> Answer:
    """Vertex AI with the given access token (any when absent)."""
    return _Vertex(key, GenerateContent(vertex=True), anthropic.provider())
