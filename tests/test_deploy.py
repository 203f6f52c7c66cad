"""The files of ``deploy/`` agree with the code, with each other, and with the tools that are installed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import manage
from embedded.programs import _DRAIN_S
from services.identity import SESSION_COOKIE
from settings import model, version
from tests.test_architecture import OURS

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMPOSE = DEPLOY / "compose" / "compose.yaml"
# Of the images of others, of Python, and of the web server's library.
FOREIGN = {
    *("POSTGRES_PASSWORD", "OWNER_PASSWORD", "BACKUP_PASSWORD", "REDISCLI_AUTH", "REDIS_PASSWORD"),
    *("SITE", "SERVERS", "PLACE_SECRET"),
    *("PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "FORWARDED_ALLOW_IPS"),
}  # fmt: skip
SETTINGS = {name.upper() for name in model().model_fields}
COMMANDS = manage.names(manage.application())
PORT = model().model_fields["web_port"].default
BODY_MB = model().model_fields["upload_mb"].default + 2


def text(name: str) -> str:
    return (DEPLOY / name).read_text()


def documents() -> list[dict[str, Any]]:
    """Every object of the manifests."""
    return [found for path in KUBERNETES for found in yaml.safe_load_all(path.read_text())]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each pod of the manifests with the name of what makes it."""
    for found in documents():
        spec = found.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield found["metadata"]["name"], spec["template"]["spec"]


def named_commands() -> set[str]:
    """The commands of ``manage.py`` that the files give."""
    found = set(re.findall(r"manage\.py ([a-z-]+)", "\n".join(path.read_text() for path in UNITS)))
    found |= set(re.findall(r"as_prospectpro ([a-z-]+)", text("install.sh")))
    ours = [service for service in compose()["services"].values() if "build" in service]
    found |= {service["command"][0] for service in ours if "command" in service}
    for _, pod in pods():
        (container,) = pod["containers"]
        found |= {
            word
            for pair in re.findall(r"manage\.py ([a-z-]+)|^([a-z-]+)$", container["args"][0])
            for word in pair
        }
    found |= set(re.findall(r'^CMD \["([a-z-]+)"', text("Containerfile"), re.M))
    return found - {""}


def test_every_command_exists() -> None:
    assert named_commands() == {
        *("run", "serve", "worker", "prepare", "backup", "doctor", "first-admin-link")
    }
    assert named_commands() <= COMMANDS


def test_every_setting_exists() -> None:
    named = set(re.findall(r"\b([A-Z][A-Z0-9_]+)=", text("Containerfile")))
    named |= set(re.findall(r"^([A-Z_]+)=", text("compose/example.env"), re.M))
    for service in compose()["services"].values():
        named |= set(service.get("environment", {}))
    for path in UNITS:
        for line in re.findall(r"^Environment=(.+)", path.read_text(), re.M):
            named |= {word.partition("=")[0] for word in line.split()}
    for found in documents():
        named |= set(found.get("data", {}))
    named |= set(re.findall(r"--from-literal=([A-Z_]+)=", text("kubernetes/settings.yaml")))
    assert named - SETTINGS - FOREIGN == set()


def test_the_compose_file_and_its_example_name_the_same_variables() -> None:
    named = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE.read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", text("compose/example.env"), re.M))
    assert named - given == {"BACKUPS", "BACKUP_NAME"}
    assert given <= named


