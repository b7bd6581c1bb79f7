"""A relayed Responses stream that breaks off ends with an error whose number follows, whatever numbers came."""

import json

import orjson
import pytest
from dragoman.translate import boundary

RESPONSE = {"id": "r", "object": "response", "model": "m", "output": [], "status": "in_progress"}


@pytest.mark.parametrize(
    ("number", "after"),
    [
        (5, 6),
        (2**53 - 2, 2**53 - 1),
        (2**53 - 1, 1),
        (2**64 - 1, 1),
        (2**64, 1),
        (-1, 1),
        ("5", 1),
        (None, 1),
        (1.5, 1),
    ],
)
@pytest.mark.parametrize("delta", [False, True])
def test_the_error_at_the_end_has_the_number_after_the_last_one(number, after, delta):
    context = {"client": "openai_responses", "provider": "openai", "dialect": "openai_responses", "model": "m"}
    status, pipe = boundary.open(orjson.dumps({"context": context, "status": 200, "now": 1, "id": "a"}))
    assert status == 200
    events = [{"type": "response.created", "sequence_number": 0 if delta else number, "response": RESPONSE}]
    if delta:
        item = {"type": "message", "id": "i", "role": "assistant", "status": "in_progress", "content": []}
        events.append({"type": "response.output_item.added", "output_index": 0, "item": item, "sequence_number": 1})
        events.append(
            {"type": "response.output_text.delta", "sequence_number": number, "item_id": "i", "output_index": 0,
             "content_index": 0, "delta": "x"}
        )  # fmt: skip
        after = after if after > 2 else 3
    for event in events:
        pipe, _ = boundary.feed(pipe, f"data: {json.dumps(event)}\n\n".encode())
    last, _ = boundary.close(pipe)
    [data] = [line[6:] for line in last.splitlines() if line.startswith(b"data: ")]
    error = orjson.loads(data)
    assert error["type"] == "error"
    assert error["sequence_number"] == after
