"""Every code block of the pages does what the page says."""

import shutil
import subprocess
import sys
import tomllib

import orjson
import pytest

from .conftest import ADDRESS, PROGRAMS, ROOT, blocks, environment, serving

NAMES = (
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "AZURE_OPENAI_API_KEY",
    "AWS_BEARER_TOKEN_BEDROCK",
    "XAI_API_KEY",
    "GROQ_API_KEY",
    "VERTEX_API_KEY",
)
SECRETS = {name: f"sk-{number}" for number, name in enumerate(NAMES)} | {
    "DRAGOMAN_SHARED": "redis://:sk-x@127.0.0.1:1/0"
}


def run(command, folder, **more):
    done = subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def start_hypercorn(command, folder):
    command = f"exec {command.replace(':8080', ':0')}"
    process = subprocess.Popen(["bash", "-c", command], cwd=folder, env=environment(**SECRETS), stderr=subprocess.PIPE)
    try:
        assert any(b"Running on" in line for line in process.stderr)
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python(block, tmp_path, request):
    code = block.code
    if ADDRESS in code:
        code = code.replace(ADDRESS, request.getfixturevalue("gateway"))
    said = run([sys.executable, "-W", "error", "-c", code], tmp_path)
    if block.output is not None:
        assert said == block.output
    assert said.strip()


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_shell(block, tmp_path, request):
    for command in block.code.replace("\\\n", " ").replace("|\n", "| ").strip().splitlines():
        words = command.split("#")[0].split()
        if words[0] == "make":
            # Not run: it would be this test that runs it. That the goal exists is what can be seen.
            if shutil.which("make"):
                run([*words, "--dry-run", "--no-print-directory"], ROOT)
            assert f"\n{words[1]}: " in (ROOT / "Makefile").read_text("utf-8")
        elif words[:2] == ["dragoman", "serve"]:
            with serving([sys.executable, "-m", "dragoman", *words[1:]], tmp_path):
                pass
        elif words[0] == "hypercorn":
            start_hypercorn(command, tmp_path)
        elif words[0] == "curl" and not shutil.which("curl"):
            pytest.skip("there is no curl")
        else:
            if ADDRESS in command:
                command = command.replace(ADDRESS, request.getfixturevalue("gateway"))  # noqa: PLW2901
            said = run(["bash", "-euo", "pipefail", "-c", command], tmp_path)
            assert said.strip()
            if words[0] == "curl":
                assert "error" not in orjson.loads(said), said
            if block.output is not None:
                assert said == block.output


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_configuration(block, tmp_path):
    if "[project" in block.code:
        pytest.skip("not a configuration of the gateway")
    tomllib.loads(block.code)
    (tmp_path / "dragoman.toml").write_text(block.code, "utf-8")
    (tmp_path / "robot.json").write_text('{"type": "service_account"}')
    program = str(PROGRAMS / "dragoman")
    assert "configuration: dragoman.toml" in run([program, "check"], tmp_path, **SECRETS)
    with serving([program, "serve"], tmp_path, **SECRETS):
        pass


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json(block):
    assert isinstance(orjson.loads(block.code), dict)


def test_every_block_says_what_it_is():
    for page in {block.page for language in ("python", "sh", "toml", "json", "text") for block in blocks(language)}:
        opened = [line for line in (ROOT / page).read_text("utf-8").splitlines() if line.startswith("```")]
        assert all(line == "```" for line in opened[1::2]), page
        assert all(line[3:] in ("python", "sh", "toml", "json", "text") for line in opened[::2]), page
