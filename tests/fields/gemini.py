"""The smallest requests around fields of generateContent clients: see `contexts`."""

from typing import Any

PNG = "iVBORw0KGgo="


def _user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts) or [{"text": "Hi"}]}


def _model(*parts: Any) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


def _body(*contents: Any, **more: Any) -> dict[str, Any]:
    return {"contents": list(contents) or [_user()], **more}


def _declared(*names: str, **more: Any) -> dict[str, Any]:
    return {"functionDeclarations": [{"name": name, **more} for name in names or ("f",)]}


_CALL = {"functionCall": {"id": "c1", "name": "f", "args": {"a": 1}}}


def _called(call: Any = _CALL, **response: Any) -> dict[str, Any]:
    answer = {"id": "c1", "name": "f", "response": {"output": "done"}, **response}
    return _body(_user(), _model(call), _user({"functionResponse": answer}), tools=[_declared()])


def _beside(part: Any) -> tuple[Any, str]:
    return _body(_user({"text": "Hi"}, part)), f"/contents/0/parts/1/{next(iter(part))}"


def _said(part: Any) -> tuple[Any, str]:
    return _body(_user(), _model(part, {"text": "Ho"}), _user({"text": "Go on"})), "/contents/1/parts/0"


_IMAGE = {"inlineData": {"mimeType": "image/png", "data": PNG}}
_FILE = {"fileData": {"mimeType": "image/png", "fileUri": "https://x.example/a.png"}}
_JSON = {"responseMimeType": "application/json"}
_SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
_LOGPROBS = {"responseLogprobs": True}


def _config(**config: Any) -> dict[str, Any]:
    return _body(generationConfig=config)


def _tool(tool: Any) -> tuple[Any, str]:
    return _body(tools=[tool]), f"/tools/0/{next(iter(tool))}"