def test_ports_and_sizes_agree() -> None:
    assert f"EXPOSE {PORT}\n" in text("Containerfile")
    assert f"WEB_PORT={PORT}\n" in text("Containerfile")
    assert set(re.findall(r"server \S+:(\d+)", text("nginx.conf"))) == {str(PORT)}
    assert compose()["services"]["caddy"]["environment"]["SERVERS"] == f"web:{PORT}"
    by_kind = {
        (found["kind"], found["metadata"].get("name")): found for found in documents() if "metadata" in found
    }
    assert [port["port"] for port in by_kind["Service", "web"]["spec"]["ports"]] == [PORT]
    assert dict(pods())["web"]["containers"][0]["ports"][0]["containerPort"] == PORT
    assert by_kind["NetworkPolicy", "web"]["spec"]["ingress"][0]["ports"][0]["port"] == PORT
    assert f"max_size {BODY_MB}MB" in text("Caddyfile")
    assert f"client_max_body_size {BODY_MB}m;" in text("nginx.conf")
    annotations = by_kind["Ingress", "web"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/proxy-body-size"] == f"{BODY_MB}m"
    (image,) = yaml.safe_load(text("kubernetes/kustomization.yaml"))["images"]
    assert image["newTag"] == version()


def test_sessions_stay_and_workers_have_the_time_they_need() -> None:
    assert f"$cookie_{SESSION_COOKIE} " in text("nginx.conf")
    assert dict(pods())["worker"]["terminationGracePeriodSeconds"] > _DRAIN_S
    assert int(compose()["services"]["worker"]["stop_grace_period"].removesuffix("s")) > _DRAIN_S
    for unit in ("prospectpro", "prospectpro-worker@"):
        (stop,) = re.findall(r"TimeoutStopSec=(\d+)", text(f"systemd/{unit}.service"))
        assert int(stop) > _DRAIN_S


def test_nothing_runs_with_more_power_than_it_needs() -> None:
    for name, pod in pods():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"], name
        assert not pod["automountServiceAccountToken"], name
        assert container["securityContext"]["readOnlyRootFilesystem"], name
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
    assert re.search(r"^USER (?!0|root)", text("Containerfile"), re.M)
    for service in compose()["services"].values():
        if "build" in service:
            assert service["read_only"]
    # Who neither prepares nor restores does not get the owner's password.
    services = compose()["services"]
    holders = {name for name, each in services.items() if "OWNER_PASSWORD" in str(each.get("environment"))}
    assert holders == {"postgres", "prepare"}


def test_the_roles_are_made_as_the_documents_make_them() -> None:
    (documented,) = re.findall(r"```sql\n(.+?)```", (ROOT / "docs/own-servers.md").read_text(), re.DOTALL)
    (written,) = re.findall(r"<<'SQL'\n(.+?)^SQL$", text("compose/postgres-init.sh"), re.DOTALL | re.M)
    secret = re.compile(r"password (:?'[^']+')")
    wanted = [secret.sub("password …", line.strip()) for line in documented.strip().splitlines()]
    assert [secret.sub("password …", line) for line in written.splitlines()] == wanted


def test_the_application_starts_from_what_the_image_gets(tmp_path: Path) -> None:
    copied = [words.split() for words in re.findall(r"^COPY (?!--from)(.+)$", text("Containerfile"), re.M)]
    names = {name for *sources, _ in copied for name in sources} - {"requirements.lock"}
    assert {*OURS, "migrations", "data"} <= {name.removesuffix(".py") for name in names}
    kept = set(re.findall(r"^!(.+)$", (ROOT / ".containerignore").read_text(), re.M))
    assert kept == names | {"requirements.lock"}
    for name in names:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, tmp_path / name)
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, "No database is known" in done.stderr) == (1, True), done
    assert version() in done.stdout


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_there_is(path: Path) -> None:
    unit = path.read_text()
    for line in re.findall(r"^ExecStart=(.+)$", unit, re.M):
        assert "WorkingDirectory=/opt/prospectpro\n" in unit
        assert ".venv/bin/python manage.py " in line
    if path.suffix == ".timer":
        assert path.with_suffix(".service").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({}, "Say which name people will use"),
        ({"SITE": "https://leads.example.com"}, "SITE is a name alone"),
        ({"SITE": "leads.example.com;reboot"}, "SITE is a name alone"),
        ({"SITE": "leads.example.com", "WORKERS": "many"}, "WORKERS is a number"),
        ({"SITE": "leads.example.com", "CADDY": "maybe"}, "CADDY is yes or no"),
    ],
    ids=["no name", "an address", "more than a name", "workers", "caddy"],
)
def test_the_installer_refuses_before_it_changes_anything(words: dict[str, str], sentence: str) -> None:
    done = subprocess.run(
        ["sh", "deploy/install.sh"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **words},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert sentence in done.stderr


def judges(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The tools that are installed here and judge such files, and how; they may write to ``folder``."""
    if found := shutil.which("systemd-analyze"):
        for path in UNITS:
            (folder / path.name).write_text(path.read_text().replace("/opt/prospectpro", str(ROOT)))
        yield "systemd", [found, "verify", *(str(folder / path.name) for path in UNITS)]
    yield "shell", [str(Path(sys.executable).with_name("shellcheck")), *map(str, DEPLOY.rglob("*.sh"))]
    if found := shutil.which("kubectl"):
        yield "kubernetes", [found, "kustomize", str(DEPLOY / "kubernetes")]
    if found := shutil.which("nginx"):
        # Without the certificate and the log, which are the reader's.
        site = re.sub(r"^ *(ssl_cert|access_log).*\n", "", text("nginx.conf"), flags=re.M)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = " ".join(["access_log off;", *(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)])
        whole = f"pid {folder}/pid; events {{}} http {{\n{places}\n{site.replace('443 ssl', '443')}}}\n"
        (folder / "nginx.conf").write_text(whole)
        yield "nginx", [found, "-t", "-q", "-e", "stderr", "-c", str(folder / "nginx.conf")]
    if found := shutil.which("caddy"):
        yield "caddy", [found, "adapt", "--validate", "--config", str(DEPLOY / "Caddyfile")]


def test_the_tools_that_are_here_take_the_files(tmp_path: Path) -> None:
    """Where one is missing, the other tests are all there is."""
    site = {"SITE": "prospectpro.example.com", "SERVERS": "127.0.0.1:8501", "PLACE_SECRET": "secret"}
    for name, argv in judges(tmp_path):
        environment = {**os.environ, **site, "HOME": str(tmp_path)}
        done = subprocess.run(argv, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        assert name not in ("systemd", "nginx") or not done.stderr.strip(), (name, done.stderr)
