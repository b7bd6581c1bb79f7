"""``dragoman explain --preview-switch``, as a person and as a program see it."""

import io
import json
import sys

import pytest
from dragoman.cli import main

CONVERSATION = {
    "model": "prod/claude-sonnet-4-5",
    "max_completion_tokens": 4000,
    "n": 2,
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Go", "cache_control": {"type": "ephemeral"}}]},
        {
            "role": "assistant",
            "content": None,
            "thinking_blocks": [{"type": "thinking", "thinking": "[bold]Hm", "signature": "c2ln"}],
            "tool_calls": [{"id": "a:b", "type": "function", "function": {"name": "now", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "a:b", "content": "12"},
    ],
    "tools": [{"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}],
}


@pytest.fixture
def run(capfdbinary, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run_command(*words, body=CONVERSATION):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        status = main(["explain", *words])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return status, out.decode(), err.decode()

    return run_command


def test_a_person_sees_every_concern_with_what_changes(run):
    status, out, err = run("--preview-switch", "openai/gpt-5.1")
    assert (status, err) == (0, "")
    assert "from anthropic/claude-sonnet-4-5 to openai/gpt-5.1, spoken to in openai_chat" in out
    assert "dropped/quality /messages/1/thinking_blocks/0: Reasoning issued by anthropic cannot be sent back" in out
    assert "dropped/cost /messages/0/content/0/cache_control:" in out
    assert (
        "cost: No cache of another model holds: the next request reads its whole prompt anew, 3 messages and 1 tool."
        in out
    )
    lines = [line.split() for line in out.splitlines()]
    assert ["signed", "thinking,", "by", "anthropic", "1", "-", "-", "1"] in lines
    assert ["ids", "of", "calls", "1", "1", "-", "-"] in lines
    _, out, _ = run("--preview-switch", "vertex/gemini-2.5-flash")
    assert ["ids", "of", "calls", "1", "-", "1", "-"] in [line.split() for line in out.splitlines()]
    assert "/messages/1/tool_calls/0: a:b -> a_b_" in out


def test_a_refused_switch_says_so_and_lists_all_losses(run):
    body = {**CONVERSATION, "seed": 7}
    status, out, _ = run("--preview-switch", "groq/openai/gpt-oss-120b", body=body)
    assert status == 0
    assert "the next request would be refused (400), for 1 reason; all is listed" in out
    assert "dropped/contract, refused by default (as now) /n:" in out
    assert "Reasoning issued by anthropic cannot be sent back to groq." in out


def test_a_machine_gets_one_object(run):
    status, out, _ = run("--preview-switch", "gemini/gemini-3.5-flash", "--json")
    found = json.loads(out)
    assert (status, out.count("\n")) == (0, 1)
    assert (found["present"], found["target"]) == ("anthropic/claude-sonnet-4-5", "gemini/gemini-3.5-flash")
    assert (found["row"], found["dialect"], found["refused"]) == ("gemini-3.5-flash", "gemini", True)
    state = next(concern for concern in found["concerns"] if concern["name"] == "reasoning state")
    assert state["things"] == [
        {"what": "signed thinking, by anthropic", "there": 1, "kept": 0, "changed": 0, "gone": 1}
    ]
    assert [(loss["path"], loss["kind"], loss["now"], loss["refused"]) for loss in state["losses"]] == [
        ("/messages/1/thinking_blocks/0", "dropped", False, False),
        ("/messages/1/tool_calls/0", "added", False, False),
    ]


def test_where_the_conversation_is_now_can_be_said(run):
    words = ("--preview-switch", "gemini/gemini-3.5-flash", "--to", "bedrock", "--model", "eu.anthropic.claude-opus-5")
    _, out, _ = run(*words)
    assert "from bedrock/eu.anthropic.claude-opus-5 to gemini/gemini-3.5-flash" in out
    _, out, _ = run("--preview-switch", "gemini/gemini-3.5-flash", body={**CONVERSATION, "model": "whatever"})
    assert "from a model that is not known (name it with --to and --model)" in out


def test_every_dialect_can_be_looked_at(run):
    body = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
    status, out, _ = run("--from", "gemini", "--preview-switch", "bedrock/amazon.nova-pro-v1:0", body=body)
    assert status == 0
    assert "nothing is lost" in out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--preview-switch", "antropic/claude-opus-5"], "--preview-switch: unknown provider 'antropic'"),
        (["--preview-switch", "gemini"], "--preview-switch: 'gemini' names no model: say gemini/MODEL"),
        (["--preview-switch", "gemini/x", "--to", "nobody"], "--to: unknown provider 'nobody'"),
        (["--preview-switch", "gemini/x", "--model", "m"], "--model needs --to"),
        ([], "the following arguments are required: --to"),
    ],
)
def test_a_wrong_command_is_told_what_would_be_right(run, words, hint):
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert hint in err


@pytest.mark.parametrize("body", [b"{", b'{"model":"m","messages":"Hi"}', b""])
def test_a_body_that_is_no_conversation_is_at_fault(run, body):
    status, out, err = run("--preview-switch", "gemini/gemini-3.5-flash", body=body)
    assert (status, out) == (1, "")
    assert err.startswith("dragoman: ")
