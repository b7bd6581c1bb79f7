"""The smallest requests around fields of Responses clients: see `contexts`."""

from typing import Any

from ..probes.base import schema

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQK"
WAV = "UklGRiQAAABXQVZF"

Context = tuple[Any, str]


def _ask(*items: Any, **more: Any) -> dict[str, Any]:
    return {"model": "acc/m", "input": list(items) or "Hi", **more}


def _tool(tool: Any) -> Context:
    return _ask(tools=[tool]), "/tools/0"


_HI = {"role": "user", "content": "Hi"}
_HO = {"role": "assistant", "content": "Ho"}
_GO_ON = {"role": "user", "content": "Go on"}
_OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}}
_F = {"type": "function", "name": "f", "parameters": _OBJECT, "strict": False}
_G = {**_F, "name": "g"}
_SH = {"type": "custom", "name": "sh"}
_GRAMMAR = {"type": "grammar", "syntax": "lark", "definition": "start: /a/"}
_CALL = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a":1}'}
_OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "done"}
_RAN = {"type": "custom_tool_call", "call_id": "c1", "name": "sh", "input": "ls"}
_PRINTED = {"type": "custom_tool_call_output", "call_id": "c1", "output": "done"}
_BY_PROGRAM = {"type": "program", "caller_id": "p1"}


def _text(text: str = "Hi") -> dict[str, Any]:
    return {"type": "input_text", "text": text}


