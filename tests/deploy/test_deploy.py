"""What `deploy/` holds fits the gateway and itself: addresses, ports, times, names, sizes."""

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BASE = DEPLOY / "kustomize" / "base"
UNIT = DEPLOY / "systemd" / "dragoman.service"
PROGRAM = Path(sys.executable).with_name("dragoman")
PROCESS_BYTES = 128 * 1024 * 1024  # of a process on its own, without bodies: half as much again as was measured


def documents():
    names = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))["resources"]
    read = [yaml.safe_load((BASE / name).read_text("utf-8")) for name in names]
    return {document["kind"]: document for document in read}


def container():
    return documents()["Deployment"]["spec"]["template"]["spec"]["containers"][0]


def server():
    return tomllib.loads((BASE / "dragoman.toml").read_text("utf-8"))["server"]


def instructions():
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, rest in lines]


def instruction(wanted):
    return [rest for name, rest in instructions() if name == wanted][-1]


def in_json(text):
    return json.loads(text[text.index("[") :])


def environment():
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_TOKEN_BEDROCK"))}
    return {**kept, "OPENAI_API_KEY": "a-key-of-the-tests"}


@contextmanager
def serving(arguments, folder):
    """A gateway as a container starts it, and its address; options that come last count."""
    command = [PROGRAM, *arguments, "--host", "127.0.0.1", "--port", "0"]
    with (folder / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=stderr, text=True
        )
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, (folder / "stderr").read_text()
        yield process, found[0]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """The gateway of the image with the configuration of the base."""
    folder = tmp_path_factory.mktemp("etc")
    shutil.copy(BASE / "dragoman.toml", folder)
    with serving(in_json(instruction("CMD")), folder) as (_, url):
        yield url


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_systemd_takes_the_unit_without_a_word(tmp_path):
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/dragoman/bin/dragoman", str(PROGRAM)), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_commands_of_the_unit_are_commands_of_the_gateway(tmp_path):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(UNIT, "utf-8")
    service = unit["Service"]
    (tmp_path / "dragoman.toml").write_text("[server]\n")
    _, *check = shlex.split(service["ExecStartPre"].replace("/etc/dragoman", str(tmp_path)))
    done = subprocess.run([PROGRAM, *check], env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    _, *serve = shlex.split(service["ExecStart"].replace("/etc/dragoman", str(tmp_path)))
    with serving(serve, tmp_path) as (process, url):
        assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
        process.send_signal(signal.SIGHUP)
        assert httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200
        process.terminate()
        assert process.wait(20) == 0


def test_every_manager_waits_longer_than_the_gateway_drains():
    drain = server()["drain_seconds"]
    spec = documents()["Deployment"]["spec"]["template"]["spec"]
    pause = int(container()["lifecycle"]["preStop"]["exec"]["command"][1])
    assert spec["terminationGracePeriodSeconds"] > drain + pause
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", UNIT.read_text("utf-8"), re.MULTILINE)[1]) > 30  # the default


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_the_gateway_answers_every_probe(gateway, probe):
    asked = container()[probe]["httpGet"]
    assert asked["port"] == "http"
    assert httpx.get(gateway + asked["path"], trust_env=False).status_code == 200


def test_the_images_health_check_tells_a_gateway_from_none(gateway):
    program, *arguments = in_json(instruction("HEALTHCHECK"))
    assert program == "python"
    assert arguments[-1].count("http://127.0.0.1:8080/") == 1
    with_gateway = arguments[-1].replace("http://127.0.0.1:8080", gateway)
    without = arguments[-1].replace("http://127.0.0.1:8080", "http://127.0.0.1:9")
    codes = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        for code in (with_gateway, without)
    ]
    assert codes == [0, 1]


def test_all_name_the_same_port():
    ports = {server()["port"], int(instruction("EXPOSE"))}
    command = in_json(instruction("CMD"))
    ports.add(int(command[command.index("--port") + 1]))
    (named,) = container()["ports"]
    ports.add(named["containerPort"])
    assert ports == {8080}
    assert documents()["Service"]["spec"]["ports"][0]["targetPort"] == named["name"] == "http"


def test_the_container_listens_to_more_than_itself():
    assert server()["host"] == "0.0.0.0"
    assert container()["args"] == ["serve"]


def test_bodies_and_the_process_fit_into_the_containers_memory():
    limit = container()["resources"]["limits"]["memory"]
    assert int(limit.removesuffix("Mi")) * 1024 * 1024 >= server()["max_buffered_bytes"] + PROCESS_BYTES


