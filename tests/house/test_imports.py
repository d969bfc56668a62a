"""Who may import whom: the contracts stand in pyproject.toml."""

import pathlib
import subprocess
import sys


def lint(folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder."""
    command = [str(pathlib.Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_contracts_are_kept(root: pathlib.Path) -> None:
    result = lint(root)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_broken_contract_is_found(root: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "pyproject.toml").write_text((root / "pyproject.toml").read_text("utf-8"), "utf-8")
    files = {
        "bot/__init__.py": "",
        "adapters/__init__.py": "",
        "adapters/slack/__init__.py": "import core.requests\nimport core.db\nimport sqlalchemy\n",
        "adapters/teams/__init__.py": "import adapters.slack\n",
        "core/__init__.py": "",
        "core/cards.py": "import slack_sdk\n",
        "core/commands.py": "",
        "core/db.py": "import core.commands\n",
        "core/errors.py": "import bot\n",
        "core/requests.py": "",
        "core/unheard_of.py": "",
    }
    # Every layer that the contract names must be there; an empty file will do.
    present = {f"core/{file.name}": "" for file in (root / "core").glob("*.py")}
    for name, text in {**present, **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    result = lint(tmp_path)
    assert result.returncode == 1
    said = result.stdout
    for line in (
        "bot knows everything, adapters know core, core knows neither BROKEN",
        "no adapter knows another BROKEN",
        "core speaks to no platform, web framework or scheduler BROKEN",
        "adapters see of core only cards, documents, requests and errors BROKEN",
        "adapters never speak to the database or the scheduler BROKEN",
        "inside core: machinery above features, features above the vocabulary BROKEN",
        "core.unheard_of",
    ):
        assert line in said, said
    assert "adapters.slack -> core.requests" not in said
