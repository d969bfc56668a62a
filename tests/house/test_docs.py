"""The documents tell the truth: their links, paths, names, commands, settings and examples exist."""

import ast
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest

from bot import reference
from bot.settings import Settings
from core.catalog import COMMANDS
from core.errors import Refused
from core.exchange import read_board

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
TOP = ("adapters", "bot", "core", "docs", "examples", "migrations", "tests", ".ci")
PATH = re.compile(rf"(?:{'|'.join(map(re.escape, TOP))})/[\w./-]*")
NAME = re.compile(r"_?[A-Za-z]\w*(?:\.\w+)*")


def pages(root: pathlib.Path) -> list[pathlib.Path]:
    """Every document that people read."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(page: pathlib.Path, text: str) -> list[str]:
    """Relative links of a page that lead nowhere."""
    found = []
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text("utf-8") if path else text)):
            found.append(target)
    return found


def missing_paths(root: pathlib.Path, text: str) -> list[str]:
    """Paths of the project in backticks that are not there."""
    said = [path for code in CODE.findall(FENCE.sub("", text)) for path in PATH.findall(code)]
    return sorted({path for path in said if not (root / path).exists()})


def known_names(root: pathlib.Path) -> set[str]:
    """What the code defines: modules, classes, functions, attributes and constants, the latter also as Class.name."""
    known: set[str] = set()
    for folder in ("adapters", "bot", "core"):
        for path in (root / folder).rglob("*.py"):
            known.update((path.stem, path.name, path.parent.name))
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                known |= _defined(node)
    return known


def _defined(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ClassDef):
        names = set().union(*map(_defined, node.body)) if node.body else set()
        return {node.name, *(f"{node.name}.{name}" for name in names)}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name, *(each.arg for each in (*node.args.args, *node.args.kwonlyargs))}
    if isinstance(node, ast.AnnAssign | ast.Assign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {each.id for each in targets if isinstance(each, ast.Name)}
    return set()


def unknown_names(text: str, known: set[str]) -> list[str]:
    """Names in backticks that look like ours (CamelCase, snake_case, a call, Class.method) and are not in the code."""
    found = set()
    for code in CODE.findall(FENCE.sub("", text)):
        name = code.partition("(")[0]
        called = "(" in code and " " not in name
        if not NAME.fullmatch(name) or name.isupper() or PATH.match(name) or name.endswith((".py", ".md", ".toml")):
            continue
        ours = called or "_" in name.strip("_") or re.search(r"[a-z][A-Z]|^[A-Z][a-z]+(\.|$)", name)
        if ours and name not in known:
            found.add(name)
    return sorted(found)


def test_every_link_leads_somewhere(root: pathlib.Path) -> None:
    found = {str(page.relative_to(root)): broken_links(page, page.read_text("utf-8")) for page in pages(root)}
    assert len(found) > 20
    assert {page: links for page, links in found.items() if links} == {}


def test_every_path_that_is_named_exists(root: pathlib.Path) -> None:
    found = {str(page.relative_to(root)): missing_paths(root, page.read_text("utf-8")) for page in pages(root)}
    assert {page: paths for page, paths in found.items() if paths} == {}


def test_every_name_in_the_architecture_is_in_the_code(root: pathlib.Path) -> None:
    libraries = {
        "assert_never",
        "CloudAdapterBase",
        "SecretStr",
        "os.environ",
        "unittest.mock",
        "process_before_response",
    }
    known = known_names(root) | libraries
    documents = [root / "docs/architecture.md", *sorted((root / "docs/decisions").glob("0*.md"))]
    found = {page.name: unknown_names(page.read_text("utf-8"), known) for page in documents}
    assert {page: names for page, names in found.items() if names} == {}


def test_the_command_reference_is_fresh() -> None:
    written = {name: (reference.DOCS / name).read_text("utf-8") for name in ("commands.md", "policy.md")}
    assert written == {"commands.md": reference.page(COMMANDS), "policy.md": reference.policy(COMMANDS)}


def test_a_stale_command_reference_is_told_in_one_sentence(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "DOCS", tmp_path / "docs")
    assert reference.main(["--check"]) == 1
    assert capsys.readouterr().err == "".join(map(reference.STALE.format, ("commands.md", "policy.md")))
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    (tmp_path / "docs" / "commands.md").write_text("old", "utf-8")
    assert reference.main(["--check"]) == 1
    assert reference.main(["--chekc"]) == 2


def test_every_command_is_in_the_reference(root: pathlib.Path) -> None:
    text = (root / "docs/commands.md").read_text("utf-8")
    assert [each.name for each in COMMANDS if each.word and f"\n### {each.word}\n" not in text] == []
    assert [each.name for each in COMMANDS if not each.word and f"| {each.title} |" not in text] == []


def test_what_the_readme_tells_to_make_can_be_made(root: pathlib.Path) -> None:
    said = set(re.findall(r"\bmake ([a-z]+)", "".join(FENCE.findall((root / "README.md").read_text("utf-8")))))
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= said <= targets


def test_every_setting_is_explained(root: pathlib.Path) -> None:
    manual = (root / "docs/operating.md").read_text("utf-8")
    example = (root / ".env.example").read_text("utf-8")
    names = [name.upper() for name in Settings.model_fields]
    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in manual] == []
    assert [name for name in names if not re.search(rf"^#?{name}=", example, re.MULTILINE)] == []


def test_no_setting_is_explained_that_does_not_exist(root: pathlib.Path) -> None:
    names = {name.upper() for name in Settings.model_fields} | {"POSTGRES_PASSWORD"}
    example = (root / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, re.MULTILINE)) - names == set()


def test_every_subcommand_that_is_told_of_exists(root: pathlib.Path) -> None:
    text = "".join(page.read_text("utf-8") for page in pages(root))
    said = set(re.findall(r"`(?:venv/bin/)?folkmoot ([a-z]+)", text))
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "--help"], cwd=root, capture_output=True, text=True, check=True
    )
    offered = set(re.findall(r"^  ([a-z]+)  ", done.stdout, re.MULTILINE))
    assert said and said - offered == set()
    manual = (root / "docs/operating.md").read_text("utf-8")
    assert [name for name in sorted(offered) if f"`folkmoot {name}" not in manual] == []


def test_the_readmes_partnership_file_can_be_imported(root: pathlib.Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    [block] = re.findall(r"^ *```toml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    assert tomllib.loads(block)
    board = read_board(block.encode(), "README.md")
    assert board.organisations and board.members and board.themes and board.agreements
    with pytest.raises(Refused):
        read_board(block.replace("closes =", "close =").encode(), "README.md")


def test_a_link_that_leads_nowhere_is_found(tmp_path: pathlib.Path) -> None:
    page = tmp_path / "a.md"
    text = "# A b\n[x](a.md) [y](b.md) [z](#a-b) [q](#c) [w](https://example.org/b.md)\n```\n[n](no.md)\n```\n"
    page.write_text(text, "utf-8")
    assert broken_links(page, text) == ["b.md", "#c"]


def test_a_path_or_name_that_is_not_there_is_found(root: pathlib.Path) -> None:
    assert missing_paths(root, "`core/cards.py` and `core/nothing.py`, `docs/`") == ["core/nothing.py"]
    known = known_names(root)
    assert unknown_names("`Dispatch.handle`, `Dispatch.grip`, `draw_life`, `new_ref(kind)`, `word`", known) == [
        "Dispatch.grip",
        "draw_life",
    ]
