"""Nothing in the tree may point to one machine or one registry: who installs it may use another."""

import pathlib
import re
import subprocess

import pytest

# Put together here, so that this file doesn't name what it looks for.
REGISTRIES = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js", "deb.debian" + ".org"]
PLACES = ["/" + "work/", "/" + "opt/pypi", "/" + "opt/wheels", "." + "./shared/", "/root" + "/."]
FORBIDDEN = re.compile("|".join(re.escape(each) for each in REGISTRIES + PLACES), re.IGNORECASE)
LINKS = re.compile(r"https?://" + re.escape(REGISTRIES[0]) + r"/project/[\w.-]+/?", re.IGNORECASE)


def offences(text: str) -> list[str]:
    """What a text may not say; a link that a person reads (a project's page) is no registry."""
    return FORBIDDEN.findall(LINKS.sub("", text))


def kept_files(root: pathlib.Path) -> list[pathlib.Path]:
    """What git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("this is no git checkout, or git is missing: " + done.stderr.strip())
    return [root / name for name in done.stdout.split("\0") if name and (root / name).is_file()]


def test_no_file_names_a_registry_or_a_machine(root: pathlib.Path) -> None:
    files = kept_files(root)
    assert root / "pyproject.toml" in files
    found = {str(path.relative_to(root)): offences(path.read_text("utf-8", errors="replace")) for path in files}
    assert {path: said for path, said in found.items() if said} == {}


def test_no_secret_or_database_is_kept(root: pathlib.Path) -> None:
    suffixes = {".db", ".sqlite", ".pem", ".key", ".log"}
    found = [path.name for path in kept_files(root) if path.suffix in suffixes or path.name == ".env"]
    assert found == []


def test_an_offence_is_found() -> None:
    assert offences(f"--index-url https://{REGISTRIES[0].upper()}/simple") != []
    assert offences(f"see {PLACES[0]}main") != []
    assert offences(f"[blockkit](https://{REGISTRIES[0]}/project/blockkit/)") == []