_IMAGE = {"type": "input_image", "detail": "auto", "image_url": f"data:image/png;base64,{PNG}"}
_FILE = {"type": "input_file", "filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}


def _said(*content: Any) -> dict[str, Any]:
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": list(content)}


def _part(part: Any, at: str = "/input/0/content/1") -> Context:
    return _ask({"role": "user", "content": [_text(), part]}), at


def _returned(part: Any, *, custom: bool = False) -> Context:
    call, output, tool = (_RAN, _PRINTED, _SH) if custom else (_CALL, _OUTPUT, _F)
    return _ask(_HI, call, {**output, "output": [_text("see"), part]}, tools=[tool]), "/input/2/output/1"


def _between(item: Any) -> Context:
    return _ask(_HI, item, _HO, _GO_ON), "/input/1"


def _thought(**more: Any) -> Context:
    return _between({"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}], **more})


def _search(**more: Any) -> Context:
    return _tool({"type": "web_search", **more})


ITEMS: dict[str, dict[str, Any]] = {
    "file_search_call": {
        "id": "fs_1", "status": "completed", "queries": ["q"], "results": [
            {"file_id": "file-1", "filename": "a.pdf", "score": 0.5, "text": "x", "attributes": {"k": "v"}}]},
    "computer_call": {
        "id": "cu_1", "call_id": "c1", "status": "completed", "pending_safety_checks": [
            {"id": "s1", "code": "malicious", "message": "Look."}], "actions": [
            {"type": "click", "button": "left", "x": 1, "y": 2, "keys": ["SHIFT"]},
            {"type": "double_click", "x": 1, "y": 2, "keys": None}, {"type": "drag", "path": [{"x": 1, "y": 2}]},
            {"type": "keypress", "keys": ["A"]}, {"type": "move", "x": 1, "y": 2}, {"type": "screenshot"},
            {"type": "scroll", "x": 1, "y": 2, "scroll_x": 0, "scroll_y": 9}, {"type": "type", "text": "a"},
            {"type": "wait"}]},
    "computer_call_output": {
        "id": "co_1", "call_id": "c1", "status": "completed", "acknowledged_safety_checks": [
            {"id": "s1", "code": "malicious", "message": "Look."}], "output": {
            "type": "computer_screenshot", "image_url": f"data:image/png;base64,{PNG}"}},
    "web_search_call": {
        "id": "ws_1", "status": "completed", "action": {
            "type": "search", "query": "q", "queries": ["q"], "sources": [
                {"type": "url", "url": "https://x.example"}]}},
    "tool_search_call": {
        "id": "ts_1", "call_id": "c1", "execution": "server", "status": "completed", "arguments": {"q": "f"}},
    "tool_search_output": {
        "id": "to_1", "call_id": "c1", "execution": "server", "status": "completed", "tools": [
            {**_F, "defer_loading": True}, _SH, {"type": "web_search"},
            {"type": "namespace", "name": "n", "tools": [_G]}]},
    "additional_tools": {"id": "at_1", "role": "developer", "tools": [_F, {"type": "code_interpreter"}]},
    "configuration_update": {
        "id": "cf_1", "reasoning": {"effort": "low"}, "text": {"format": {"type": "text"}}},
    "compaction": {"id": "cm_1", "encrypted_content": "gAAA"},
    "compaction_trigger": {"id": "ct_1"},
    "image_generation_call": {
        "id": "ig_1", "status": "completed", "result": PNG, "action": "generate", "size": "1024x1024",
        "background": "auto", "output_format": "png", "quality": "low", "revised_prompt": "a cat"},
    "code_interpreter_call": {
        "id": "ci_1", "status": "completed", "code": "1+1", "container_id": "cntr_1", "outputs": [
            {"type": "logs", "logs": "2"}, {"type": "image", "url": "https://x.example/a.png"}]},
    "local_shell_call": {
        "id": "ls_1", "call_id": "c1", "status": "completed", "action": {
            "type": "exec", "command": ["ls"], "env": {"A": "b"}, "timeout_ms": 9, "user": "u",
            "working_directory": "/"}},
    "local_shell_call_output": {"id": "lo_1", "output": "a", "status": "completed"},
    "shell_call": {
        "id": "sh_1", "call_id": "c1", "status": "completed", "caller": _BY_PROGRAM, "action": {
            "commands": ["ls"], "max_output_length": 99, "timeout_ms": 9}, "environment": {
            "type": "local", "skills": [{"name": "s", "description": "d", "path": "/s"}]}},
    "shell_call_output": {
        "id": "so_1", "call_id": "c1", "status": "completed", "caller": _BY_PROGRAM, "max_output_length": 99,
        "output": [
            {"stdout": "a", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}},
            {"stdout": "", "stderr": "", "outcome": {"type": "timeout"}}]},
    "apply_patch_call": {
        "id": "ap_1", "call_id": "c1", "status": "completed", "caller": _BY_PROGRAM, "operation": {
            "type": "create_file", "path": "a", "diff": "+a"}},
    "apply_patch_call_output": {
        "id": "ao_1", "call_id": "c1", "status": "completed", "caller": _BY_PROGRAM, "output": "done"},
    "mcp_list_tools": {
        "id": "ml_1", "server_label": "s", "error": None, "tools": [
            {"name": "t", "description": "d", "input_schema": _OBJECT, "annotations": {"readOnlyHint": True}}]},
    "mcp_call": {
        "id": "mc_1", "server_label": "s", "name": "t", "arguments": "{}", "output": "a", "status": "completed",
        "approval_request_id": "mr_1", "error": {"type": "http_error", "code": 500, "message": "No."}},
    "mcp_approval_request": {"id": "mr_1", "server_label": "s", "name": "t", "arguments": "{}"},
    "mcp_approval_response": {"id": "mp_1", "approval_request_id": "mr_1", "approve": True, "reason": "Yes."},
    "program": {"id": "pr_1", "call_id": "c1", "code": "f()", "fingerprint": "p"},
    "program_output": {"id": "po_1", "call_id": "c1", "result": "1", "status": "completed"},
    "item_reference": {"id": "msg_1"},
    "x_unknown": {"a": 1},
}  # fmt: skip
"""Items of which each row speaks as a whole: kind -> its keys."""

_NETWORK = {"type": "allowlist", "allowed_domains": ["x.example"], "domain_secrets": [
    {"domain": "x.example", "name": "K", "value": "v"}]}  # fmt: skip
_CONTAINER = {"file_ids": ["file-1"], "memory_limit": "4g", "network_policy": _NETWORK}

TOOLS: dict[str, dict[str, Any]] = {
    "file_search": {
        "vector_store_ids": ["vs_1"], "max_num_results": 3, "filters": {"type": "and", "filters": [
            {"type": "eq", "key": "k", "value": "v"}]}, "ranking_options": {
            "ranker": "auto", "score_threshold": 0.5, "hybrid_search": {"embedding_weight": 1, "text_weight": 1}}},
    "computer": {},
    "computer_use_preview": {"display_height": 9, "display_width": 9, "environment": "browser"},
    "mcp": {
        "server_label": "s", "server_url": "https://x.example", "server_description": "d", "authorization": "t",
        "headers": {"A": "b"}, "allowed_tools": {"read_only": True, "tool_names": ["t"]}, "defer_loading": True,
        "allowed_callers": ["direct"], "require_approval": {
            "always": {"read_only": False, "tool_names": ["t"]}, "never": {"read_only": True, "tool_names": ["u"]}}},
    "code_interpreter": {"container": {"type": "auto", **_CONTAINER}, "allowed_callers": ["direct"]},
    "programmatic_tool_calling": {},
    "image_generation": {
        "model": "gpt-image-1", "action": "generate", "size": "1024x1024", "background": "auto", "quality": "low",
        "input_fidelity": "low", "moderation": "auto", "output_compression": 50, "output_format": "png",
        "partial_images": 1, "input_image_mask": {"file_id": "file-1"}},
    "local_shell": {},
    "shell": {"allowed_callers": ["direct"], "environment": {"type": "container_auto", **_CONTAINER, "skills": [
        {"type": "skill_reference", "skill_id": "s", "version": "1"}, {
            "type": "inline", "name": "s", "description": "d", "source": {
                "type": "base64", "media_type": "application/zip", "data": "UEs="}}]}},
    "namespace": {"name": "n", "description": "d", "tools": [_F, _SH]},
    "tool_search": {"execution": "client", "description": "d", "parameters": _OBJECT},
    "apply_patch": {"allowed_callers": ["direct"]},
    "x_unknown": {"a": 1},
}  # fmt: skip
"""Tools that the provider runs: type -> its keys."""

CHOICES = ("mcp", "programmatic_tool_calling", "apply_patch", "shell", "web_search")
"""Tools that the provider runs, and that may be chosen by their type."""

_CHOSEN: dict[str, Any] = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "f"}]}
_FORMAT = {"type": "json_schema", "name": "answer", "schema": schema(a={"type": "string"})}
_UPLOADED: Context = _part({"type": "input_file"})

