"""A native generateContent body as the plain readers of other dialects see it."""

import orjson

from .visible import as_text


def seen_as_chat(told):
    """The native body with what the plain reader of other dialects looks for, under the names it knows."""
    body = told.body
    tools = [
        {"name": one["name"], "description": one.get("description"), "input_schema": one.get("parametersJsonSchema")}
        for tool in body.get("tools") or ()
        for one in tool.get("functionDeclarations") or ({"name": "web_search"},)
    ]
    messages = [
        {
            "role": content["role"],
            "content": [
                {"type": "tool_use", "name": part["functionCall"]["name"], "input": part["functionCall"]["args"]}
                for part in content["parts"]
                if "functionCall" in part
            ],
        }
        for content in body["contents"]
    ]
    parts = [part for content in body["contents"] for part in content["parts"]]
    results = [orjson.dumps(part["functionResponse"]["response"]) for part in parts if "functionResponse" in part]
    texts = [as_text(part["inlineData"]["data"]) or "" for part in parts if "inlineData" in part]
    more = [result.decode() for result in results] + texts
    whole = {"messages": messages, "tools": tools, "native": [body, compact(body)], "more": more}
    return type(told)(told.status, whole, told.raw, told.head)


def compact(value):
    """A body whose texts that are JSON objects have no white space between tokens: here they become objects."""
    if isinstance(value, dict):
        return {key: compact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [compact(item) for item in value]
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return orjson.dumps(orjson.loads(value)).decode()
        except orjson.JSONDecodeError:
            return value
    return value