def test_names_in_the_base_lead_somewhere():
    kustomization = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))
    found = documents()
    spec = found["Deployment"]["spec"]["template"]["spec"]
    (generated,) = kustomization["configMapGenerator"]
    assert all((BASE / name).is_file() for name in generated["files"])
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    assert volumes["configuration"]["configMap"]["name"] == generated["name"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container()["volumeMounts"]}
    assert mounts.keys() == volumes.keys()
    assert mounts["configuration"] == instruction("WORKDIR")
    assert found["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == found["Deployment"]["metadata"]["name"]
    assert {image["name"] for image in kustomization["images"]} == {container()["image"]}
    assert str(spec["securityContext"]["runAsUser"]) == instruction("USER")


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl")
def test_kustomize_builds_the_base_and_its_selectors_find_the_pods():
    built = subprocess.run(["kubectl", "kustomize", BASE], capture_output=True, text=True, check=True)
    found = {document["kind"]: document for document in yaml.safe_load_all(built.stdout)}
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Service"]["spec"]["selector"].items() <= labels.items()
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert found[kind]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    volumes = found["Deployment"]["spec"]["template"]["spec"]["volumes"]
    assert found["ConfigMap"]["metadata"]["name"] in [v["configMap"]["name"] for v in volumes if "configMap" in v]
    assert found["ConfigMap"]["data"]["dragoman.toml"] == (BASE / "dragoman.toml").read_text("utf-8")


def test_everything_that_the_image_copies_is_there_and_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sent = [line[1:] for line in ignored if line.startswith("!")]
    assert "*" in ignored
    sources = [name for _, rest in instructions() if _ == "COPY" and "--from" not in rest for name in rest.split()[:-1]]
    assert len(sources) > 3
    for name in sources:
        assert (ROOT / name).exists(), name
        assert any(fnmatch(name, pattern) for pattern in sent), name


def test_the_extras_of_the_image_exist():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (wanted,) = [rest for name, rest in instructions() if name == "RUN" and "--no-build-isolation" in rest]
    assert set(re.search(r"'\.\[(.*?)\]'", wanted)[1].split(",")) <= project["optional-dependencies"].keys()


SHARING = {
    "postgresql": {"DRAGOMAN_LEDGER": "postgresql://dragoman:hush@dragoman-postgresql/dragoman"},
    "valkey": {
        "DRAGOMAN_LEDGER": "postgresql://dragoman:hush@dragoman-postgresql/dragoman",
        "DRAGOMAN_SHARED": "redis://:hush@dragoman-valkey:6379/0",
    },
}
"""Overlay -> what its Secrets tell the gateway."""


@pytest.mark.parametrize("overlay", SHARING)
def test_the_gateway_takes_the_configuration_of_several_that_share_and_hides_passwords(overlay, tmp_path):
    shutil.copy(DEPLOY / "kustomize" / overlay / "dragoman.toml", tmp_path)
    variables = {**environment(), **SHARING[overlay]}
    done = subprocess.run(
        [PROGRAM, "check"], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in SHARING[overlay])
    assert "hush" not in done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl")
@pytest.mark.parametrize("overlay", SHARING)
def test_kustomize_builds_the_gateway_with_what_it_shares_and_their_names_meet(overlay):
    built = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kustomize" / overlay], capture_output=True, text=True, check=True
    )
    found = {(item["kind"], item["metadata"]["name"]): item for item in yaml.safe_load_all(built.stdout)}
    (configuration,) = [item for (kind, _), item in found.items() if kind == "ConfigMap"]
    (gateway,) = found["Deployment", "dragoman"]["spec"]["template"]["spec"]["containers"]
    given = {item["name"]: item["valueFrom"]["secretKeyRef"]["name"] for item in gateway["env"]}
    assert given.keys() == SHARING[overlay].keys()
    assert all(f'"env:{name}"' in configuration["data"]["dragoman.toml"] for name in given)
    assert gateway["envFrom"]
    stores = {name: item["spec"] for (kind, name), item in found.items() if kind == "StatefulSet"}
    assert len(stores) == len(given)
    for variable, secret in given.items():
        store = stores[secret]
        assert urlsplit(SHARING[overlay][variable]).hostname == store["serviceName"]
        labels = store["template"]["metadata"]["labels"]
        service = found["Service", store["serviceName"]]["spec"]
        assert service["selector"] == store["selector"]["matchLabels"] == labels
        assert not found["Service", "dragoman"]["spec"]["selector"].items() <= labels.items()
        (engine,) = store["template"]["spec"]["containers"]
        assert service["ports"][0]["targetPort"] == engine["ports"][0]["name"]
        assert [item["valueFrom"]["secretKeyRef"]["name"] for item in engine["env"] if "valueFrom" in item] == [secret]
        assert engine["volumeMounts"][0]["name"] == store["volumeClaimTemplates"][0]["metadata"]["name"]


def test_a_server_of_these_options_takes_the_password_and_keeps_what_it_was_told(tmp_path):
    """The command of the StatefulSet, run as it is but for the program's name and the folder."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        words = "there is no Valkey or Redis here: apt-get install redis-server"
        pytest.fail(words) if os.environ.get("DRAGOMAN_REQUIRE_SERVERS") == "1" else pytest.skip(words)
    documents = yaml.safe_load_all((DEPLOY / "kustomize" / "valkey" / "valkey.yaml").read_text("utf-8"))
    (store,) = [item for item in documents if item["kind"] == "StatefulSet"]
    (engine,) = store["spec"]["template"]["spec"]["containers"]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = engine["args"][0].replace("valkey-server", f"{program} --port {port}").replace("/data", str(tmp_path))
    variables = {**os.environ, "VALKEY_PASSWORD": "s3cret-word"}
    for first in (True, False):
        process = subprocess.Popen([*engine["command"], words], env=variables, stdout=subprocess.DEVNULL)
        try:
            told = spoken(port, "AUTH s3cret-word", "SET k v" if first else "GET k", "CONFIG GET maxmemory-policy")
            assert ("+OK" if first else "v") in told
            assert "noeviction" in told
        finally:
            process.terminate()
            process.wait(10)


def spoken(port, *commands):
    deadline = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall("".join(f"{command}\r\n" for command in (*commands, "QUIT")).encode())
                return b"".join(iter(lambda: connection.recv(4096), b"")).decode()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