CONTEXTS: dict[str, Context] = {
    "": (_ask(), ""),
    "/input/*:message": (_ask(_HI), "/input/0"),
    "/input/*:system": (_ask({"role": "system", "content": "Be kind"}, _HI), "/input/0"),
    "/input/*:system/content/*:input_text": (
        _ask({"role": "system", "content": [_text("Be kind")]}, _HI), "/input/0/content/0"),
    "/input/*:developer": (_ask({"role": "developer", "content": "Be kind"}, _HI), "/input/0"),
    "/input/*:developer/content/*:input_text": (
        _ask({"role": "developer", "content": [_text("Be kind")]}, _HI), "/input/0/content/0"),
    "/input/*:assistant": (_ask(_HI, _HO, _GO_ON), "/input/1"),
    "/input/*:assistant/content/*:input_text": (
        _ask(_HI, {"role": "assistant", "content": [_text("Ho")]}, _GO_ON), "/input/1/content/0"),
    "/input/*:message/content/*": _part(_text("x")),
    "/input/*:message/content/*:input_text": (_ask({"role": "user", "content": [_text()]}), "/input/0/content/0"),
    "/input/*:message/content/*:text": (
        _ask({"role": "user", "content": [{"type": "text", "text": "Hi"}]}), "/input/0/content/0"),
    "/input/*:message/content/*:input_image": _part(_IMAGE),
    "/input/*:message/content/*:input_image/file_id": _part({"type": "input_image"}, "/input/0/content/1/file_id"),
    "/input/*:message/content/*:input_file": _part(_FILE),
    "/input/*:message/content/*:input_file/file_id": (_UPLOADED[0], "/input/0/content/1/file_id"),
    "/input/*:message/content/*:input_file/file_url": (_UPLOADED[0], "/input/0/content/1/file_url"),
    "/input/*:message/content/*:input_audio": _part(
        {"type": "input_audio", "input_audio": {"data": WAV, "format": "wav"}}),
    "/input/*:message/content/*:x_unknown": _part({"type": "x_unknown", "a": 1}),
    "/input/*:message/content/*:output_text": (
        _ask(_HI, _said({"type": "output_text", "text": "Ho", "annotations": []}), _GO_ON), "/input/1/content/0"),
    "/input/*:message/content/*:refusal": (
        _ask(_HI, _said({"type": "refusal", "refusal": "No."}), _GO_ON), "/input/1/content/0"),
    "/input/*:function_call": (_ask(_HI, _CALL, _OUTPUT, tools=[_F]), "/input/1"),
    "/input/*:function_call_output": (_ask(_HI, _CALL, _OUTPUT, tools=[_F]), "/input/2"),
    "/input/*:function_call_output/output/*:input_text": _returned(_text("done")),
    "/input/*:function_call_output/output/*:input_image": _returned(_IMAGE),
    "/input/*:function_call_output/output/*:input_image/file_id": (
        _returned({"type": "input_image"})[0], "/input/2/output/1/file_id"),
    "/input/*:function_call_output/output/*:input_file": _returned(_FILE),
    "/input/*:function_call_output/output/*:input_file/file_id": (
        _returned({"type": "input_file"})[0], "/input/2/output/1/file_id"),
    "/input/*:function_call_output/output/*:input_file/file_url": (
        _returned({"type": "input_file"})[0], "/input/2/output/1/file_url"),
    "/input/*:custom_tool_call": (_ask(_HI, _RAN, _PRINTED, tools=[_SH]), "/input/1"),
    "/input/*:custom_tool_call_output": (_ask(_HI, _RAN, _PRINTED, tools=[_SH]), "/input/2"),
    "/input/*:custom_tool_call_output/output/*:input_text": _returned(_text("done"), custom=True),
    "/input/*:custom_tool_call_output/output/*:input_image": _returned(_IMAGE, custom=True),
    "/input/*:custom_tool_call_output/output/*:input_file": _returned(_FILE, custom=True),
    "/input/*:reasoning": _thought(encrypted_content="gAAA"),
    "/input/*:reasoning/encrypted_content:call": (
        _ask(_HI, {"type": "reasoning", "id": "rs_1", "summary": []}, _CALL, _OUTPUT, tools=[_F]),
        "/input/1/encrypted_content"),
    "/input/*:reasoning/summary": (_thought()[0], "/input/1/summary"),
    "/input/*:reasoning/content": (
        _thought(summary=[], content=[{"type": "reasoning_text", "text": "hm"}])[0], "/input/1/content"),
    **{f"/input/*:{kind}": _between({"type": kind, **item}) for kind, item in ITEMS.items()},
    "/input/*:compaction_trigger": (_ask(_HI, {"type": "compaction_trigger", "id": "ct_1"}), "/input/1"),
    **{f"/tools/*:{kind}": _tool({"type": kind, **tool}) for kind, tool in TOOLS.items()},
    "/tools/*:function": _tool(_F),
    "/tools/*:function/strict": (_ask(tools=[{**_F, "parameters": schema(a={"type": "string"})}]), "/tools/0/strict"),
    "/tools/*:custom": _tool(_SH),
    "/tools/*:custom/format:text": (_ask(tools=[{**_SH, "format": {"type": "text"}}]), "/tools/0/format"),
    "/tools/*:custom/format:grammar": (_ask(tools=[{**_SH, "format": _GRAMMAR}]), "/tools/0/format"),
    "/tools/*:web_search": _search(),
    "/tools/*:web_search/filters": (
        _search(filters={"allowed_domains": ["y.example"]})[0], "/tools/0/filters"),
    "/tools/*:web_search/user_location": (
        _search(user_location={"type": "approximate", "country": "FR"})[0], "/tools/0/user_location"),
    "/tool_choice": (_ask(tools=[_F, _G]), "/tool_choice"),
    "/tool_choice:function": (_ask(tools=[_F, _G], tool_choice={"type": "function", "name": "f"}), "/tool_choice"),
    "/tool_choice:custom": (_ask(tools=[_SH, _F], tool_choice={"type": "custom", "name": "sh"}), "/tool_choice"),
    "/tool_choice:allowed_tools": (_ask(tools=[_F, _G], tool_choice=_CHOSEN), "/tool_choice"),
    "/tool_choice:allowed_tools/tools/*:mcp": (_ask(tools=[_F, _G], tool_choice=_CHOSEN), "/tool_choice/tools/1"),
    **{f"/tool_choice:{kind}": (_ask(tools=[_F]), "/tool_choice") for kind in CHOICES},
    "/parallel_tool_calls": (_ask(tools=[_F]), "/parallel_tool_calls"),
    "/max_tool_calls": (_ask(tools=[{"type": "web_search"}]), "/max_tool_calls"),
    "/include/*": (_ask(include=[]), "/include/0"),
    "/text/format:text": (_ask(text={"format": {"type": "text"}}), "/text/format"),
    "/text/format:json_object": (_ask(text={"format": {"type": "json_object"}}), "/text/format"),
    "/text/format:json_schema": (_ask(text={"format": _FORMAT}), "/text/format"),
    "/stream_options": (_ask(stream=True), "/stream_options"),
    "/reasoning": (_ask(max_output_tokens=9000), "/reasoning"),
    **{
        f"/reasoning/{key}": (_ask(max_output_tokens=9000, reasoning={"effort": "low"}), f"/reasoning/{key}")
        for key in ("summary", "generate_summary", "context", "mode", "x_unknown")
    },
}  # fmt: skip
