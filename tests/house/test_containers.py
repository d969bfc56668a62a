"""The image and the compose file, as far as they can be checked without a container engine."""

import pathlib
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml


@pytest.fixture(scope="module")
def compose(root: pathlib.Path) -> dict[str, Any]:
    """compose.yaml, read."""
    read: dict[str, Any] = yaml.safe_load((root / "compose.yaml").read_text("utf-8"))
    return read


def test_hadolint_has_nothing_to_say(root: pathlib.Path) -> None:
    hadolint = pathlib.Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, "Dockerfile"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_is_locked_and_not_root(root: pathlib.Path) -> None:
    text = (root / "Dockerfile").read_text("utf-8")
    assert "--require-hashes --requirement requirements.lock" in text
    final = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", final, re.MULTILINE)
    assert "pip install" not in final
    assert "/healthz" in final
    assert len(re.findall(r"^FROM \S+:\d\S+", text, re.MULTILINE)) == text.count("\nFROM ")


def test_what_is_copied_exists_and_is_let_in(root: pathlib.Path) -> None:
    let_in = {line[1:] for line in (root / ".dockerignore").read_text("utf-8").split() if line[0] == "!"}
    copied = set()
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", (root / "Dockerfile").read_text("utf-8"), re.MULTILINE):
        copied |= set(sources.split())
    assert copied == let_in
    assert [name for name in sorted(copied) if not (root / name).exists()] == []


def test_compose_is_read_only_and_waits_for_the_database(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"folkmoot", "migrate", "postgres"}
    assert all(service["read_only"] for service in services.values())
    assert services["postgres"]["healthcheck"]["test"][0] == "CMD"
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["folkmoot"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    used = {mount.partition(":")[0] for service in services.values() for mount in service["volumes"]}
    assert used == set(compose["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in services["folkmoot"]["ports"])


def test_compose_asks_for_what_the_example_names(root: pathlib.Path) -> None:
    asked = set(re.findall(r"\$\{(\w+)", (root / "compose.yaml").read_text("utf-8")))
    named = set(re.findall(r"^#?(\w+)=", (root / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert asked <= named
    for setting in (
        "DATABASE_URL",
        "PUBLIC_URL",
        "FOLKMOOT_SECRET_KEY",
        "SLACK_SIGNING_SECRET",
        "TEAMS_APP_ID",
    ):
        assert setting in named