CONTEXTS: dict[str, tuple[Any, str]] = {
    "": (_body(), ""),
    "/contents/*": (_body(), "/contents/0"),
    "/contents/*:model": (_body(_user(), _model({"text": "Ho"}), _user({"text": "Go on"})), "/contents/1"),
    "/contents/*/parts/*/inlineData": _beside(_IMAGE),
    "/contents/*/parts/*/mediaResolution": (_beside(_IMAGE)[0], "/contents/0/parts/1/mediaResolution"),
    "/contents/*/parts/*/media_resolution": (_beside(_IMAGE)[0], "/contents/0/parts/1/media_resolution"),
    "/contents/*/parts/*/mediaProcessing": (_beside(_IMAGE)[0], "/contents/0/parts/1/mediaProcessing"),
    "/contents/*/parts/*/partMetadata": (_body(), "/contents/0/parts/0/partMetadata"),
    "/contents/*/parts/*/fileData": _beside(_FILE),
    "/contents/*/parts/*/file_data": (
        _body(_user({"text": "Hi"}, {"file_data": {"mime_type": "image/png", "file_uri": "https://x.example/a.png"}})),
        "/contents/0/parts/1/file_data",
    ),
    "/contents/*/parts/*/inline_data": (
        _body(_user({"text": "Hi"}, {"inline_data": {"mime_type": "image/png", "data": PNG}})),
        "/contents/0/parts/1/inline_data",
    ),
    "/contents/*/parts/*/audio": (
        _body(_user({"text": "Hi"}, {"inlineData": {"mimeType": "audio/wav", "data": "UklGRiQAAABXQVZF"}})),
        "/contents/0/parts/1",
    ),
    "/contents/*/parts/*/audioMetadata": (
        _body(_user({"text": "Hi"}, {"inlineData": {"mimeType": "audio/wav", "data": "UklGRiQAAABXQVZF"}})),
        "/contents/0/parts/1/audioMetadata",
    ),
    "/contents/*/parts/*/videoMetadata": (
        _body(_user({"text": "Hi"}, {"inlineData": {"mimeType": "video/mp4", "data": "AAAAIGZ0eXBpc29t"}})),
        "/contents/0/parts/1/videoMetadata",
    ),
    "/contents/*/parts/*/documentMetadata": (
        _body(_user({"text": "Hi"}, {"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0xLjQK"}})),
        "/contents/0/parts/1/documentMetadata",
    ),
    "/contents/*/parts/*/spreadsheetMetadata": (
        _body(_user({"text": "Hi"}, {"inlineData": {"mimeType": "text/csv", "data": "YSxi"}})),
        "/contents/0/parts/1/spreadsheetMetadata",
    ),
    "/contents/*/parts/*/text": (_body(), "/contents/0/parts/0/text"),
    "/contents/*/parts/*/thought": (_said({"text": "hm", "thought": True})[0], "/contents/1/parts/0/thought"),
    "/contents/*/parts/*/thoughtSignature": (
        _called({**_CALL, "thoughtSignature": "c2ln"}),
        "/contents/1/parts/0/thoughtSignature",
    ),
    "/contents/*/parts/*/thought_signature": (
        _called({**_CALL, "thought_signature": "c2ln"}),
        "/contents/1/parts/0/thought_signature",
    ),
    "/contents/*/parts/*/functionCall": (_called(), "/contents/1/parts/0/functionCall"),
    "/contents/*/parts/*/functionResponse": (_called(), "/contents/2/parts/0/functionResponse"),
    "/contents/*/parts/*/functionResponse/parts": (
        _called(parts=[{"inlineData": {"mimeType": "image/png", "data": PNG}}]),
        "/contents/2/parts/0/functionResponse/parts",
    ),
    "/contents/*/parts/*/functionResponse/parts/*/fileData": (
        _called(parts=[{"fileData": {"mimeType": "image/png", "fileUri": "https://x.example/a.png"}}]),
        "/contents/2/parts/0/functionResponse/parts/0/fileData",
    ),
    "/contents/*/parts/*/executableCode": (
        _said({"executableCode": {"id": "e1", "language": "PYTHON", "code": "1"}})[0],
        "/contents/1/parts/0/executableCode",
    ),
    "/contents/*/parts/*/codeExecutionResult": (
        _said({"codeExecutionResult": {"id": "e1", "outcome": "OUTCOME_OK", "output": "1"}})[0],
        "/contents/1/parts/0/codeExecutionResult",
    ),
    "/contents/*/parts/*/toolCall": (
        _said({"toolCall": {"id": "t1", "toolType": "GOOGLE_SEARCH_WEB", "args": {"q": "x"}}})[0],
        "/contents/1/parts/0/toolCall",
    ),
    "/contents/*/parts/*/toolResponse": (
        _said({"toolResponse": {"id": "t1", "toolType": "GOOGLE_SEARCH_WEB", "response": {"x": 1}}})[0],
        "/contents/1/parts/0/toolResponse",
    ),
    "/systemInstruction": (_body(systemInstruction={"parts": [{"text": "Be kind"}]}), "/systemInstruction"),
    "/system_instruction": (_body(system_instruction={"parts": [{"text": "Be kind"}]}), "/system_instruction"),
    "/tools": (_body(), "/tools"),
    "/tools/*/functionDeclarations": (_body(tools=[_declared()]), "/tools/0/functionDeclarations"),
    "/tools/*/functionDeclarations/*": (_body(tools=[_declared()]), "/tools/0/functionDeclarations/0"),
    "/tools/*/googleSearch": _tool({"googleSearch": {}}),
    "/tools/*/google_search": _tool({"google_search": {}}),
    "/tools/*/googleSearchRetrieval": _tool(
        {"googleSearchRetrieval": {"dynamicRetrievalConfig": {"mode": "MODE_DYNAMIC", "dynamicThreshold": 0.5}}}
    ),
    "/tools/*/enterpriseWebSearch": _tool({"enterpriseWebSearch": {"excludeDomains": ["x.example"]}}),
    "/tools/*/googleMaps": _tool({"googleMaps": {"enableWidget": True}}),
    "/tools/*/codeExecution": _tool({"codeExecution": {}}),
    "/tools/*/urlContext": _tool({"urlContext": {}}),
    "/tools/*/computerUse": _tool({"computerUse": {"environment": "ENVIRONMENT_BROWSER"}}),
    "/tools/*/fileSearch": _tool({"fileSearch": {"fileSearchStoreNames": ["s"], "topK": 2}}),
    "/tools/*/retrieval": _tool({"retrieval": {"vertexAiSearch": {"datastore": "d"}}}),
    "/tools/*/parallelAiSearch": _tool({"parallelAiSearch": {"customConfigs": {}}}),
    "/tools/*/exaAiSearch": _tool({"exaAiSearch": {"customConfigs": {}}}),
    "/tools/*/mcpServers": _tool({"mcpServers": [{"name": "m"}]}),
    "/toolConfig": (_body(tools=[_declared("f", "g")]), "/toolConfig"),
    "/toolConfig/functionCallingConfig/mode": (
        _body(tools=[_declared("f", "g")], toolConfig={"functionCallingConfig": {}}),
        "/toolConfig/functionCallingConfig/mode",
    ),
    "/toolConfig/functionCallingConfig/allowedFunctionNames": (
        _body(tools=[_declared("f", "g")], toolConfig={"functionCallingConfig": {"mode": "ANY"}}),
        "/toolConfig/functionCallingConfig/allowedFunctionNames",
    ),
    "/tool_config": (_body(tools=[_declared("f", "g")]), "/tool_config"),
    "/generationConfig/logprobs": (_config(**_LOGPROBS), "/generationConfig/logprobs"),
    "/generationConfig/responseSchema": (_config(**_JSON), "/generationConfig/responseSchema"),
    "/generationConfig/responseJsonSchema": (_config(**_JSON), "/generationConfig/responseJsonSchema"),
    "/generationConfig/thinkingConfig": (_config(maxOutputTokens=9000), "/generationConfig/thinkingConfig"),
}
